// Checks the heads of a trail against each other, as audit/verifier/heads.py does: the pack's, the seal's, and those of an
// earlier pack or seal. Roots are in hex.

import { fromUtf8, readCanonical } from "./verify-canonical.js";
import { fromHex, sha256, toHex } from "./verify-hash.js";
import { hasKeys, isCount, isHex, isName, readManifest } from "./verify-manifest.js";
import { areMissing } from "./verify-known.js";
import { isConsistent } from "./verify-merkle.js";
import { MAX_NOTE_BYTES, VerificationError, canCheckSignatures, checkpointIn, openNote, textOf } from "./verify-note.js";
import { PackFault, SEAL_WHYS } from "./verify-verdict.js";
import { Unreadable, openArchive, readAll } from "./verify-zip.js";

const ORIGINS_FORMAT = "vouch-origins/1";

/** @typedef {{origin: string, size: bigint, root: string, note: Uint8Array | null}} Earlier */

/** Of a pack the manifest and the seal, or a seal by itself. Throws Unreadable; checks no signature. @param {Blob} blob @returns {Promise<Earlier>} */
export async function readEarlier(blob) {
  const note = new Uint8Array(await blob.slice(0, MAX_NOTE_BYTES + 1).arrayBuffer());
  if (fromUtf8(note.subarray(0, 2)) === "PK") {
    const archive = await openArchive(blob);
    const { origins, size, root } = await readManifest(archive);
    const seal = archive.members.has("checkpoint") ? await readAll(archive, "checkpoint") : null;
    return { origin: origins.at(-1).origin, size: BigInt(size), root, note: seal };
  }
  const head = headIn(note);
  if (!head || note.length > MAX_NOTE_BYTES) throw new Unreadable("What was given as the earlier one is neither an audit pack nor a seal.");
  return { ...head, note };
}

/**
 * The keys that signed it; none if the trail was never sealed, null if this browser can't check signatures. Of another root, the
 * leaves may tell why. Where keys of both types were given under the name of a signer, one of each must have signed; and the
 * pack must have a key for each fingerprint that was given.
 * @param {Uint8Array | null} note @param {import("./verify-known.js").Known} known
 */
export async function checkSeal(manifest, note, known, leaves) {
  if (!note && known.areGiven) throw new PackFault("unsealed");
  if (!note) return [];
  const found = await signers(note, known, "seal");
  if (found && known.areGiven && areMissing(known, found)) throw new PackFault("seal", null, { why: SEAL_WHYS.unknown });
  const head = headIn(note), claimed = { origin: manifest.origins.at(-1).origin, size: BigInt(manifest.size), root: manifest.root };
  if (isSame(head, claimed)) return found;
  if (isSame({ ...head, root: claimed.root }, claimed)) await leaves.requireSame(head.root);
  throw new PackFault("seal-head");
}

/**
 * The origins that the installation lists for this owner and that are not this trail's. Null without a list, or with one that is
 * not signed by a key that is known here, which counts for none. Throws PackFault for one that is false, or another's.
 * @param {Uint8Array | null} note @param {import("./verify-known.js").Known} known @param {{kind: string, number: string} | null} owner
 */
export async function checkOrigins(manifest, note, known, owner) {
  if (!note) return null;
  const found = await signers(note, known, "origins", { isUnknownFine: true });
  if (!found?.length) return null;
  const [format, about, ...listed] = textOf(note).split("\n").slice(0, -1), mine = manifest.origins.map(({ origin }) => origin);
  const isOurs = owner && format === ORIGINS_FORMAT && about === `${owner.kind} ${owner.number}`;
  const isList = new Set(listed).size === listed.length && listed.every(isName) && mine.every((one) => listed.includes(one));
  if (!isOurs || !isList) throw new PackFault("origins", null, { why: SEAL_WHYS.other });
  return listed.filter((one) => !mine.includes(one));
}

/** The earlier size and root of which since.json proves that they are a beginning of this trail. @returns {Map<bigint, string>} */
export function checkSince(manifest, data) {
  if (!data) return new Map();
  const fields = readCanonical(fromUtf8(data))?.value;
  const isKeyed = hasKeys(fields, ["size", "root", "proof"]) && isCount(fields.size) && isHex(fields.root, 32);
  if (!isKeyed || !Array.isArray(fields.proof) || !fields.proof.every((one) => isHex(one, 32))) throw new PackFault("since");
  const { size } = fields, roots = { root1: fromHex(fields.root), root2: fromHex(manifest.root) };
  if (!isConsistent({ size1: size, size2: manifest.size, ...roots, proof: fields.proof.map(fromHex) })) {
    throw new PackFault("since");
  }
  return new Map([[BigInt(size), fields.root]]);
}

/**
 * Whether the earlier head is sealed by a key that is known here. Throws PackFault where it is no beginning of this trail.
 * @param {Map<bigint, string>} known the roots that are known at some of its sizes
 * @param {Earlier} earlier @param {import("./verify-known.js").Known} trusted
 */
export async function checkEarlier(manifest, known, earlier, trusted) {
  const { origin, size, root } = earlier;
  const isSealed = Boolean(earlier.note) && (await isEarlierSealed(earlier, trusted));
  const place = manifest.origins.findIndex((one) => one.origin === origin);
  if (place < 0) throw new PackFault("earlier-trail", null, { origin });
  const following = manifest.origins[place + 1];
  const roots = new Map([[0n, toHex(sha256())], ...known, [BigInt(manifest.size), manifest.root]]);
  if (following && (size > following.start || (roots.get(size) ?? root) !== root)) {
    throw new PackFault("earlier-lost", following.start, { size });
  }
  if (size > manifest.size) throw new PackFault("earlier-larger", null, { size });
  if (!roots.has(size)) throw new PackFault("earlier-proof", null, { size });
  if (roots.get(size) !== root) throw new PackFault("earlier-root", null, { size });
  return isSealed;
}

/** A key that is not known here is no fault: a head that nobody sealed would hardly be the beginning of this trail. */
async function isEarlierSealed(earlier, known) {
  const found = await signers(earlier.note, known, "earlier-seal", { isUnknownFine: true });
  if (!isSame(headIn(earlier.note), earlier)) throw new PackFault("earlier-seal", null, { why: SEAL_WHYS.other });
  return Boolean(found?.length);
}

async function signers(note, known, fault, { isUnknownFine = false } = {}) {
  if (!(await canCheckSignatures())) return null;
  try {
    return (await openNote(note, known.vkeys)).signers;
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error;
    if (isUnknownFine && error.kind === "unknown") return [];
    throw new PackFault(fault, null, { why: SEAL_WHYS[error.kind] });
  }
}

/** What the note says of a tree, whoever signed it; undefined if that is no head of a trail. */
function headIn(note) {
  try {
    return checkpointIn(note);
  } catch (error) {
    if (error instanceof VerificationError) return undefined;
    throw error;
  }
}

function isSame(head, other) {
  return head !== undefined && ["origin", "size", "root"].every((name) => head[name] === other[name]);
}
