// Which keys count when a seal is checked, as in audit/verifier/known.py: those that whoever checks knows from elsewhere or, without
// any, the pack's own.

import { asFingerprint, fingerprint } from "./verify-fingerprint.js";
import { VerificationError, parseKey } from "./verify-note.js";
import { Unreadable } from "./verify-zip.js";

/**
 * `areGiven` is whether whoever checks named them; `areAllHere`, whether the pack has a key for each fingerprint that was given;
 * `changes`, how many rotations lead to a key from one that was given.
 * @typedef {{vkeys: string[], areGiven: boolean, areAllHere: boolean, changes: Map<string, number>}} Known
 */

/** Keys and fingerprints in what somebody typed, a line for each; several keys may share a line. @param {string} text */
export function keysIn(text) {
  const lines = text.split("\n").map((line) => line.trim()).filter(Boolean);
  return lines.flatMap((line) => asFingerprint(line) ?? line.split(/\s+/));
}

// Mostly a fingerprint of which something was misheard or left out.
const NEITHER = "it is neither a key, which has plus signs, nor a fingerprint, "
  + "which has eight groups of four letters and digits without 0, 1, I and O";

/** Why the keys can't be used; "" when they can. @param {string[]} keys */
export function mistakeIn(keys) {
  const whole = keys.filter((key) => !asFingerprint(key));
  if (whole.some((key) => !key.includes("+"))) return NEITHER;
  try {
    whole.forEach(parseKey);
    return "";
  } catch (error) {
    if (error instanceof VerificationError) return error.message;
    throw error;
  }
}

/** Throws Unreadable for what is neither a verifier key nor a fingerprint. @param {string[]} keys @returns {string[]} */
export function requireKeys(keys) {
  const mistake = mistakeIn(keys);
  if (mistake) throw new Unreadable(`The key that you gave can't be used: ${mistake}.`);
  return keys.map((key) => asFingerprint(key) ?? key);
}

/** A fingerprint that was given makes known the key of the pack that has it. @param {string[]} given @returns {Known} */
export function trustedKeys(manifest, given) {
  const own = [...manifest.keys, ...manifest.cosigners];
  if (!given.length) return { vkeys: own, areGiven: false, areAllHere: true, changes: new Map() };
  const meant = given.map((key) => (asFingerprint(key) ? own.find((one) => fingerprint(one) === key) : key));
  return { vkeys: meant.filter(Boolean), areGiven: true, areAllHere: meant.every(Boolean), changes: new Map() };
}

/**
 * Whether one that was given should have signed and did not: one of each type under a signer's name, and each fingerprint.
 * @param {Known} known @param {import("./verify-note.js").Key[]} signers
 */
export function areMissing(known, signers) {
  const isWanted = ({ name, type }) => signers.some((key) => key.name === name) && !signers.some((key) => key.name === name && key.type === type);
  return !known.areAllHere || known.vkeys.map(parseKey).some(isWanted);
}
