// The page around the check: takes the files, shows how far it is, then the verdict, the facts and what happened.
// Whatever comes from a pack is put on the page as text, never as markup.

import { VerificationError, parseKey } from "./verify-note.js";
import { verifyPack } from "./verify-pack.js";
import { UNCHECKED, factLines } from "./verify-verdict.js";

const PAGE = 10; // entries of the timeline at a time
const ICONS = {
  holds: "M7 16.5 13.5 23 25 9.5",
  fails: "M9 9 23 23M23 9 9 23",
  unreadable: "M16 7V18M16 23.5V24",
};
const HEADLINES = { holds: "This pack holds", fails: "This pack does not hold", unreadable: "This can’t be checked" };
// What a pack that holds still leaves open, by whose key was trusted.
const LIMITS = {
  given: [],
  "self-asserted": ["The key that checked the seal came with the pack itself. Ask for the school’s key in another way, and check again with it."],
  unsealed: ["No independent copy: the trail was not sealed, so this pack can’t show that the record was not made anew from its first entry."],
  unchecked: ["The seal was not checked: this browser can’t check signatures. Use a current browser, or vouch_verify.py."],
};
const NAMELESS = { erased: "somebody whose name was erased", withheld: "somebody whose name is withheld" };
const find = (id) => document.getElementById(id);
const form = find("check"), drop = find("drop"), verdictPlace = find("verdict"), details = find("details");

start();

/** Shows the form, unless this browser is too old to unpack a zip: what to do then stands there already. */
function start() {
  try {
    new DecompressionStream("deflate-raw");
  } catch {
    return;
  }
  form.hidden = false;
  find("no-script").hidden = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    check();
  });
  // Wherever on the page a file is let go: missing the field must not make the browser open the file instead.
  for (const name of ["dragover", "drop", "dragleave"]) document.addEventListener(name, (event) => dragged(event, name));
}

function dragged(event, name) {
  drop.classList.toggle("vouch-drop--over", name === "dragover");
  if (name === "dragleave" || !event.dataTransfer.types.includes("Files") || event.target.id === "earlier") return;
  event.preventDefault();
  if (name !== "drop" || !event.dataTransfer.files.length) return;
  find("pack").files = event.dataTransfer.files;
  check();
}

let latest = 0;

/** Checks what the form holds; a check that was started later takes the place of this one. */
async function check() {
  const pack = find("pack").files[0], since = find("earlier").files[0];
  const keys = find("keys").value.split(/\s+/).filter(Boolean);
  const mistyped = mistakeIn(keys);
  complain("pack", pack ? "" : "Choose the pack to check");
  complain("keys", mistyped);
  if (!pack || mistyped) return;
  const mine = ++latest;
  verdictPlace.replaceChildren();
  details.replaceChildren();
  find("progress-name").textContent = pack.name;
  find("progress").hidden = false;
  find("bar").value = 0;
  const onProgress = (share) => mine === latest && (find("bar").value = 100 * share);
  const verdict = await verifyPack(pack, { keys, since, onProgress }).catch(mishap);
  if (mine !== latest) return;
  find("progress").hidden = true;
  show(verdict, pack.name);
}

/** What is said when the fault is not the pack's: a browser of another kind, or a slip of ours. */
function mishap(error) {
  return { status: "unreadable", what: `The check itself went wrong, which says nothing about the pack: ${error.message}`, facts: null, rows: [] };
}

/** Why the keys can't be used; "" when they can. */
function mistakeIn(keys) {
  try {
    keys.forEach(parseKey);
    return "";
  } catch (error) {
    if (error instanceof VerificationError) return `Check the key: ${error.message}`;
    throw error;
  }
}

/** Shows a mistake at its question, as GOV.UK does; "" takes it away. */
function complain(id, sentence) {
  const place = find(`${id}-error`);
  place.hidden = !sentence;
  place.replaceChildren(make("span", "govuk-visually-hidden", "Error: "), sentence);
  place.parentElement.classList.toggle("govuk-form-group--error", Boolean(sentence));
  if (!sentence) return;
  place.closest("details")?.setAttribute("open", "");
  find(id).focus();
}

