// A button in each head sorts its table on screen; without this the page is whole all the same.
const page = document.documentElement;
const words = new Intl.Collator(page.lang + "-u-kn");
const amount = /^[×≈<>≤≥€+−-]*\s?(\d[\d\s.,]*)\s?[%€×]?(\s?[([].*)?$/;
const dated = /(19|20)\d\d\b.*[a-zõäöü]|[a-zõäöü].*\b(19|20)\d\d|\d\d\d\d-\d\d/i;
const waysOn = new Map([[null, "ascending"], ["ascending", "descending"]]);

// A number at the beginning of a cell as the page's language writes it, null for words and marks.
const bare = text => page.lang === "en" ? text.replace(/[\s,]/g, "") : text.replace(/[\s.]/g, "").replace(",", ".");
const sign = text => /^[^\d(]*[−-]/.test(text) ? -1 : 1;
const number = text => amount.test(text) ? sign(text) * bare(amount.exec(text)[1]) : null;

// What the cells of a column are sorted by; null where an order would tell nothing or something wrong.
const said = at => row => row.cells[at].textContent.trim();
const many = found => found.filter(key => key !== null).length;
const keys = (texts, numbers = texts.map(number)) =>
  new Set(texts).size === 1 || texts.some(text => dated.test(text) && number(text) === null) ? null
    : 2 * many(numbers) > texts.filter(text => /[\da-zõäöü]/i.test(text)).length ? numbers : texts;
const order = (a, b, way) =>
  a === null || b === null ? (a === null) - (b === null)
    : way * (typeof a === "string" ? words.compare(a, b) : a - b);

// Up, down, as it was written.
const show = (head, rows, found, way) => [
  [...head.parentNode.cells].forEach(other => other.removeAttribute("aria-sort")),
  way && head.setAttribute("aria-sort", way),
  rows[0].parentNode.append(...(way ? sorted(rows, found, way === "ascending" ? 1 : -1) : rows)),
  [...rows[0].parentNode.rows].forEach(group),
];
// Rows that begin with the same words are one group, said once in full.
const group = (row, at, all) =>
  row.classList.toggle("again", at > 0 && row.cells[0].matches(".left") && said(0)(row) === said(0)(all[at - 1]));
const sorted = (rows, found, way) =>
  rows.map((row, at) => [row, found[at]]).sort((a, b) => order(a[1], b[1], way)).map(pair => pair[0]);
const turn = (head, rows, found) => show(head, rows, found, waysOn.get(head.getAttribute("aria-sort")));

const add = (head, rows, found, button = document.createElement("button")) => [
  button.setAttribute("type", "button"),
  button.classList.add("sort"),
  button.append(...head.childNodes),
  head.append(button),
  button.addEventListener("click", () => turn(head, rows, found)),
];
const offer = (head, rows, at, found = keys(rows.map(said(at)))) => found && add(head, rows, found);
const whole = (rows, heads) => rows.length > 2 && rows.every(r => r.cells.length === heads.length && said(0)(r));
const heads = table => [...table.tHead.rows[0].cells];
const rows = table => [...table.tBodies[0].rows];
// Groups stay as they are: their heads belong to the rows below them.

for (const table of document.querySelectorAll("main table"))
  if (table.tBodies.length === 1 && whole(rows(table), heads(table)))
    heads(table).forEach((head, at) => head.matches("th") && offer(head, rows(table), at));
