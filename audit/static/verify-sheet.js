// The timeline as a sheet, one row for each entry: audit/sheet.py once more, so that timeline.csv can be made again from
// the openings and compared to the byte.

import { isObject, member } from "./verify-canonical.js";

export const COLUMNS = ["entry", "happened", "recorded", "lag", "who", "what", "old", "new", "reason", "evidence"];
const ABOUT_COMES = 6; // where the column `about` stands in a sheet that has it
const COLUMNS_WITH_ABOUT = [...COLUMNS.slice(0, ABOUT_COMES), "about", ...COLUMNS.slice(ABOUT_COMES)];
const SUPPLIER_NAME = "supplier_name", SUPPLIER_IDENTIFIERS = "supplier_identifiers"; // personal fields: whom an entry is about
const NUMBERS = ["entry", "lag"]; // a minus in front of a number is no formula
const ERASED = "erased", WITHHELD = "withheld";
const KEPT_APART = ["old", "new", "happened_on"]; // facts that have a place of their own
const ROLES = new Map([["system", "Vouch itself"], ["school", "A school"]]);
const FORMULA_STARTS = "=+-@\t\r\n＝＋－＠'";
const SECONDS_A_DAY = 86_400, MICROSECONDS = 1_000_000;

/**
 * The texts of entry `idx` (from 0), in the order of COLUMNS.
 * @param {number} idx
 * @param {Map<string, any>} openings field to value; holds at least "event"
 * @param {string[]} erased fields that an erasure.applied entry lists
 * @param {number} withheld how many commitments are neither opened nor erased
 * @param {boolean} tellsAbout whether whom the entry is about stands in `about`, and not among what is new
 * @returns {Record<string, string>}
 */
export function row(idx, openings, erased = [], withheld = 0, tellsAbout = false) {
  const event = openings.get("event"), facts = openings.get("facts") ?? {};
  const texts = personal(openings, erased);
  const about = tellsAbout ? aboutWhom(shown(texts.get(SUPPLIER_NAME)), shown(texts.get(SUPPLIER_IDENTIFIERS))) : "";
  if (tellsAbout) for (const name of [SUPPLIER_NAME, SUPPLIER_IDENTIFIERS]) texts.delete(name);
  const changed = changes(facts, texts).filter((change) => change.field !== "reason");
  const happened = String(member(facts, "happened_on") || "");
  const unnamed = withheld - ["actor", "facts"].filter((name) => !openings.has(name) && !erased.includes(name)).length;
  const seconds = Math.floor(event.at / MICROSECONDS);
  return {
    entry: String(idx + 1),
    happened,
    recorded: instant(event.at),
    lag: lag(happened, seconds),
    who: openings.has("actor") ? who(openings.get("actor")) : erased.includes("actor") ? ERASED : WITHHELD,
    what: event.type,
    about,
    old: list(changed, "old").join("; "),
    new: [...list(changed, "new"), ...(unnamed > 0 ? [`${WITHHELD}: ${unnamed}`] : [])].join("; "),
    reason: shown(member(facts, "reason")) || shown(texts.get("reason")) || "",
    evidence: digests(facts).join(" "),
  };
}

/** ISO 8601 in UTC to the second, rounded down. @param {number} at microseconds since 1970 */
export function instant(at) {
  return new Date(Math.floor(at / MICROSECONDS) * 1000).toISOString().replace(".000Z", "Z");
}

/** SHA-256, in hex, of each file that the entry says was attached. @returns {string[]} */
export function digests(facts) {
  const attachments = member(facts, "attachments");
  const listed = Array.isArray(attachments) ? attachments : [];
  return listed.filter((one) => member(one, "sha256") !== undefined).map((one) => String(one.sha256));
}

/** One line of the CSV file. @param {Record<string, string>} cells */
export function csvLine(cells, tellsAbout = false) {
  const texts = (tellsAbout ? COLUMNS_WITH_ABOUT : COLUMNS).map((column) => (NUMBERS.includes(column) ? cells[column] : quoted(harmless(cells[column]))));
  return `${texts.join()}\r\n`;
}

/** What the CSV file begins with: a byte order mark and the names of the columns. */
export function csvStart(tellsAbout) {
  return `\ufeff${(tellsAbout ? COLUMNS_WITH_ABOUT : COLUMNS).join()}\r\n`;
}

/** The name, with the identifiers in brackets. */
function aboutWhom(name, identifiers) {
  return name && identifiers ? `${name} (${identifiers})` : name || identifiers || "";
}

/** Free text and names by their own name, and what was erased of them. */
function personal(openings, erased) {
  const own = (name) => name.slice("personal.".length);
  const isPersonal = (name) => name.startsWith("personal.");
  const kept = [...openings].filter(([name]) => isPersonal(name)).map(([name, value]) => [own(name), value]);
  return new Map([...kept, ...erased.filter(isPersonal).map((name) => [own(name), ERASED])]);
}

/** What changed from old to new first, then the other facts, then free text; each group by field name. */
function changes(facts, personalTexts) {
  const old = object(member(facts, "old")), now = object(member(facts, "new"));
  const changed = sorted([...Object.keys(old), ...Object.keys(now)]);
  const plain = sorted(Object.keys(facts)).filter((field) => !KEPT_APART.includes(field));
  const texts = sorted([...personalTexts.keys()].map((name) => name.replace(/\.old$/, "")));
  return [
    ...changed.map((field) => ({ field, old: shown(member(old, field)), new: shown(member(now, field)) })),
    ...plain.map((field) => ({ field, old: undefined, new: shown(facts[field]) })),
    ...texts.map((field) => ({ field, old: shown(personalTexts.get(`${field}.old`)), new: shown(personalTexts.get(field)) })),
  ];
}

function list(changed, side) {
  return changed.filter((change) => change[side] !== undefined).map((change) => `${change.field}: ${change[side]}`);
}

function who(actor) {
  const role = member(actor, "role") ?? "";
  return member(actor, "name") || (ROLES.get(role) ?? role);
}

/** A plain value in words; undefined for what is empty and for what is meant for machines. */
function shown(value) {
  if (value === undefined || value === null || value === "" || isObject(value)) return undefined;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (!Array.isArray(value)) return String(value);
  return value.length && !isObject(value[0]) ? value.map((item) => shown(item) ?? "").join(", ") : undefined;
}

/** Whole days from the day that a person named to the day, in UTC, that it was recorded. */
function lag(happened, seconds) {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(happened) || happened.startsWith("0000")) return "";
  const day = new Date(`${happened}T00:00:00Z`);
  if (Number.isNaN(day.valueOf()) || !day.toISOString().startsWith(happened)) return ""; // the 31st of February
  return String(Math.floor(seconds / SECONDS_A_DAY) - day.valueOf() / 1000 / SECONDS_A_DAY);
}

function harmless(text) {
  return text && FORMULA_STARTS.includes(text[0]) ? `'${text}` : text;
}

function quoted(text) {
  return /[,"\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function sorted(names) {
  return [...new Set(names)].sort();
}

function object(value) {
  return isObject(value) ? value : {};
}
