// Signed notes and checkpoints of C2SP (signed-note, tlog-checkpoint) with Ed25519, as in audit/note.py: on screen, a seal.
// One failing signature by a known key refuses the note; signatures by unknown keys are ignored.

import { fromUtf8 } from "./verify-canonical.js";
import { HASH_BYTES, fromHex, sameBytes, sha256, toHex } from "./verify-hash.js";

/** What was given does not prove what it claims; the message says why, `kind` of which kind that is. */
export class VerificationError extends Error {
  /** @param {string} message @param {"form" | "signature" | "unknown"} kind */
  constructor(message, kind = "form") {
    super(message);
    this.kind = kind;
  }
}

export const MAX_NOTE_BYTES = 1_000_000;
const MAX_SIGNATURES = 100;
const ED25519 = 1;
const KEY_BYTES = 32, KEY_ID_BYTES = 4, SIGNATURE_BYTES = 64;
const NAME = /^[^\p{C}\p{Z}\s+]+$/u;
const CONTROL = /[\x00-\x09\x0b-\x1f]/;
// y of the points of small order, which sign anything, and what encodes nothing: RFC 8032 keys without their sign bit.
const PRIME = 2n ** 255n - 19n;
const SMALL_ORDER = [
  0n, 1n, PRIME - 1n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
];

/** Whether this browser can check signatures at all: none can on a page without https, and old ones have no Ed25519. */
export async function canCheckSignatures() {
  try {
    await crypto.subtle.importKey("raw", new Uint8Array(KEY_BYTES).fill(0x66, 1).fill(0x58, 0, 1), "Ed25519", false, ["verify"]);
    return true;
  } catch {
    return false;
  }
}

/**
 * The text of a note, and the names of the known keys that signed it.
 * @param {Uint8Array} note @param {string[]} verifierKeys
 * @returns {Promise<{text: string, names: string[]}>} throws VerificationError
 */
export async function openNote(note, verifierKeys) {
  const { text, signatures } = parts(note);
  const known = new Map(verifierKeys.map(parseKey).map((key) => [key.id, key]));
  const names = new Set();
  for (const signature of signatures) {
    const key = known.get(signature.id);
    if (!key) continue;
    if (!(await isSigned(key.bytes, new TextEncoder().encode(text), signature.bytes))) {
      throw new VerificationError("the signature is not by the key that it names", "signature");
    }
    names.add(signature.name);
  }
  if (!names.size) throw new VerificationError("nobody whose key is known signed this", "unknown");
  return { text, names: [...names] };
}

/** What a note says, whoever signed it. @param {Uint8Array} note */
export function textOf(note) {
  const whole = fromUtf8(note) ?? "";
  return whole.slice(0, Math.max(whole.lastIndexOf("\n\n"), 0) + 1);
}

/**
 * What a note says of a tree, whoever signed it.
 * @param {Uint8Array} note
 * @returns {{origin: string, size: number, root: string}} the root in hex; throws VerificationError
 */
export function checkpointIn(note) {
  const text = textOf(note);
  if (CONTROL.test(text)) throw new VerificationError("a note has no control characters");
  const [origin, size, root, ...more] = text.slice(0, -1).split("\n");
  if (root === undefined || !origin || !size || !root || more.includes("")) {
    throw new VerificationError("a checkpoint is an origin, a size and a root, each on a line of its own");
  }
  if (!/^(0|[1-9][0-9]*)$/.test(size)) throw new VerificationError("the checkpoint's size is not a whole number");
  if (!Number.isSafeInteger(Number(size))) throw new VerificationError("the checkpoint's size is beyond any tree");
  const digest = fromBase64(root);
  if (digest?.length !== HASH_BYTES) throw new VerificationError("the checkpoint's root is not a hash of 32 bytes");
  return { origin, size: Number(size), root: toHex(digest) };
}

