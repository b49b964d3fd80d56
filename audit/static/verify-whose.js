// Whose a trail is, as its own entries say, and what they call suppliers: audit/verifier/whose.py once more.

import { isObject, member } from "./verify-canonical.js";
import { isCount, isName } from "./verify-manifest.js";
import { PackFault } from "./verify-verdict.js";

const BEGUN = "trail.begun", RENAMED = "trail.renamed";
const OWNERS = ["school", "trust", "operator"];
const NAMED_STREAMS = ["supplier", "contract"]; // what streams are about that are about one supplier each
const MOST_CALLED = 10; // names of one supplier that are kept: the first ones, and the newest

/**
 * What the entries read so far say: `owner` null while none does, `since` the entry from which on it is named, `renamed` the
 * entries that tell of another name or number; `called` maps the tag of a stream to what its supplier was called.
 */
export class Whose {
  constructor() {
    this.owner = null;
    this.since = 0;
    this.renamed = [];
    this.called = new Map();
  }

  /**
   * Takes in an entry of the stream `trail`; throws PackFault for one that should say whose the trail is, and does not.
   * @param {number} idx @param {string} what @param {any} facts
   * @param {boolean} isFirst nothing comes before it but the loss of an older trail
   */
  noteOwner(idx, what, facts, isFirst) {
    if (what !== BEGUN && what !== RENAMED) return;
    const isRenamed = what === RENAMED, late = member(facts, "late");
    const owner = ownerIn(isRenamed ? member(facts, "new") : facts);
    let fits;
    if (isRenamed) {
      fits = this.owner !== null && isSameOwner(ownerIn(member(facts, "old")), this.owner);
      this.renamed.push(idx);
    } else {
      const isLate = late === true && isCount(member(facts, "size")) && facts.size === idx;
      fits = this.owner === null && (isLate || (isFirst && late === undefined));
      this.since = late === undefined ? 0 : idx;
    }
    if (!owner || !fits) throw new PackFault("whose", idx);
    this.owner = owner;
  }

  /** Takes in what an entry of this stream calls its supplier. @param {string} tag @param {string} stream @param {any} name */
  noteCalled(tag, stream, name) {
    if (!NAMED_STREAMS.includes(stream.split(":")[0]) || typeof name !== "string") return;
    if (!this.called.has(tag)) this.called.set(tag, []);
    const names = this.called.get(tag);
    if (names.at(-1) === name) return;
    names.splice(MOST_CALLED - 1);
    names.push(name);
  }

  /** Throws PackFault if the pack calls itself another's than its trail. @param {string} school */
  checkSchool(school) {
    if (this.owner && school !== this.owner.name) throw new PackFault("school", null, { school, name: this.owner.name });
  }
}

/** Undefined for what is not in the form that owners have. */
function ownerIn(told) {
  if (!isObject(told)) return undefined;
  const [kind, name, number] = ["kind", "name", "number"].map((field) => member(told, field));
  const isOwner = OWNERS.includes(kind) && isName(name) && (number === "" || isName(number));
  return isOwner ? { kind, name, number } : undefined;
}

function isSameOwner(owner, other) {
  return owner !== undefined && ["kind", "name", "number"].every((field) => owner[field] === other[field]);
}
