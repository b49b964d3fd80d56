// Checks an audit pack: what it shows is unaltered and, if it is complete, whole. Trusts nothing that the pack says. The
// checks, their order and their words are those of audit/verifier/verify.py; docs/reference/pack-format.md describes them.

import { LEAVES, Leaves, SHEET, TimelineCsv } from "./verify-beside.js";
import { Sha256, toHex } from "./verify-hash.js";
import { Erasures, Walk } from "./verify-entries.js";
import { checkEarlier, checkOrigins, checkSeal, checkSince, readEarlier, requireKeys } from "./verify-heads.js";
import { parseManifest } from "./verify-manifest.js";
import { csvLine, csvStart, instant } from "./verify-sheet.js";
import { PackFault, UNCHECKED, verdictSentence } from "./verify-verdict.js";
import { Unreadable, digestIn, lines, openArchive, pieces, readAll } from "./verify-zip.js";

const MOST_ROWS = 200; // of the timeline, kept to be shown
const ENTRIES = "entries.jsonl";
const PATIENCE = 50; // milliseconds without a breath, in which the page would not answer

/**
 * Never throws for what the pack or `since` (an earlier pack or seal) holds.
 * @param {Blob} blob
 * @param {{keys?: string[], since?: Blob, onProgress?: (share: number) => void}} options `keys` are verifier keys from
 *   elsewhere; without any, those in the pack are used and the verdict says so. `onProgress` hears 0 to 1.
 * @returns {Promise<{status: string, what: string, fault: string | null, idx: number | null, facts: object | null,
 *   rows: Record<string, string>[]}>} the verdict, and the first rows of the timeline
 */
export async function verifyPack(blob, { keys = [], since, onProgress = () => {} } = {}) {
  try {
    requireKeys(keys);
    const earlier = since && (await readEarlier(since));
    const pack = await Pack.open(blob);
    const facts = await pack.check(keys, earlier, onProgress);
    return { status: "holds", what: verdictSentence(facts), fault: null, idx: null, facts, rows: pack.rows };
  } catch (error) {
    const none = { facts: null, rows: [] };
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
    this.digests = new Map(); // of the files that were read to their end, in hex
    this.attached = new Set(); // SHA-256 of evidence that entries in scope and period name
    this.rows = [];
  }

  static async open(blob) {
    const archive = await openArchive(blob);
    return new Pack(archive, parseManifest(await readAll(archive, "manifest.json")));
  }

  async check(keys, earlier, onProgress) {
    const { manifest } = this, progress = new Progress(this.archive.members.get(ENTRIES).size, onProgress);
    await this.findErasures(progress);
    const walk = new Walk(manifest, this.erasures, earlier?.size);
    const leaves = new Leaves(this.archive, manifest, this.piecesIfThere(LEAVES));
    const sheetFault = await this.walk(walk, leaves, progress);
    const signedBy = await checkSeal(manifest, await this.read("checkpoint"), keys, leaves);
    const listed = await checkOrigins(manifest, await this.read("origins"), keys, walk.whose.owner);
    const known = checkSince(manifest, await this.read("since.json"));
    if (walk.wantedRoot) known.set(earlier.size, walk.wantedRoot);
    if (earlier) await checkEarlier(manifest, known, earlier, keys.length ? keys : manifest.keys);
    await leaves.end();
    if (sheetFault) throw sheetFault;
    await this.checkEvidence();
    await this.checkFiles();
    return this.facts(walk, signedBy, keys, earlier, listed);
  }

  /** The content, hashed on the way. */
  async *pieces(name) {
    const hash = new Sha256();
    for await (const piece of pieces(this.archive, name)) {
      hash.update(piece);
      yield piece;
    }
    this.digests.set(name, toHex(hash.digest()));
  }

  piecesIfThere(name) {
    return this.archive.members.has(name) ? this.pieces(name) : null;
  }

  /** A small file whole; null if the pack has none of that name. */
  async read(name) {
    if (!this.archive.members.has(name)) return null;
    const found = [];
    for await (const piece of this.pieces(name)) found.push(piece);
    return new Uint8Array(await new Blob(found).arrayBuffer());
  }

  /** Before all else, since an entry is judged by what a later one says was erased of it. */
  async findErasures(progress) {
    for await (const some of lines(pieces(this.archive, ENTRIES))) {
      for (const line of some) this.erasures.note(line);
      await progress.passed(some);
    }
  }

  /** Checks every entry and, beside it, its line of the CSV; returns what is wrong with that, to be said in its turn. */
  async walk(walk, leaves, progress) {
    const sheet = new TimelineCsv(this.piecesIfThere(SHEET));
    await sheet.expect(csvStart(this.manifest.tellsAbout), null);
    try {
      for await (const some of lines(this.pieces(ENTRIES))) {
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
    for (const digest of shown.digests) this.attached.add(digest);
    if (this.rows.length < MOST_ROWS) this.rows.push(shown.row);
  }

  async checkEvidence() {
    for (const name of [...this.archive.members.keys()].sort()) {
      const digest = digestIn(name);
      if (!digest) continue;
      await this.readThrough(name);
      if (this.digests.get(name) !== digest) throw new PackFault("evidence", null, { name });
      if (!this.attached.has(digest)) throw new PackFault("evidence-unknown", null, { name });
    }
  }

  /** Every file but the manifest is as the manifest lists it, those for people too. */
  async checkFiles() {
    const { members } = this.archive, { files } = this.manifest;
    const listed = new Set([...files.keys(), "manifest.json"]);
    for (const name of [...new Set([...members.keys(), ...listed])].sort()) {
      if (!members.has(name) || !listed.has(name)) throw new PackFault("files", null, { name });
    }
    for (const name of [...files.keys()].sort()) {
      if (!this.digests.has(name)) await this.readThrough(name);
      const { size, sha256 } = files.get(name);
      if (members.get(name).size !== size || this.digests.get(name) !== sha256) throw new PackFault("file", null, { name });
    }
  }

  async readThrough(name) {
    for await (const _ of this.pieces(name)) await breathe();
  }

  facts(walk, signedBy, keys, earlier, listed) {
    const { manifest } = this, { whose } = walk;
    const others = [...walk.counts].filter(([tag]) => !manifest.streams.has(tag)).map(([, count]) => count);
    const evidence = new Set([...this.archive.members.keys()].map(digestIn).filter(Boolean));
    const missing = [...this.attached].filter((digest) => !evidence.has(digest) && !this.erasures.evidence.has(digest));
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
      last_idx: walk.lastIdx,
      evidence: evidence.size,
      evidence_not_here: missing.length,
      trust: trust(signedBy, keys),
      signed_by: signedBy ?? [],
      earlier_size: earlier?.size ?? null,
      whose: whose.owner,
      named_since: whose.owner ? whose.since : null,
      renamed: whose.renamed,
      other_origins: listed,
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

function trust(signedBy, keys) {
  if (signedBy === null) return UNCHECKED;
  if (!signedBy.length) return "unsealed";
  return keys.length ? "given" : "self-asserted";
}
