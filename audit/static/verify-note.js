// Signed notes and checkpoints of C2SP (signed-note, tlog-checkpoint, tlog-cosignature), as in audit/note.py: on screen, a seal.
// A line is by Ed25519 or by ML-DSA-44, which signs checkpoints only. One failing signature by a known key refuses the note;
// signatures by unknown keys are ignored.

import { fromUtf8 } from "./verify-canonical.js";
import { HASH_BYTES, fromHex, sameBytes, sha256, toHex } from "./verify-hash.js";
import { MLDSA_KEY_BYTES, isMldsaSigned } from "./verify-mldsa.js";

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
export const MLDSA = 6;
export const ED25519 = 1, WITNESS = 4; // the other types of keys
const KEY_BYTES = 32, KEY_ID_BYTES = 4, SIGNATURE_BYTES = 64, TIME_BYTES = 8;
const LONGEST_COSIGNER = 255; // bytes of a name or an origin, whose length is told by one
export const ALGORITHMS = new Map([[ED25519, "Ed25519"], [MLDSA, "ML-DSA-44"]]);
// What no name of a key holds: Unicode's White_Space, which is these 25 characters in every version, and plus signs.
const NO_NAME = /[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000+]/;
const MAX_SIZE = 2n ** 63n - 1n; // what databases and other logs keep a size in
const COSIGNATURE_BYTES = [8 + 64, 8 + 2_420]; // a time, and a signature by Ed25519 or ML-DSA-44
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

/** @typedef {{name: string, type: number, id: string, vkey: string, bytes: Uint8Array}} Key `id` is name+id, `bytes` the public key */

/**
 * The text of a note, the known keys that signed it, each once, and their names.
 * @param {Uint8Array} note @param {string[]} verifierKeys
 * @returns {Promise<{text: string, signers: Key[], names: string[]}>} throws VerificationError
 */
export async function openNote(note, verifierKeys) {
  const { text, signatures } = parts(note);
  const known = knownKeys(verifierKeys);
  const signers = new Set();
  for (const signature of signatures) {
    const key = known.get(signature.id);
    if (!key) continue;
    if (!(await isSignedBy(key, text, signature.bytes))) {
      throw new VerificationError("the signature is not by the key that it names", "signature");
    }
    signers.add(key);
  }
  if (!signers.size) throw new VerificationError("nobody whose key is known signed this", "unknown");
  return { text, signers: [...signers], names: [...new Set([...signers].map(({ name }) => name))] };
}

/** Whether a line is as long as a cosignature and under none of these names: so may be that of a witness. Throws VerificationError. */
export function hasLinesOfOthers(note, names) {
  return parts(note).signatures.some(({ name, bytes }) => COSIGNATURE_BYTES.includes(bytes.length) && !names.includes(name));
}

/** Whether this key signed this text. @param {Key} key @param {string} text @param {Uint8Array} signature */
async function isSignedBy(key, text, signature) {
  if (key.type === ED25519) return isSigned(key.bytes, encoded(text), signature);
  const time = signature.subarray(0, TIME_BYTES), message = cosignedMessage(key.name, time, text);
  return message !== undefined && isMldsaSigned(key.bytes, message, signature.subarray(TIME_BYTES));
}

/** What an ML-DSA-44 key signs of a checkpoint without extension lines; undefined for any other text, or for a time beyond 2^63. */
function cosignedMessage(name, time, text) {
  let head;
  try {
    head = readCheckpoint(text);
  } catch (error) {
    if (error instanceof VerificationError) return undefined;
    throw error;
  }
  const cosigner = encoded(name), origin = encoded(head.origin), start = new Uint8Array(8), end = new Uint8Array(8);
  new DataView(end.buffer).setBigUint64(0, head.size);
  const isPlain = text.split("\n").length === 4 && time.length === TIME_BYTES && time[0] < 128;
  if (!isPlain || cosigner.length > LONGEST_COSIGNER || origin.length > LONGEST_COSIGNER) return undefined;
  const pieces = [encoded("subtree/v1\n\0"), [cosigner.length], cosigner, time, [origin.length], origin, start, end, fromHex(head.root)];
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]));
}

