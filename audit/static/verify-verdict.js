// What a check of an audit pack can say, in the words of audit/verifier/verdict.py and words.py: the faults, the verdict and the facts.

const LONGEST_LINE = 700; // characters: a name of the longest allowed, and what is said about it
const MOST_STREAMS = 20; // shown one by one
const UNITS = [["day", 86_400_000_000], ["hour", 3_600_000_000], ["minute", 60_000_000], ["second", 1_000_000]]; // microseconds
// Controls, format characters, spaces but the plain one, surrogates, private use: by number, as Unicode's versions differ in more.
const UNSEEN = new RegExp(
  "[\\0-\\x1f\\x7f-\\xa0\\xad\\u0600-\\u0605\\u061c\\u06dd\\u070f\\u08e2\\u1680\\u180e\\u2000-\\u200f\\u2028-\\u202f" +
  "\\u205f-\\u206f\\u3000\\ud800-\\uf8ff\\ufeff\\ufff9-\\uffff\\u{e0000}-\\u{10ffff}]", "gu");

/** In the order in which they are looked for; docs/reference/pack-format.md tells when each is meant. */
export const FAULTS = {
  "line": "Line {line} of entries.jsonl is not in the form that lines have.",
  "header": "The header in line {line} of entries.jsonl is not in the form that headers have.",
  "surplus": "Entry {n} is more than the {size} entries that the pack says the trail had.",
  "order": "Entry {n} is there twice or out of order.",
  "missing": "Entry {n} is missing: entry {next} comes in its place.",
  "origin": "Entry {n} belongs to another trail: {origin}.",
  "sequence": "Entry {n} is number {found} of its stream, and number {due} was due: one is missing or out of order.",
  "scope": "Entry {n} is of a stream that is not in the pack's scope, and is shown all the same.",
  "mismatch": "Entry {n}: what is shown as its {field} is not what the entry committed to.",
  "event": "Entry {n} does not show what it is: its event is missing.",
  "opening": "Entry {n}: its {field} is not in the form that it should have.",
  "stream": "Entry {n} says that it is of the stream {stream}, and the pack says that its stream is {listed}.",
  "facts": "Entry {n} does not show what it did: its facts are missing.",
  "recovery": "Entry {n} should say how the trail went on after a backup was restored, and does not.",
  "whose": "Entry {n} should say whose trail it is, and does not.",
  "erased-here": "Entry {n}: its {field} was erased, and is shown all the same.",
  "changed": "Entry {n} is not in the trail whose root the pack gives: its header was changed.",
  "proof": "Entry {n} is not in the trail whose root the pack gives: the entry or its proof was changed.",
  "end": "The pack ends before entry {n}, and says that the trail had {size} entries.",
  "no-recovery": "Entry {n} should say how the trail went on after a backup was restored, and is not in the pack.",
  "stream-empty": "The pack says that {stream} is a stream of the trail, and no entry belongs to it.",
  "root": "The entries do not have the root that the pack gives: one was changed, added or left out.",
  "school": "The pack says that it is that of {school}, and its trail says that it is that of {name}.",
  "rotations": "The chain from one key to the next does not hold: {why}.",
  "unsealed": "You gave a key, and the pack has no seal to check with it.",
  "seal": "The seal does not hold: {why}.",
  "seal-head": "The seal is of another trail, another size or another root than the pack.",
  "origins": "The list of origins does not hold: {why}.",
  "since": "since.json does not prove that an earlier trail is the beginning of this one.",
  "earlier-seal": "The seal that was given as the earlier one does not hold: {why}.",
  "earlier-trail": "What was given as the earlier one is of another trail: {origin}. If both are of one school, ask why.",
  "earlier-lost": "The trail began anew with entry {n}: of the earlier one's {size} entries, some were lost or replaced.",
  "earlier-larger": "The earlier one has {size} entries, more than this pack: some were removed, or the two changed places.",
  "earlier-proof": "This extract can't be compared: its since.json is not about the earlier one's {size} entries.",
  "earlier-root": "The first {size} entries are not those of the earlier one: the trail was rewritten.",
  "leaves": "The list of leaf hashes was changed: it is not that of the entries.",
  "csv": "timeline.csv does not say what entry {n} says.",
  "csv-lines": "timeline.csv has a line that no entry gives.",
  "evidence": "{name} is not the file that its name says.",
  "evidence-unknown": "{name} is not attached to any entry that the pack shows.",
  "evidence-ending": "{name} does not end as a file of its kind does, by what its entry says that it is.",
  "files": "{name} is listed in the manifest and not in the pack, or the other way round.",
  "file": "{name} is not the file that the manifest lists.",
};
export const SEAL_WHYS = {
  form: "it, or a key to check it with, is not in the form that it should have",
  other: "it is not about the pack that it came with",
  signature: "a signature on it is false",
  unknown: "it is not signed by a key that is known here",
};
export const TRUST = {
  given: "checked with a key that you gave",
  "self-asserted": "self-asserted: the key came with the pack",
  unsealed: "not sealed",
};
/** By `trust`, whose the copy of the trail's head is: only a known key says that the pack is the school's. */
export const COPY = { given: "known", "self-asserted": "self-asserted", unsealed: "none" };
/** How a pack that holds is announced, and what that leaves open: by `copy`. */
export const ANNOUNCED = {
  known: "holds",
  "self-asserted": "holds, by a key that came with it",
  none: "holds, but has no seal",
};
export const LIMITS = {
  known: "",
  "self-asserted": "Whoever made the pack may have made the key that sealed it. Ask the school for its key, or have the fingerprint read out to you, and check again with that.",
  none: "The trail was not sealed, so this pack can't show that the record was not made anew from its first entry.",
};
/** What a verifier does not look at, where a pack or what was given beside it has some, in this order. */
export const LEFT_OPEN = {
  "timestamp": "Time stamp: not checked here.",
  "witnesses": "Witnesses: not checked here.",
  "earlier-seal": "Seal of the earlier one: not checked, as it has none by a key that is known here.",
};
const NO_TRAIL = "The stream trail is not in scope, so the pack would not say that its trail began anew. Ask why.";
const NO_ENTRY = "No entry is in scope: the pack proves nothing of what happened.";
const NO_EARLIER = "The earlier one has no entries: every trail continues it, and that proves nothing.";
const NUMBER_NAMES = { school: "URN", trust: "UID", operator: "number" };
export const GRADES = {
  complete: "complete: every entry of the trail is accounted for, and nothing was left out",
  extract: "extract: nothing was changed; it can't show that nothing came after its last entry",
};
const HOLDS = {
  complete: "The pack holds: these entries are unaltered, and none is missing.",
  extract: "The pack holds: these entries are unaltered. It is an extract.",
};
/** What a pack that holds amounts to. */
export function verdictSentence({ grade, recovered }) {
  const anew = recovered.length ? ` But the trail began anew with entry ${said(recovered.at(-1) + 1)}: read below.` : "";
  return HOLDS[grade] + anew;
}

