// What the page does beyond being read: the map opens on request, the table of evidence sorts and filters.

import { unpack } from "./data.js";
import { offer } from "./explorer.js";
import { enhance } from "./table.js";

const island = document.getElementById("explore-data");
if (island) {
  const data = unpack(island.textContent);
  const map = document.getElementById("explore");
  const evidence = document.getElementById("evidence");
  if (map) offer(data, map);
  if (evidence) enhance(data, evidence);
}