function encoded(text) {
  return new TextEncoder().encode(text);
}

/** What a note says, whoever signed it. @param {Uint8Array} note */
export function textOf(note) {
  const whole = fromUtf8(note) ?? "";
  return whole.slice(0, Math.max(whole.lastIndexOf("\n\n"), 0) + 1);
}

/** @typedef {{origin: string, size: bigint, root: string}} Checkpoint the root in hex */

/** What a note says of a tree, whoever signed it. @param {Uint8Array} note @returns {Checkpoint} throws VerificationError */
export function checkpointIn(note) {
  return readCheckpoint(textOf(note));
}

function readCheckpoint(text) {
  if (CONTROL.test(text)) throw new VerificationError("a note has no control characters");
  const [origin, size, root, ...more] = text.slice(0, -1).split("\n");
  if (root === undefined || !origin || !size || !root || more.includes("")) {
    throw new VerificationError("a checkpoint is an origin, a size and a root, each on a line of its own");
  }
  if (!/^(0|[1-9][0-9]*)$/.test(size)) throw new VerificationError("the checkpoint's size is not a whole number");
  if (size.length > String(MAX_SIZE).length || BigInt(size) > MAX_SIZE) throw new VerificationError("the checkpoint's size is beyond any tree");
  const digest = fromBase64(root);
  if (digest?.length !== HASH_BYTES) throw new VerificationError("the checkpoint's root is not a hash of 32 bytes");
  return { origin, size: BigInt(size), root: toHex(digest) };
}

/** By name and id; the same key may be given twice, another under the same name and id may not. */
function knownKeys(verifierKeys) {
  const known = new Map();
  for (const key of verifierKeys.map(parseKey)) {
    if (known.has(key.id) && !sameBytes(known.get(key.id).bytes, key.bytes)) {
      throw new VerificationError("two keys have one name and one id: one of them is false");
    }
    known.set(key.id, key);
  }
  return known;
}

/** A verifier key of a log, name+id+base64. @param {string} text @returns {Key} throws VerificationError */
export function parseKey(text) {
  const [, name, id, data] = /^([^+]+)\+([0-9a-fA-F]{8})\+(.+)$/.exec(text) ?? [];
  const raw = fromBase64(data ?? "");
  if (!name || NO_NAME.test(name) || !raw?.length) {
    throw new VerificationError("this is not a verifier key: name+8 hex digits+base64");
  }
  const bytes = raw.subarray(1);
  const length = raw[0] === MLDSA ? MLDSA_KEY_BYTES : [ED25519, WITNESS].includes(raw[0]) ? KEY_BYTES : -1;
  if (bytes.length !== length || (raw[0] === MLDSA && encoded(name).length > LONGEST_COSIGNER)) {
    throw new VerificationError("the verifier key is neither an Ed25519 nor an ML-DSA-44 key");
  }
  const hash = sha256(encoded(`${name}\n`), raw);
  if (!sameBytes(hash.subarray(0, KEY_ID_BYTES), fromHex(id.toLowerCase()))) {
    throw new VerificationError("the verifier key was mistyped: its id is not that of its name and key");
  }
  if (raw[0] !== MLDSA && !isKey(bytes)) throw new VerificationError("the verifier key is one that anybody could sign with, or that nobody has");
  if (raw[0] === WITNESS) throw new VerificationError("the verifier key is a witness's, which signs no notes");
  return { name, type: raw[0], id: `${name}+${id.toLowerCase()}`, vkey: `${name}+${id.toLowerCase()}+${data}`, bytes };
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
  if (!name || NO_NAME.test(name) || !raw || raw.length <= KEY_ID_BYTES) {
    throw new VerificationError("a line after the text is not a signature");
  }
  return { name, id: `${name}+${toHex(raw.subarray(0, KEY_ID_BYTES))}`, bytes: raw.subarray(KEY_ID_BYTES) };
}

/** The bytes of strict base64; undefined for anything but the one encoding of some bytes. */
export function fromBase64(text) {
  try {
    const raw = atob(text);
    return btoa(raw) === text ? Uint8Array.from(raw, (character) => character.charCodeAt(0)) : undefined;
  } catch {
    return undefined;
  }
}
