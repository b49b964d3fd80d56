// Whether letters with seals are of one trail, each a continuation of the one before: as audit/letters/compared.py says it.
// docs/reference/letter-format.md describes the checks, their order and their words.

import { asFingerprint, fingerprint } from "./verify-fingerprint.js";
import { fromHex } from "./verify-hash.js";
import { areMissing, requireKeys } from "./verify-known.js";
import { MAX_LETTER_BYTES, readLetter } from "./verify-mailed.js";
import { isConsistent } from "./verify-merkle.js";
import { ALGORITHMS, VerificationError, canCheckSignatures, hasLinesOfOthers, openNote } from "./verify-note.js";
import { COPY, LEFT_OPEN, SEAL_WHYS, UNCHECKED, printable } from "./verify-verdict.js";
import { Unreadable } from "./verify-zip.js";

const MOST_LETTERS = 100;
export const LETTER_FAULTS = {
  "letter-seal": "The seal in the letter of {size} entries does not hold: {why}.",
  "letter-trail": "The letters are of two trails, {origin} and {other}. If both are of one school, ask why: a trail has another name from where it began anew, and so has one that was put in its place.",
  "letter-fork": "There are two seals of {size} entries, and they are not of the same ones: the trail was rewritten, or there are two of it. Keep both letters: together they prove it.",
  "letter-proof": "The letter of {size} entries does not continue that of {earlier}: what was sealed then is not the beginning of what was sealed later, or the proof was changed on its way. Keep both letters, and ask for a pack.",
};
const NO_PROOF = "The letter of {size} entries brings no proof that leads from an earlier one. Older letters don't, nor does the first to each person: if it is neither, ask why. Ask for a pack, and check it with the earlier letter's seal.";
const LATER_PROOF = "The proof in the letter of {size} entries leads from {after} entries, and the letter before it here is of {earlier}. Give the letters between them too, or ask for a pack and check it with the earlier letter's seal.";
const EARLIER_PROOF = "The proof in the letter of {size} entries leads from {after} entries, and there is a letter of {earlier} since. If that went to the same person, ask why. Ask for a pack, and check it with the earlier letter's seal.";
export const LETTER_TRUST = {
  "given": "checked with a key that you gave",
  "self-asserted": "self-asserted: the key came with the letters",
  "unsealed": "not checked: the letters name no key that signed each of them, and you gave none",
};
/** What a verdict begins with, by `copy` where the letters hold. */
export const LETTER_HEADLINES = {
  "known": "The letters agree",
  "self-asserted": "The letters agree, by a key that came with them",
  "none": "The letters agree, but who sealed them was not checked",
  "fails": "The letters do not agree",
  "unreadable": "The letters can't be compared",
};
export const LETTER_LIMITS = {
  "known": "",
  "self-asserted": "Whoever wrote the letters may have made the key. Have the fingerprint read out to you, and check again with that.",
  "none": "Anybody could have written them. Ask the school for its key, or for the fingerprint, and check again with that.",
};

/** The letters contradict each other, or a seal is false: `fault` is a key of LETTER_FAULTS. */
class LetterFault extends Error {
  constructor(fault, values) {
    super(fault);
    this.fault = fault;
    this.values = values;
  }
}

/**
 * Of two letters or more, in whatever order. Never throws for what they hold.
 * @param {Blob[]} blobs @param {string[]} keys as in verifyPack; without any, those that the letters name are used
 * @returns {Promise<{status: string, what: string, fault: string | null, facts: object | null}>}
 */
export async function compareLetters(blobs, keys = []) {
  try {
    const given = requireKeys(keys);
    if (blobs.length < 2 || blobs.length > MOST_LETTERS) throw new Unreadable(`Give two letters, or more, up to ${MOST_LETTERS}.`);
    const letters = [];
    for (const blob of blobs) letters.push(readLetter(new Uint8Array(await blob.slice(0, MAX_LETTER_BYTES + 1).arrayBuffer())));
    letters.sort((one, other) => one.size - other.size);
    const facts = await letterFacts(letters, given);
    return { status: "holds", what: letterSentence(facts), fault: null, facts };
  } catch (error) {
    if (error instanceof LetterFault) return { status: "fails", what: filled(LETTER_FAULTS[error.fault], error.values), fault: error.fault, facts: null };
    if (error instanceof Unreadable) return { status: "unreadable", what: error.message, fault: null, facts: null };
    throw error;
  }
}