/** What the verdict says nothing about, though it lies in the pack or was given beside it. @returns {string[]} */
export function notChecked(facts) {
  if (!facts) return [];
  const named = facts.not_checked.join(", ");
  const files = named ? [`Not checked: ${named}. Anybody could have written what they say.`] : [];
  return [...files, ...facts.left_open.map((what) => LEFT_OPEN[what])];
}

/** SHA-256 of verifiers that earlier versions published and put into packs. */
export const EARLIER_VERIFIERS = ["34e1ecc0f14560ae0bb792b1fd133414709f66465ff4747763d0fd70834983e7"]; // 0.1
export const OTHER_VERIFIER = "The pack brings a verifier of its own that differs from every one that is known here: it is of another version of Vouch, or forged. Use your own copy, and don't start that one.";
/** What to say of a verifier in the pack that is none of those whose SHA-256 is known here; "" where there is none such. @param {string[]} known */
export function otherVerifier({ verifier }, known) {
  return verifier === null || EARLIER_VERIFIERS.includes(verifier) || known.includes(verifier) ? "" : OTHER_VERIFIER;
}

/** Only a browser can find this: `trust` when it can't check signatures. */
export const UNCHECKED = "unchecked";

/** A check failed: `fault` is a key of FAULTS, `idx` the entry where there is one, `values` what the sentence needs. */
export class PackFault extends Error {
  constructor(fault, idx = null, values = {}) {
    super(fault);
    this.fault = fault;
    this.idx = idx;
    this.values = values;
  }

  sentence() {
    const values = { n: this.idx === null ? null : this.idx + 1, ...this.values };
    return FAULTS[this.fault].replaceAll(/\{([a-z]+)\}/g, (_, name) => printable(String(values[name])));
  }
}

/** At most a line of it, and nothing invisible: the text may come from a stranger. */
export function printable(text) {
  return [...text].slice(0, LONGEST_LINE).join("").replaceAll(UNSEEN, "\ufffd");
}

/**
 * The facts of a pack that holds, as [name, text, text…] for people.
 * @param {Record<string, any>} facts as in docs/reference/pack-format.md
 * @returns {string[][]}
 */
export function factLines(facts) {
  return linesOf(facts).map((texts) => texts.map(printable));
}

