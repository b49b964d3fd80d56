// The second form of the page: letters with seals, pasted, typed or as files, held against each other.

import { keysIn, mistakeIn } from "./verify-known.js";
import { LETTER_HEADLINES, LETTER_LIMITS, compareLetters, letterLines } from "./verify-letters.js";
import { complain, find, showFacts, showPanel } from "./verify-show.js";

const TYPED = ["letter-one", "letter-two"], FILES = "letter-files", OF_LETTERS = "letter-keys";

/** Shows the form, and answers it. */
export function startLetters() {
  find("letters").hidden = false;
  find("check-letters").addEventListener("submit", (event) => {
    event.preventDefault();
    checkLetters();
  });
}

/** Takes files that are let go over the form; says whether they were. @param {DragEvent} event @param {string} name */
export function dropLetters(event, name) {
  if (!event.target.closest?.("#letters") || !event.dataTransfer.types.includes("Files")) return false;
  event.preventDefault();
  if (name === "drop" && event.dataTransfer.files.length) find(FILES).files = event.dataTransfer.files;
  return true;
}

let newest = 0;

/** Holds what the form has against each other; a check that was started later takes the place of this one. */
async function checkLetters() {
  const typed = TYPED.map((id) => find(id).value).filter((text) => text.trim()).map((text) => new Blob([text]));
  const letters = [...typed, ...find(FILES).files], keys = keysIn(find(OF_LETTERS).value), mistyped = mistakeIn(keys);
  complain(TYPED[0], letters.length > 1 ? "" : "Give two letters");
  complain(OF_LETTERS, mistyped && `Check the key: ${mistyped}`);
  if (letters.length < 2 || mistyped) return;
  const mine = ++newest;
  const { status, what, facts } = await compareLetters(letters, keys).catch(brokenCheck);
  if (mine !== newest) return;
  find("letters-details").replaceChildren(...(facts ? showFacts(letterLines(facts)) : []));
  const look = !facts ? status : facts.copy === "known" ? "holds" : "unproven";
  showPanel(find("letters-verdict"), { look, headline: LETTER_HEADLINES[facts?.copy ?? status], said: [what, LETTER_LIMITS[facts?.copy]], name: "" });
}

/** What is said when the fault is not the letters': a browser of another kind, or a slip of ours. */
function brokenCheck(error) {
  return { status: "unreadable", what: `The check itself went wrong, which says nothing about the letters: ${error.message}`, facts: null };
}
