// The fingerprint of a verifier key, as in audit/fingerprint.py: the first 160 bits of SHA-256 over its text, in eight groups of
// four letters that are not taken for others.

import { sha256, toHex } from "./verify-hash.js";

const LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const FINGERPRINT_BYTES = 20, LENGTH = 32;

/** Such as "K7QF 2MXA …". @param {string} verifierKey */
export function fingerprint(verifierKey) {
  const [name, id, ...key] = verifierKey.split("+");
  const whole = [name, ...(id === undefined ? [] : [id.toLowerCase()]), ...key].join("+");
  const number = BigInt(`0x${toHex(sha256(new TextEncoder().encode(whole)).subarray(0, FINGERPRINT_BYTES))}`);
  return grouped(Array.from({ length: LENGTH }, (_, at) => LETTERS[Number((number >> BigInt(5 * (LENGTH - 1 - at))) & 31n)]).join(""));
}

/** A fingerprint as somebody typed it, as it is written here; null for anything else. @param {string} text */
export function asFingerprint(text) {
  const letters = text.replaceAll(/[ \t\r\n-]/g, "").toUpperCase();
  return letters.length === LENGTH && [...letters].every((letter) => LETTERS.includes(letter)) ? grouped(letters) : null;
}

function grouped(letters) {
  return letters.match(/.{4}/g).join(" ");
}
