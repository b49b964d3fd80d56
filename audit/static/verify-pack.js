// Checks an audit pack: what it shows is unaltered and, if it is complete, whole. Trusts nothing that the pack says. The
// checks, their order and their words are those of audit/verifier/verify.py; docs/reference/pack-format.md describes them.

import { LEAVES, Leaves, SHEET, TimelineCsv } from "./verify-beside.js";
import { Sha256, toHex } from "./verify-hash.js";
import { Erasures, Walk } from "./verify-entries.js";
import { fingerprint } from "./verify-fingerprint.js";
import { checkEarlier, checkOrigins, checkSeal, checkSince, readEarlier } from "./verify-heads.js";
import { requireKeys, trustedKeys } from "./verify-known.js";
import { readManifest } from "./verify-manifest.js";
import { ALGORITHMS, hasLinesOfOthers } from "./verify-note.js";
import { follow } from "./verify-rotations.js";
import { csvLine, csvStart, instant } from "./verify-sheet.js";
import { COPY, LEFT_OPEN, PackFault, UNCHECKED, factWarnings, timeWarnings, verdictSentence } from "./verify-verdict.js";
import { Unreadable, digestIn, hasFittingEnding, lines, openArchive, pieces, readAll } from "./verify-zip.js";

const MOST_ROWS = 200; // of the timeline, kept to be shown
const ENTRIES = "entries.jsonl";
const PACKED_VERIFIER = "vouch_verify.py";
const FOR_PEOPLE = ["report.pdf", "report.xlsx", "READ-ME.txt", PACKED_VERIFIER];
const PATIENCE = 50; // milliseconds without a breath, in which the page would not answer

/**
 * Never throws for what the pack or `since` (an earlier pack or seal) holds.
 * @param {Blob} blob
 * @param {{keys?: string[], since?: Blob, onProgress?: (share: number) => void}} options `keys` are verifier keys, or
 *   fingerprints of such, from elsewhere; without any, those in the pack are used and the verdict says so. `onProgress` hears 0 to 1.
 * @returns {Promise<{status: string, what: string, fault: string | null, idx: number | null, facts: object | null,
 *   warnings: string[], rows: Record<string, string>[]}>} the verdict, and the first rows of the timeline
 */
export async function verifyPack(blob, { keys = [], since, onProgress = () => {} } = {}) {
  try {
    const given = requireKeys(keys);
    const earlier = since && (await readEarlier(since));
    const pack = await Pack.open(blob);
    const { facts, warnings } = await pack.check(given, earlier, onProgress);
    return { status: "holds", what: verdictSentence(facts), fault: null, idx: null, facts, warnings, rows: pack.rows };
  } catch (error) {
    const none = { facts: null, warnings: [], rows: [] };
    if (error instanceof PackFault) return { status: "fails", what: error.sentence(), fault: error.fault, idx: error.idx, ...none };
    if (error instanceof Unreadable) return { status: "unreadable", what: error.message, fault: null, idx: null, ...none };
    throw error;
  }
}

/** An opened pack on its way through the checks. */
class Pack {
  constructor(archive, manifest) {
    this.archive = archive;
    this.manifest = manifest;
    this.erasures = new Erasures();
    this.digests = new Map(); // SHA-256, in hex, of each file but the manifest
    this.attached = new Map(); // by SHA-256 of evidence that entries in scope and period name, its media types
    this.rows = [];
  }

  static async open(blob) {
    const archive = await openArchive(blob);
    return new Pack(archive, await readManifest(archive));
  }

  async check(given, earlier, onProgress) {
    const { manifest } = this, progress = new Progress(this.archive.members.get(ENTRIES).size, onProgress);
    await this.readThrough(progress);
    const walk = new Walk(manifest, this.erasures, earlier && Number(earlier.size));
    const leaves = new Leaves(this.archive, manifest, this.piecesIfThere(LEAVES));
    const sheetFault = await this.walk(walk, leaves, progress);
    const heads = await this.checkHeads(walk, given, earlier, leaves);
    await leaves.end();
    if (sheetFault) throw sheetFault;
    this.checkEvidence();
    this.checkFiles();
    const facts = this.facts(walk, heads);
    return { facts, warnings: [...timeWarnings(walk.times), ...factWarnings(facts, manifest.version >= 3)] };
  }

