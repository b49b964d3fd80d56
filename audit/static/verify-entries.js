// Checks the entries of a pack one by one, in order, as audit/verifier/entries.py does, and keeps only what the whole needs:
// counts, hashes, erasures.

import { fromUtf8, isObject, member, readCanonical } from "./verify-canonical.js";
import { fromHex, sha256, toHex } from "./verify-hash.js";
import { COMPLETE, covers, hasKeys, isCount, isHex } from "./verify-manifest.js";
import { Tree, isIncluded, leafHash } from "./verify-merkle.js";
import { ERASURE, NEEDS_FACTS, RECOVERED, TRAIL_STREAM, valuesIn } from "./verify-openings.js";
import { row } from "./verify-sheet.js";
import { Times } from "./verify-times.js";
import { PackFault } from "./verify-verdict.js";
import { Whose } from "./verify-whose.js";

const FIELD = /^(?:event|actor|facts|personal\.[!-~]{1,200})$/;
const DOMAIN = new TextEncoder().encode("vouch-audit-field/1\n");
const LINE_FEED = 10;
const encode = (text) => new TextEncoder().encode(text);

/** What erasure.applied entries list: `values` maps an idx to the erased commitments and their fields. */
export class Erasures {
  constructor() {
    this.values = new Map();
    this.evidence = new Set();
  }

  /** Notes those of a line, if it opens an erasure truly; what is wrong with a line is said when the walk comes to it. */
  note(line, { grade, version }) {
    if (!fromUtf8(line)?.includes(ERASURE)) return;
    const fields = readLine(line, grade === COMPLETE), head = fields && readHead(fields.header);
    const told = Object.entries(fields?.openings ?? {}).filter(([field]) => ["event", "facts"].includes(field));
    if (!head || told.length < 2 || !told.every(([field, opening]) => head.c.includes(committed(field, opening)))) return;
    const values = valuesOrNone(head.idx, told, version);
    if (values?.get("event").type !== ERASURE) return;
    const { erased, evidence } = values.get("facts");
    for (const { idx, field, commitment } of erased) {
      if (!this.values.has(idx)) this.values.set(idx, new Map());
      this.values.get(idx).set(commitment, field);
    }
    for (const digest of evidence) this.evidence.add(digest);
  }
}

/** The walk over the entries: what those read so far amount to. */
export class Walk {
  /** @param {import("./verify-manifest.js").Manifest} manifest @param {number | undefined} wanted a size to know the root of */
  constructor(manifest, erasures, wanted) {
    this.manifest = manifest;
    this.erasures = erasures;
    this.wanted = wanted;
    this.wantedRoot = undefined;
    this.isComplete = manifest.grade === COMPLETE;
    this.lines = this.inScope = this.opened = this.withheld = this.erased = 0;
    this.last = -1;
    this.origin = 0; // which of the manifest's origins the last entry is under
    this.lastIdx = this.firstAt = this.lastAt = null;
    this.leaf = undefined; // the last entry's hash
    this.tree = new Tree();
    this.counts = new Map(); // entries by tag
    this.recovered = new Set();
    this.whose = new Whose();
    this.times = new Times();
  }

  /**
   * Checks the next line against all before it.
   * @param {Uint8Array} line
   * @returns {{idx: number, row: Record<string, string>, attached: [string, string][]} | undefined} nothing outside scope or period;
   *   throws PackFault
   */
  take(line) {
    this.lines += 1;
    const fields = this.fieldsOf(line), head = this.headOf(fields.header);
    this.checkPlace(head);
    const openings = Object.entries(member(fields, "openings") ?? {});
    const isInScope = this.manifest.streams.has(head.stream);
    if (!isInScope && (openings.length || !this.isComplete || this.manifest.isAll)) throw new PackFault("scope", head.idx);
    if (isInScope) {
      this.inScope += 1;
      this.lastIdx = head.idx;
    }
    const shown = isInScope ? this.shown(head, openings) : undefined;
    this.checkTree(head, fields);
    this.last = head.idx;
    return shown;
  }

