// Elements made by hand: text always through textContent, so that nothing an account wrote is ever read as markup.

/** Return a new element. attributes: names and values; children: elements, strings or nothing. */
export function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "onclick") made.addEventListener("click", value);
    else if (value !== null && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  append(made, children);
  return made;
}

/** Append elements and strings; nothing where there is nothing. */
export function append(parent, children) {
  for (const child of children.flat()) if (child !== null && child !== undefined && child !== "") parent.append(child);
}

/** Return what an account wrote, set apart from the direction of the text around it. */
export const wrote = (text, name = "") => {
  const made = el("bdi", name ? { class: name } : {});
  made.textContent = text;
  return made;
};

/** Return a phrase of the page with {names} filled in. Values become text, never markup. */
export const fill = (phrase, values) => phrase.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));

/** Return a whole number with thousands set apart, as the page writes it. */
export const number = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, ",");

/** Return a count with its noun, of a phrase for one and a phrase for several. */
export const many = (n, phrases) => fill(phrases[n === 1 ? 0 : 1], { n: number(n) });

/** Return a function that calls `action` once, when it has not been called for `ms` milliseconds; its cancel() calls off. */
export function later(action, ms) {
  let timer = 0;
  const call = () => {
    clearTimeout(timer);
    timer = setTimeout(action, ms);
  };
  call.cancel = () => clearTimeout(timer);
  return call;
}
