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

// How the page's language writes; told once, when the data are read.
let language = { code: "en", thousands: ",", decimal: ".", date: "$1-$2-$3" };
let plural = new Intl.PluralRules("en");

/** Write as this language does from now on. */
export function speak(told) {
  language = told;
  plural = new Intl.PluralRules(told.code);
}

/** Return a whole number with thousands set apart, as the page writes it. */
export const number = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, language.thousands);

/** Return a number with so many decimals, as the page writes it. */
export const fixed = (n, digits) => n.toFixed(digits).replace(".", language.decimal);

/** Return a time, given as 2024-03-04 09:05, as the page writes times. */
export const written = (at) => at.replace(/(\d{4})-(\d\d)-(\d\d)/g, language.date);

/** Return a count with its noun: phrases hold a wording for each plural of the page's language. */
export const many = (n, phrases) => fill(phrases[plural.select(n)] ?? phrases.other, { n: number(n) });

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