  /** The seal and what goes with it; returns the facts about them. */
  async checkHeads(walk, given, earlier, leaves) {
    const { manifest } = this, known = await follow(trustedKeys(manifest, given), await this.read("rotations")), seal = await this.read("checkpoint");
    const signers = await checkSeal(manifest, seal, known, leaves);
    const listed = await checkOrigins(manifest, await this.read("origins"), known, walk.whose.owner);
    const roots = checkSince(manifest, await this.read("since.json"));
    if (walk.wantedRoot) roots.set(earlier.size, walk.wantedRoot);
    const isSealed = earlier ? await checkEarlier(manifest, roots, earlier, known) : true;
    const mayBeWitnessed = Boolean(signers?.length) && hasLinesOfOthers(seal, signers.map(({ name }) => name));
    const left = { timestamp: this.archive.members.has("timestamp"), witnesses: mayBeWitnessed, "earlier-seal": !isSealed };
    const trusted = trust(signers, known), algorithm = ({ type }) => ALGORITHMS.get(type);
    return {
      trust: trusted,
      copy: COPY[trusted] ?? "none",
      signed_by: [...new Set(signers?.map(({ name }) => name))],
      signers: (signers ?? []).map((key) => ({ vkey: key.vkey, algorithm: algorithm(key), fingerprint: fingerprint(key.vkey) })),
      algorithms: [...ALGORITHMS].filter(([type]) => signers?.some((key) => key.type === type)).map(([, name]) => name),
      key_changes: signers?.length ? Math.min(...signers.map(({ vkey }) => known.changes.get(vkey) ?? 0)) : 0,
      earlier_size: earlier ? Number(earlier.size) : null,
      other_origins: listed,
      left_open: Object.keys(LEFT_OPEN).filter((what) => left[what]),
    };
  }

  /**
   * Reads every file to its end, and what was erased. Throws Unreadable for damage: before it is sure that there is none, nothing
   * else is judged.
   */
  async readThrough(progress) {
    for await (const some of lines(this.hashed(ENTRIES))) {
      for (const line of some) this.erasures.note(line, this.manifest);
      await progress.passed(some);
    }
    for (const name of this.archive.members.keys()) {
      if (name !== "manifest.json" && name !== ENTRIES) for await (const _ of this.hashed(name)) await breathe();
    }
  }

  async *hashed(name) {
    const hash = new Sha256();
    for await (const piece of pieces(this.archive, name)) {
      hash.update(piece);
      yield piece;
    }
    this.digests.set(name, toHex(hash.digest()));
  }

  piecesIfThere(name) {
    return this.archive.members.has(name) ? pieces(this.archive, name) : null;
  }

  /** A small file whole; null if the pack has none of that name. */
  async read(name) {
    return this.archive.members.has(name) ? readAll(this.archive, name) : null;
  }

  /** Checks every entry and, beside it, its line of the CSV; returns what is wrong with that, to be said in its turn. */
  async walk(walk, leaves, progress) {
    const sheet = new TimelineCsv(this.piecesIfThere(SHEET));
    await sheet.expect(csvStart(this.manifest.tellsAbout), null);
    try {
      for await (const some of lines(pieces(this.archive, ENTRIES))) {
        for (const line of some) await this.take(walk, line, leaves, sheet);
        await progress.passed(some);
      }
      const fault = await sheet.end();
      walk.finish();
      return fault;
    } catch (error) {
      if (error instanceof PackFault) await leaves.requireSame(this.manifest.root); // a header may be what is wrong with a later one
      throw error;
    }
  }

