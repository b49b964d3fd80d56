// What the openings of an entry may hold: every value that a verdict or the sheet reads has its type, or is refused. As in
// audit/verifier/openings.py.

import { isObject, member, readCanonical } from "./verify-canonical.js";
import { hasKeys, isCount, isHex } from "./verify-manifest.js";
import { PackFault } from "./verify-verdict.js";

export const TRAIL_STREAM = "trail"; // what the trail says about itself
export const RECOVERED = "trail.recovered", ERASURE = "erasure.applied";
export const NEEDS_FACTS = [ERASURE, RECOVERED]; // what others are judged by
const ERASABLE = /^(?:actor|personal\.[!-~]{1,200})$/; // what happened and its facts never are
const EVENT_TEXTS = ["id", "type", "stream", "subject"];
const CLOCK_SINCE = 3; // the format from which on an event may say what the clock said
const TEXTS = ["happened_on", "reason"]; // facts that are texts where they are there

/**
 * What the openings of entry `idx` say, by field, in a pack of that version; "event" has to be among them. Throws PackFault for
 * the first by name that is not in its form.
 * @param {number} idx @param {[string, {salt: string, value: string}][]} openings by name @param {number} version
 * @returns {Map<string, any>}
 */
export function valuesIn(idx, openings, version) {
  const values = new Map();
  for (const [field, { value: text }] of openings) {
    const read = readCanonical(text);
    const fits = read && isFit(field, read.value, version) && (field !== "facts" || areFactsFit(values.get("event").type, read.value));
    if (!fits) throw new PackFault("opening", idx, { field });
    values.set(field, read.value);
  }
  return values;
}

/** Whether these may be the facts of an entry of type `what`. What else they hold is anything. */
function areFactsFit(what, facts) {
  const isText = (name) => ["string", "undefined"].includes(typeof member(facts, name));
  const hasItsLists = what !== ERASURE || (areAll(isErased, member(facts, "erased")) && areAll(isDigest, member(facts, "evidence")));
  return hasItsLists && TEXTS.every(isText) && (!Object.hasOwn(facts, "attachments") || areAll(isFile, facts.attachments));
}

function areAll(fits, value) {
  return Array.isArray(value) && value.every(fits);
}

function isErased(item) {
  return hasKeys(item, ["idx", "field", "commitment"]) && isCount(item.idx) && isDigest(item.commitment) &&
    typeof item.field === "string" && ERASABLE.test(item.field);
}

function isFile(item) {
  return isDigest(member(item, "sha256"));
}

function isDigest(value) {
  return isHex(value, 32);
}

function isFit(field, value, version) {
  if (field.startsWith("personal.")) return true;
  if (!isObject(value)) return false;
  if (field === "facts") return true;
  return field === "event" ? isEvent(value, version) : Object.values(value).every((text) => typeof text === "string");
}

function isEvent(value, version) {
  const times = version >= CLOCK_SINCE && Object.hasOwn(value, "clock") ? ["at", "clock"] : ["at"];
  return hasKeys(value, [...EVENT_TEXTS, ...times]) && times.every((key) => isCount(value[key])) &&
    EVENT_TEXTS.every((key) => typeof value[key] === "string");
}
