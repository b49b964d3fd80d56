// The files of a pack that its entries give anew, compared as the entries are read: timeline.csv and the list of leaf
// hashes. As in audit/verifier/beside.py.

import { HASH_BYTES, sameBytes, toHex } from "./verify-hash.js";
import { COMPLETE } from "./verify-manifest.js";
import { Tree } from "./verify-merkle.js";
import { PackFault } from "./verify-verdict.js";
import { joined, pieces } from "./verify-zip.js";

export const LEAVES = "leaves", SHEET = "timeline.csv";

/** A file that should be what is expected of it, piece by piece; read until the first difference. */
class ComparedFile {
  constructor(content) {
    this.content = content;
    this.rest = new Uint8Array(0);
    this.differs = false;
  }

  /** Whether it goes on with just these bytes; never again after a difference. */
  async expect(given) {
    while (!this.differs && this.rest.length < given.length && (await this.more()));
    this.differs ||= !sameBytes(this.rest.subarray(0, given.length), given);
    this.rest = this.rest.subarray(given.length);
    return !this.differs;
  }

  async isOver() {
    return !this.differs && !this.rest.length && !(await this.more());
  }

  async more() {
    const { value, done } = await this.content.next();
    if (!done) this.rest = joined(this.rest, value);
    return !done;
  }
}

/** timeline.csv. What is wrong with it is said later, in its turn. */
export class TimelineCsv {
  /** @param {AsyncIterator<Uint8Array> | null} content */
  constructor(content) {
    this.beside = content && new ComparedFile(content);
    this.fault = content ? null : new PackFault("files", null, { name: SHEET });
  }

  async expect(text, idx) {
    if (this.fault || (await this.beside.expect(new TextEncoder().encode(text)))) return;
    this.fault = new PackFault(idx === null ? "csv-lines" : "csv", idx);
  }

  async end() {
    return this.fault ?? ((await this.beside.isOver()) ? null : new PackFault("csv-lines"));
  }
}

/**
 * The list of leaf hashes: proves nothing by itself, and names the header that was changed if it has the trail's root. A pack
 * that was made before there were such lists has none, and nothing is expected of it.
 */
export class Leaves {
  /** @param {AsyncIterator<Uint8Array> | null} content */
  constructor(archive, manifest, content) {
    this.archive = archive;
    this.manifest = manifest;
    this.isOutOfPlace = Boolean(content) && manifest.grade !== COMPLETE;
    this.beside = content && !this.isOutOfPlace ? new ComparedFile(content) : null;
    this.first = null; // the entry that is another than the list says
  }

  async expect(leaf, idx) {
    if (this.beside && this.first === null && !(await this.beside.expect(leaf))) this.first = idx;
  }

  /** Throws PackFault for the first entry read that is not the one in the list, if the list has this root. */
  async requireSame(root) {
    if (this.first !== null && (await this.root()) === root) throw new PackFault("changed", this.first);
  }

  /** Throws PackFault for a list that is not that of the entries, which are known to have the pack's root. */
  async end() {
    if (this.isOutOfPlace || (this.beside && !(await this.beside.isOver()))) throw new PackFault("leaves");
  }

  /** The tree hash of the list, in hex, read again; nothing if it is not as long as the trail. */
  async root() {
    if (this.archive.members.get(LEAVES).size !== HASH_BYTES * this.manifest.size) return undefined;
    const tree = new Tree();
    let rest = new Uint8Array(0);
    for await (const piece of pieces(this.archive, LEAVES)) {
      const all = joined(rest, piece), whole = all.length - (all.length % HASH_BYTES);
      for (let at = 0; at < whole; at += HASH_BYTES) tree.push(all.subarray(at, at + HASH_BYTES));
      rest = all.subarray(whole);
    }
    return toHex(tree.root());
  }
}