/** What letters that agree show, as [name, text, text…] for people. @returns {string[][]} */
export function letterLines(facts) {
  const trust = facts.trust === UNCHECKED ? "not checked: this browser can't check signatures" : LETTER_TRUST[facts.trust];
  return [
    ["Trail", facts.origin],
    ["Letters", ...facts.letters.map(({ size, root }) => `${size} entries, root ${root}`)],
    ["Seals", trust.charAt(0).toUpperCase() + trust.slice(1), ...facts.signers.map((key) => `Key ${key.fingerprint} (${key.algorithm})`)],
    ...facts.left_open.map((what) => ["Not checked", LEFT_OPEN[what]]),
  ].map((texts) => texts.map(printable));
}

function filled(sentence, values) {
  return sentence.replaceAll(/\{([a-z]+)\}/g, (_, name) => printable(String(values[name])));
}

async function letterFacts(letters, given) {
  const known = knownBy(letters, given), signers = [];
  for (const letter of letters) signers.push(await letterSigners(letter, known));
  requireOneTrail(letters);
  const reason = letters.slice(1).map((later, at) => notCompared(letters[at], later, letters)).find(Boolean);
  if (reason) throw new Unreadable(reason);
  const trust = signers.includes(null) ? UNCHECKED : signers.some((some) => !some.length) ? "unsealed" : known.areGiven ? "given" : "self-asserted";
  const isSigned = trust === "given" || trust === "self-asserted";
  const keys = isSigned ? [...new Map(signers.flat().map((key) => [key.vkey, key])).values()] : [], names = keys.map(({ name }) => name);
  return {
    origin: letters[0].origin,
    letters: letters.map(({ size, root, after }) => ({ size, root, after })),
    trust,
    copy: COPY[trust] ?? "none",
    signers: keys.map(({ vkey, type }) => ({ vkey, algorithm: ALGORITHMS.get(type), fingerprint: fingerprint(vkey) })),
    left_open: isSigned && letters.some(({ note }) => hasLinesOfOthers(note, names)) ? ["witnesses"] : [],
  };
}

/** A fingerprint that was given makes known the key of a letter that has it. */
function knownBy(letters, given) {
  const own = [...new Set(letters.flatMap(({ keys }) => keys))];
  if (!given.length) return { vkeys: own, areGiven: false, areAllHere: true, changes: new Map() };
  const meant = given.map((key) => (asFingerprint(key) ? own.find((one) => fingerprint(one) === key) : key));
  return { vkeys: meant.filter(Boolean), areGiven: true, areAllHere: meant.every(Boolean), changes: new Map() };
}

/** Which known keys signed it; null if this browser can't check signatures. Throws LetterFault. */
async function letterSigners({ note, size }, known) {
  if (!(await canCheckSignatures())) return null;
  const falseSeal = (kind) => new LetterFault("letter-seal", { size, why: SEAL_WHYS[kind] });
  let signers;
  try {
    ({ signers } = await openNote(note, known.vkeys));
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error;
    if (error.kind === "unknown" && !known.areGiven) return [];
    throw falseSeal(error.kind);
  }
  if (known.areGiven && areMissing(known, signers)) throw falseSeal("unknown");
  return signers;
}

function requireOneTrail(letters) {
  const [{ origin }] = letters, other = letters.find((letter) => letter.origin !== origin);
  if (other) throw new LetterFault("letter-trail", { origin, other: other.origin });
  for (const [at, { size, root }] of letters.slice(1).entries()) {
    if (letters[at].size === size && letters[at].root !== root) throw new LetterFault("letter-fork", { size });
  }
}

/** Why they can't be compared; "" where the later one continues the other. Throws LetterFault where it does not. */
function notCompared(earlier, later, letters) {
  if (earlier.size === later.size) return "";
  const proven = letters.filter(({ size, after }) => size === later.size && after !== null);
  const { after, proof } = proven.find((one) => one.after === earlier.size) ?? proven[0] ?? later, { size } = later;
  if (after === null) return filled(NO_PROOF, { size });
  if (after !== earlier.size) return filled(after > earlier.size ? LATER_PROOF : EARLIER_PROOF, { size, after, earlier: earlier.size });
  const roots = { root1: fromHex(earlier.root), root2: fromHex(later.root) };
  if (!isConsistent({ size1: earlier.size, size2: size, ...roots, proof })) throw new LetterFault("letter-proof", { size, earlier: earlier.size });
  return "";
}

function letterSentence({ letters }) {
  const first = letters[0].size, last = letters.at(-1).size;
  if (first === last) return `They bring the same seal, of ${last} entries.`;
  return `The later letter continues the earlier one: the ${first} entries sealed then are the first of the ${last} sealed later.`;
}
