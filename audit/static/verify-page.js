// The page around the check: takes the files, shows how far it is, then the verdict, the facts and what happened.
// Whatever comes from a pack is put on the page as text, never as markup.

import { keysIn, mistakeIn } from "./verify-known.js";
import { dropLetters, startLetters } from "./verify-letterform.js";
import { verifyPack } from "./verify-pack.js";
import { complain, find, make, showFacts, showPanel } from "./verify-show.js";
import { ANNOUNCED, LIMITS, UNCHECKED, factLines, notChecked, otherVerifier } from "./verify-verdict.js";

const PAGE = 10; // entries of the timeline at a time
const HEADLINES = { fails: "This pack does not hold", unreadable: "This can’t be checked" };
const NO_SIGNATURES = "The seal was not checked: this browser can’t check signatures. Use a current browser, or vouch_verify.py.";
const NAMELESS = { erased: "somebody whose name was erased", withheld: "somebody whose name is withheld" };
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
  startLetters();
}

function dragged(event, name) {
  if (dropLetters(event, name)) return;
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
  const keys = keysIn(find("keys").value), mistyped = mistakeIn(keys);
  complain("pack", pack ? "" : "Choose the pack to check");
  complain("keys", mistyped && `Check the key: ${mistyped}`);
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
  return { status: "unreadable", what: `The check itself went wrong, which says nothing about the pack: ${error.message}`, facts: null, warnings: [], rows: [] };
}

function show({ status, what, facts, warnings, rows }, name) {
  const { look, headline, limit } = facts ? announced(facts) : { look: status, headline: HEADLINES[status], limit: "" };
  const said = [what, limit, ...notChecked(facts), ...[...warnings, facts && otherVerifier(facts, form.dataset.verifiers.split(" "))].filter(Boolean).map((text) => `Warning: ${text}`)];
  details.replaceChildren(...(facts ? showFacts(factLines(facts)) : []), ...timelinePart(rows, facts?.opened));
  showPanel(verdictPlace, { look, headline, said, name });
}

/** A pack that holds is green by a key that is known only: by words, by a sign and by colour. */
function announced({ trust, copy }) {
  if (trust === UNCHECKED) return { look: "unproven", headline: "This pack holds, but its seal was not checked", limit: NO_SIGNATURES };
  return { look: copy === "known" ? "holds" : "unproven", headline: `This pack ${ANNOUNCED[copy]}`, limit: LIMITS[copy] };
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