  async take(walk, line, leaves, sheet) {
    const shown = walk.take(line);
    await leaves.expect(walk.leaf, walk.last);
    if (!shown) return;
    await sheet.expect(csvLine(shown.row, this.manifest.tellsAbout), shown.idx);
    for (const [digest, type] of shown.attached) this.attached.set(digest, [...(this.attached.get(digest) ?? []), type]);
    if (this.rows.length < MOST_ROWS) this.rows.push(shown.row);
  }

  checkEvidence() {
    for (const name of [...this.archive.members.keys()].sort()) {
      const digest = digestIn(name);
      if (digest && this.digests.get(name) !== digest) throw new PackFault("evidence", null, { name });
      if (digest && !this.attached.has(digest)) throw new PackFault("evidence-unknown", null, { name });
      if (digest && !hasFittingEnding(name, this.attached.get(digest))) throw new PackFault("evidence-ending", null, { name });
    }
  }

  /** Every file but the manifest is as the manifest lists it, those for people too. */
  checkFiles() {
    const { members } = this.archive, { files } = this.manifest;
    const listed = new Set([...files.keys(), "manifest.json"]);
    for (const name of [...new Set([...members.keys(), ...listed])].sort()) {
      if (!members.has(name) || !listed.has(name)) throw new PackFault("files", null, { name });
    }
    for (const name of [...files.keys()].sort()) {
      const { size, sha256 } = files.get(name);
      if (members.get(name).size !== size || this.digests.get(name) !== sha256) throw new PackFault("file", null, { name });
    }
  }

  facts(walk, heads) {
    const { manifest } = this, { whose } = walk;
    const others = [...walk.counts].filter(([tag]) => !manifest.streams.has(tag)).map(([, count]) => count);
    const evidence = new Set([...this.archive.members.keys()].map(digestIn).filter(Boolean));
    const missing = [...this.attached.keys()].filter((digest) => !evidence.has(digest) && !this.erasures.evidence.has(digest));
    const instantOrNull = (at) => (at === null ? null : instant(at));
    return {
      school: manifest.school,
      grade: manifest.grade,
      origin: manifest.origins.at(-1).origin,
      size: manifest.size,
      root: manifest.root,
      entries: walk.lines,
      in_scope: walk.inScope,
      opened: walk.opened,
      withheld: walk.withheld,
      erased: walk.erased,
      recovered: [...walk.recovered],
      streams: [...manifest.streams].map(([tag, name]) => ({ name, entries: walk.counts.get(tag), called: whose.called.get(tag) ?? [] })),
      other_streams: walk.isComplete ? others.length : null,
      other_entries: walk.isComplete ? others.reduce((sum, count) => sum + count, 0) : null,
      since: instantOrNull(manifest.since),
      until: instantOrNull(manifest.until),
      first_recorded: instantOrNull(walk.firstAt),
      last_recorded: instantOrNull(walk.lastAt),
      held: walk.times.held,
      last_idx: walk.lastIdx,
      evidence: evidence.size,
      evidence_not_here: missing.length,
      not_checked: FOR_PEOPLE.filter((name) => this.archive.members.has(name)),
      verifier: this.digests.get(PACKED_VERIFIER) ?? null,
      ...heads,
      whose: whose.owner,
      named_since: whose.owner ? whose.since : null,
      renamed: whose.renamed,
      seen: null, // no policy is asked for here
    };
  }
}

/** How much of the entries was read, twice; lets the page breathe. */
class Progress {
  constructor(size, onProgress) {
    this.done = 0;
    this.total = 2 * size;
    this.onProgress = onProgress;
  }

  async passed(some) {
    for (const line of some) this.done += line.length;
    if (await breathe()) this.onProgress(Math.min(1, this.done / this.total));
  }
}

let breathed = 0;

/** Gives the page its turn if it waited long; says whether it did. */
async function breathe() {
  if (performance.now() - breathed < PATIENCE) return false;
  await new Promise((resolve) => setTimeout(resolve));
  breathed = performance.now();
  return true;
}

function trust(signers, known) {
  if (signers === null) return UNCHECKED;
  if (!signers.length) return "unsealed";
  return known.areGiven ? "given" : "self-asserted";
}
