// The chain of keys, as in audit/verifier/rotations.py: a note for each rotation, signed by the old key and the new, so that an older
// key still finds its way.

import { fromUtf8, readCanonical } from "./verify-canonical.js";
import { ED25519, VerificationError, canCheckSignatures, openNote, parseKey, textOf } from "./verify-note.js";
import { PackFault, SEAL_WHYS } from "./verify-verdict.js";

const ROTATION_FORMAT = "vouch-rotation/1";
const SINCE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/**
 * With the keys to which an unbroken chain leads from one that was given. Without given keys only the chain itself is checked. Throws
 * PackFault for a chain that is not in its form, or in which a signature is missing or false.
 * @param {import("./verify-known.js").Known} known @param {Uint8Array | null} data
 * @returns {Promise<import("./verify-known.js").Known>}
 */
export async function follow(known, data) {
  const changes = new Map(known.areGiven ? known.vkeys.map((key) => [parseKey(key).vkey, 0]) : []);
  for (const [before, after] of data ? await rotations(data) : []) {
    if (changes.has(before) && !changes.has(after)) changes.set(after, changes.get(before) + 1);
  }
  return known.areGiven ? { ...known, vkeys: [...changes.keys()], changes } : known;
}

/** The old key and the new one of each note, oldest first. */
async function rotations(data) {
  const notes = readCanonical(fromUtf8(data))?.value;
  if (!Array.isArray(notes) || !notes.every((note) => typeof note === "string")) throw falseChain("form");
  const found = [];
  try {
    for (const note of notes) found.push(await rotation(note));
  } catch (error) {
    if (error instanceof VerificationError) throw falseChain(error.kind === "form" ? "form" : "signature");
    throw error;
  }
  return found;
}

/** Further lines name keys of other types that came with the new one: they are read, and nothing rests on them. */
async function rotation(note) {
  const bytes = new TextEncoder().encode(note), [head, ...lines] = textOf(bytes).split("\n").slice(0, -1);
  const [before, after, since, ...more] = lines;
  if (head !== ROTATION_FORMAT || lines.length < 3 || !SINCE.test(since)) throw falseChain("form");
  if ([before, after, ...more].some((key) => parseKey(key).vkey !== key)) throw falseChain("form");
  if ([before, after].some((key) => parseKey(key).type !== ED25519) || before === after) throw falseChain("form");
  if (await canCheckSignatures()) for (const key of [before, after]) await openNote(bytes, [key]);
  return [before, after];
}

function falseChain(kind) {
  return new PackFault("rotations", null, { why: SEAL_WHYS[kind] });
}