  /** Throws PackFault for what is missing after the last line. */
  finish() {
    const { manifest } = this;
    if (this.isComplete && this.last + 1 < manifest.size) throw new PackFault("end", this.last + 1, { size: manifest.size });
    for (const { start } of manifest.origins.slice(1)) if (!this.recovered.has(start)) throw new PackFault("no-recovery", start);
    for (const [tag, stream] of manifest.streams) if (!this.counts.has(tag)) throw new PackFault("stream-empty", null, { stream });
    if (this.isComplete && toHex(this.tree.root()) !== manifest.root) throw new PackFault("root");
    this.whose.checkSchool(manifest.school);
  }

  fieldsOf(line) {
    const fields = readLine(line, this.isComplete);
    if (!fields) throw new PackFault("line", this.lineIdx(), { line: this.lines });
    return fields;
  }

  headOf(text) {
    const head = readHead(text);
    if (!head) throw new PackFault("header", this.lineIdx(), { line: this.lines });
    return head;
  }

  /** Which entry a line without a readable header would be; an extract can't tell. */
  lineIdx() {
    return this.isComplete ? this.lines - 1 : null;
  }

  /** Its position in the trail and in its stream; nothing is missing before it. */
  checkPlace({ idx, origin, stream, sseq }) {
    const { manifest } = this, due = this.last + 1;
    if (idx >= manifest.size) throw new PackFault("surplus", idx, { size: manifest.size });
    if (idx < due) throw new PackFault("order", idx);
    if (idx > due && this.isComplete) throw new PackFault("missing", due, { next: idx + 1 });
    while (manifest.origins[this.origin + 1]?.start <= idx) this.origin += 1;
    if (origin !== manifest.origins[this.origin].origin) throw new PackFault("origin", idx, { origin });
    const expected = this.counts.get(stream) ?? 0;
    if (sseq !== expected) throw new PackFault("sequence", idx, { found: sseq + 1, due: expected + 1 });
    this.counts.set(stream, expected + 1);
  }

  /** What an entry in scope says, if it is in the period. */
  shown(head, openings) {
    const { idx } = head, commitments = new Set(head.c);
    const opened = openings.map(([field, opening]) => [committed(field, opening), field]);
    for (const [made, field] of opened) if (!commitments.has(made)) throw new PackFault("mismatch", idx, { field });
    if (!openings.some(([field]) => field === "event")) throw new PackFault("event", idx);
    const values = valuesIn(idx, openings, this.manifest.version);
    const { at, stream, type } = values.get("event"), listed = this.manifest.streams.get(head.stream);
    if (stream !== listed) throw new PackFault("stream", idx, { stream, listed });
    if (NEEDS_FACTS.includes(type) && !values.has("facts")) throw new PackFault("facts", idx);
    this.times.note(idx, values.get("event"));
    this.checkRecovery(head, values);
    if (stream === TRAIL_STREAM) {
      const isFirst = idx === 0 || (idx === 1 && this.recovered.has(0));
      this.whose.noteOwner(idx, type, values.get("facts"), isFirst);
    }
    const gone = new Map([...(this.erasures.values.get(idx) ?? [])].filter(([made]) => commitments.has(made)));
    for (const [made, field] of opened) if (gone.has(made)) throw new PackFault("erased-here", idx, { field });
    if (!covers(this.manifest, at)) return undefined;
    this.whose.noteCalled(head.stream, stream, values.get("personal.supplier_name"));
    const withheld = commitments.size - opened.length - gone.size;
    this.opened += 1;
    this.firstAt = Math.min(this.firstAt ?? at, at);
    this.lastAt = Math.max(this.lastAt ?? at, at);
    this.withheld += withheld;
    this.erased += gone.size;
    const told = row(idx, values, [...gone.values()], withheld, this.manifest.tellsAbout);
    return { idx, row: told, attached: attachedIn(values.get("facts") ?? {}) };
  }