/** A verifier key, name+id+base64. @param {string} text @returns {{id: string, bytes: Uint8Array}} throws VerificationError */
export function parseKey(text) {
  const [, name, id, data] = /^([^+]+)\+([0-9a-fA-F]{8})\+(.+)$/.exec(text) ?? [];
  const raw = fromBase64(data ?? "");
  if (!name || !NAME.test(name) || !raw?.length) {
    throw new VerificationError("this is not a verifier key: name+8 hex digits+base64");
  }
  const bytes = raw.subarray(1);
  if (raw[0] !== ED25519 || bytes.length !== KEY_BYTES) throw new VerificationError("the verifier key is not an Ed25519 key");
  const hash = sha256(new TextEncoder().encode(`${name}\n`), raw);
  if (!sameBytes(hash.subarray(0, KEY_ID_BYTES), fromHex(id.toLowerCase()))) {
    throw new VerificationError("the verifier key was mistyped: its id is not that of its name and key");
  }
  if (!isKey(bytes)) throw new VerificationError("the verifier key is one that anybody could sign with, or that nobody has");
  return { id: `${name}+${id.toLowerCase()}`, bytes };
}

/** Whether this key signed these bytes (RFC 8032). @param {Uint8Array} key @param {Uint8Array} message @param {Uint8Array} signature */
export async function isSigned(key, message, signature) {
  if (signature.length !== SIGNATURE_BYTES) return false;
  const imported = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
  return crypto.subtle.verify("Ed25519", imported, signature, message);
}

/** Whether the bytes are the one encoding of a point of the curve that is not of small order. */
function isKey(bytes) {
  const y = BigInt(`0x${toHex(bytes.toReversed())}`) & (2n ** 255n - 1n);
  const d = modulo(-121665n * power(121666n, PRIME - 2n));
  const square = modulo((y * y - 1n) * (d * y * y + 1n)); // x² times a square
  return y < PRIME && !SMALL_ORDER.includes(y) && power(square, (PRIME - 1n) / 2n) === 1n;
}

function power(base, exponent) {
  let result = 1n;
  for (; exponent; exponent >>= 1n, base = modulo(base * base)) if (exponent & 1n) result = modulo(result * base);
  return result;
}

function modulo(number) {
  return ((number % PRIME) + PRIME) % PRIME;
}

function parts(note) {
  const whole = note.length <= MAX_NOTE_BYTES ? fromUtf8(note) : undefined;
  if (whole === undefined) throw new VerificationError("the note is not UTF-8 text of at most a million bytes");
  const end = whole.lastIndexOf("\n\n");
  const text = whole.slice(0, end + 1), block = whole.slice(end + 2);
  if (end < 0 || !block.endsWith("\n")) throw new VerificationError("a note is a text, an empty line and lines of signatures");
  if (CONTROL.test(whole)) throw new VerificationError("a note has no control characters");
  const lines = block.slice(0, -1).split("\n");
  if (lines.length > MAX_SIGNATURES) throw new VerificationError("the note has more signatures than anybody checks");
  return { text, signatures: lines.map(parsedLine) };
}

function parsedLine(line) {
  const [, name, encoded] = /^\u2014 ([^ ]+) (.+)$/.exec(line) ?? [];
  const raw = fromBase64(encoded ?? "");
  if (!name || !NAME.test(name) || !raw || raw.length <= KEY_ID_BYTES) {
    throw new VerificationError("a line after the text is not a signature");
  }
  return { name, id: `${name}+${toHex(raw.subarray(0, KEY_ID_BYTES))}`, bytes: raw.subarray(KEY_ID_BYTES) };
}

/** The bytes of strict base64; undefined for anything but the one encoding of some bytes. */
function fromBase64(text) {
  try {
    const raw = atob(text);
    return btoa(raw) === text ? Uint8Array.from(raw, (character) => character.charCodeAt(0)) : undefined;
  } catch {
    return undefined;
  }
}