function show({ status, what, facts, rows }, name) {
  const look = facts?.trust === UNCHECKED ? "unreadable" : status;
  const panel = make("div", `vouch-verdict vouch-verdict--${look}`), heading = make("h2", "vouch-verdict__title");
  heading.append(icon(look), make("span", "", HEADLINES[status]));
  panel.append(heading, ...[what, ...(facts ? LIMITS[facts.trust] : [])].map((text) => make("p", "govuk-body", text)));
  panel.append(make("p", "govuk-body vouch-quiet", name));
  verdictPlace.replaceChildren(panel);
  details.replaceChildren(...factsPart(facts), ...timelinePart(rows, facts?.opened));
  panel.scrollIntoView({ block: "nearest" });
}

/** A sign for each colour. */
function icon(status) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [name, value] of [["viewBox", "0 0 32 32"], ["class", "vouch-verdict__icon"], ["aria-hidden", "true"]]) {
    svg.setAttribute(name, value);
  }
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[status]);
  svg.append(path);
  return svg;
}

function factsPart(facts) {
  if (!facts) return [];
  const list = make("dl", "govuk-summary-list");
  for (const [key, ...values] of factLines(facts)) {
    const row = make("div", "govuk-summary-list__row");
    const value = make("dd", "govuk-summary-list__value");
    value.append(...values.map((text) => make("div", "", text)));
    row.append(make("dt", "govuk-summary-list__key", key), value);
    list.append(row);
  }
  return [make("h2", "govuk-heading-m", "What was checked"), list];
}

/** The opened entries, a page at a time. */
function timelinePart(rows, opened) {
  if (!rows.length) return [];
  const list = make("ol", "vouch-timeline"), nav = make("div", "govuk-button-group"), where = make("p", "govuk-body");
  const all = rows.length < opened ? `the first ${rows.length}` : rows.length;
  const turn = (first) => {
    const shown = rows.slice(first, first + PAGE);
    list.replaceChildren(...shown.map(item));
    where.textContent = `Entries ${first + 1} to ${first + shown.length} of ${all} that this pack opens`;
    nav.replaceChildren(
      ...(first > 0 ? [button("Earlier entries", () => go(first - PAGE))] : []),
      ...(first + PAGE < rows.length ? [button("Later entries", () => go(first + PAGE))] : []),
    );
  };
  const go = (first) => {
    turn(first);
    where.focus();
  };
  where.tabIndex = -1; // takes the focus of the button that a turn of the page removes
  turn(0);
  return [make("h2", "govuk-heading-m", "What happened"), where, list, nav];
}

function item(row) {
  const place = make("li", "vouch-timeline__item");
  const happened = row.happened && ` · happened ${row.happened}`;
  place.append(
    make("h3", "vouch-timeline__title", row.about ? `${inWords(row.what)}: ${row.about}` : inWords(row.what)),
    make("p", "vouch-timeline__byline", ` by ${NAMELESS[row.who] ?? row.who}`),
    make("p", "vouch-timeline__date", `Recorded ${row.recorded.replace("T", " ").replace("Z", " UTC")}${happened} · entry ${row.entry}`),
  );
  const details = [["Before", row.old], ["Now", row.new], ["Reason", row.reason], ["Evidence", row.evidence]].filter(([, text]) => text);
  const changes = make("dl", "vouch-timeline__description vouch-changes");
  for (const [key, text] of details) {
    const line = make("div", "vouch-changes__row");
    line.append(make("dt", "", key), make("dd", "", text));
    changes.append(line);
  }
  if (details.length) place.append(changes);
  return place;
}

/** "review.written" as people read it: the file names events, and only Vouch itself has sentences for them. */
function inWords(what) {
  const words = what.replaceAll(/[._]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function button(text, action) {
  const made = make("button", "govuk-button govuk-button--secondary", text);
  made.type = "button";
  made.addEventListener("click", action);
  return made;
}

function make(tag, classes, text = "") {
  const made = document.createElement(tag);
  if (classes) made.className = classes;
  made.textContent = text;
  return made;
}