  /** Where the trail takes another name, an entry says which one it had, and what was restored. */
  checkRecovery(head, values) {
    const begins = this.origin > 0 && this.manifest.origins[this.origin].start === head.idx;
    const event = values.get("event"), facts = values.get("facts");
    const saysSo = event.stream === TRAIL_STREAM && event.type === RECOVERED;
    if (!begins) {
      if (saysSo) this.recovered.add(head.idx); // the first of a trail of which nothing was left
      return;
    }
    const fact = (name) => member(facts, name);
    const isTold =
      saysSo &&
      fact("old_origin") === this.manifest.origins[this.origin - 1].origin &&
      isCount(fact("signed_size")) && isHex(fact("signed_root"), 32) &&
      fact("restored_size") === head.idx && isHex(fact("restored_root"), 32) &&
      (!this.isComplete || fact("restored_root") === toHex(this.tree.root()));
    if (!isTold) throw new PackFault("recovery", head.idx);
    this.recovered.add(head.idx);
  }

  checkTree(head, fields) {
    const leaf = (this.leaf = leafHash(encode(fields.header)));
    if (this.isComplete) {
      this.tree.push(leaf);
      if (this.tree.size === this.wanted) this.wantedRoot = toHex(this.tree.root());
      return;
    }
    const { size, root } = this.manifest;
    const claim = { leaf, index: head.idx, size, proof: fields.proof.map(fromHex), root: fromHex(root) };
    if (!isIncluded(claim)) throw new PackFault("proof", head.idx);
  }
}

/** The line taken apart, or undefined for what is not in its form. */
function readLine(line, isComplete) {
  const fields = line.at(-1) === LINE_FEED ? readCanonical(fromUtf8(line.subarray(0, -1)))?.value : undefined;
  const keys = ["header", ...(isComplete ? [] : ["proof"]), ...(member(fields, "openings") === undefined ? [] : ["openings"])];
  return hasKeys(fields, keys) && isLine(fields) ? fields : undefined;
}

/** The header taken apart, or undefined for what is not in its form. */
function readHead(text) {
  const head = readCanonical(text)?.value;
  return hasKeys(head, ["v", "origin", "idx", "stream", "sseq", "c"]) && isHead(head) ? head : undefined;
}

function valuesOrNone(idx, openings, version) {
  try {
    return valuesIn(idx, openings, version);
  } catch (error) {
    if (error instanceof PackFault) return undefined;
    throw error;
  }
}

/** Of each attachment its SHA-256 and its media type; one that is no text is as good as none. */
function attachedIn(facts) {
  const listed = member(facts, "attachments") ?? [];
  return listed.map((one) => [one.sha256, typeof member(one, "media_type") === "string" ? one.media_type : ""]);
}

function committed(field, { salt, value }) {
  const length = Uint8Array.of(field.length >> 8, field.length & 255);
  return toHex(sha256(DOMAIN, length, encode(field), fromHex(salt), encode(value)));
}

function isLine({ header, openings, proof = [] }) {
  const isOpened = openings === undefined || (isObject(openings) && Object.keys(openings).length > 0);
  return isOpened && Object.entries(openings ?? {}).every(([field, opening]) => isOpening(field, opening)) &&
    typeof header === "string" && Array.isArray(proof) && proof.every((one) => isHex(one, 32));
}

function isOpening(field, opening) {
  return FIELD.test(field) && hasKeys(opening, ["salt", "value"]) && isHex(opening.salt, 32) && typeof opening.value === "string";
}

function isHead({ v, origin, idx, stream, sseq, c }) {
  return v === 1 && typeof origin === "string" && isCount(idx) && isCount(sseq) && isHex(stream, 16) && Array.isArray(c) &&
    c.every((one, n) => isHex(one, 32) && (n === 0 || c[n - 1] < one));
}