function linesOf(facts) {
  return [
    ["Whose trail", ...whose(facts)],
    ["Trail", `${facts.origin}, ${count(facts.size, "entry", "entries")}`, `Root ${facts.root}`],
    ["Grade", capital(GRADES[facts.grade])],
    ["Seal", ...seal(facts)],
    ["In scope", `${count(facts.in_scope, "entry", "entries")} of ${count(facts.streams.length, "stream", "streams")}`,
      ...facts.streams.slice(0, MOST_STREAMS).map(stream),
      ...(facts.streams.length > MOST_STREAMS ? [`and ${said(facts.streams.length - MOST_STREAMS)} more`] : [])],
    ...(facts.other_streams === null ? [] : [["Not shown",
      `${count(facts.other_entries, "entry", "entries")} of ${count(facts.other_streams, "other stream", "other streams")}`]]),
    ["Period", `From ${moment(facts.since) ?? "the beginning"} to ${moment(facts.until) ?? "the end"}`, period(facts)],
    ...(facts.held ? [["Times held", heldText(facts.held)]] : []),
    ["Values", `Withheld: ${said(facts.withheld)}; erased: ${said(facts.erased)}`],
    ...(facts.last_idx === null ? [] : [["Last entry in scope", said(facts.last_idx + 1)]]),
    ["Evidence", `${count(facts.evidence, "file", "files")} here, ${said(facts.evidence_not_here)} named and not here`],
    ...facts.recovered.map((idx) => ["Began anew", `With entry ${said(idx + 1)}: what had been sealed before it was lost, as when an older backup is restored, or replaced`,
      "Ask why, and compare with a seal from before"]),
    ...(facts.earlier_size === null ? [] : [["Continues the earlier one",
      `Its ${count(facts.earlier_size, "entry is", "entries are")} the first of these`]]),
  ];
}

/** What is proven of whose trail it is, apart from what the pack merely says. */
function whose(facts) {
  if (!facts.whose) return ["Not proven", `The pack says: ${facts.school}`];
  const { kind, name, number } = facts.whose, numbered = number ? `, ${NUMBER_NAMES[kind]} ${number}` : "";
  const since = facts.named_since ? `, named from entry ${said(facts.named_since + 1)} on` : "";
  const others = facts.other_origins?.join(", ") || "none, by the signed list in the pack";
  return [
    `${name}${numbered} (proven${since})`,
    ...facts.renamed.map((idx) => `Another name or number from entry ${said(idx + 1)} on: ask why`),
    ...(facts.other_origins === null ? [] : [`Other trails of it here: ${others}`]),
  ];
}

/** A sentence for each thing that no clock that keeps time explains. @param {import("./verify-times.js").Times} times */
export function timeWarnings({ falling, unexplained, apart }) {
  const told = [
    ["The recorded time goes back", falling],
    ["What the clock is said to have shown does not account for the recorded time", unexplained],
    ["The entry's id was made at another time than the one recorded, or tells none", apart],
  ];
  return told.filter(([, found]) => found).map(([sentence, found]) => `${sentence}: ${which(found)}, by ${spanInWords(found.most)} at most. Ask why.`);
}

/**
 * A sentence for each thing about a pack that holds that leaves it proving less than it seems to, or nothing.
 * @param {Record<string, any>} facts @param {boolean} tellsTrail its format has what is about the trail itself in every pack
 */
export function factWarnings(facts, tellsTrail) {
  const isAll = facts.other_streams === 0;
  return [
    ...(tellsTrail && !isAll && facts.streams.every(({ name }) => name !== "trail") ? [NO_TRAIL] : []),
    ...(facts.in_scope === 0 ? [NO_ENTRY] : []),
    ...(facts.earlier_size === 0 ? [NO_EARLIER] : []),
  ];
}

function heldText(held) {
  return capital(`${which(held)}, as the clock was behind the entry before, by ${spanInWords(held.most)} at most`);
}

function which({ first, last, entries }) {
  return entries === 1 ? `entry ${said(first + 1)}` : `${said(entries)} entries, from ${said(first + 1)} to ${said(last + 1)}`;
}

/** Microseconds in words, rounded down to their largest unit. */
function spanInWords(microseconds) {
  const unit = UNITS.find(([, length]) => microseconds >= length);
  return unit ? count(Math.floor(microseconds / unit[1]), unit[0], `${unit[0]}s`) : "less than a second";
}

function stream({ name, entries, called }) {
  return `${name}: ${said(entries)}${called.length ? `, about ${called.join(", later ")} (proven)` : ""}`;
}

/** "2026-09-21T14:13:20Z" as people read it. */
export function moment(text) {
  return text?.replace("T", " ").replace("Z", " UTC");
}

function seal(facts) {
  if (facts.trust === UNCHECKED) return ["Not checked: this browser can't check signatures. Use a current browser, or vouch_verify.py."];
  const signers = facts.signed_by.length ? ` (signed by ${facts.signed_by.join(", ")} with ${facts.algorithms.join(" and ")})` : "";
  const copy = "No independent copy: nobody outside can hold it against what they were sent before";
  const keys = facts.signers.map((key) => `Key ${key.fingerprint} (${key.algorithm})`);
  const changes = facts.key_changes ? `, through ${count(facts.key_changes, "change", "changes")} of key` : "";
  return [`${capital(TRUST[facts.trust])}${changes}${signers}`, ...keys, ...(facts.trust === "unsealed" ? [copy] : [])];
}

function period(facts) {
  if (facts.first_recorded === null) return "Nothing was recorded in it";
  return `${count(facts.opened, "entry", "entries")} shown, recorded from ${moment(facts.first_recorded)} to ${moment(facts.last_recorded)}`;
}

function count(number, one, many) {
  return `${said(number)} ${number === 1 ? one : many}`;
}

function said(number) {
  return number.toLocaleString("en-GB");
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
