// What the times of a trail's entries say, as audit/times.py does: where a clock was behind, and what no clock explains.

const SLACK = 60_000_000; // microseconds: how far apart the clocks of computers that serve one database may be
// A UUIDv7 (RFC 9562): its first 48 bits are milliseconds since 1970.
const TIMED_ID = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/**
 * Entries of which one thing is true: the positions of the first and the last, from 0, how many, and the most microseconds by
 * which it is true of any.
 * @typedef {{first: number, last: number, entries: number, most: number}} SomeEntries
 */

/** What the times of the entries noted so far amount to, each null where no entry is so. */
export class Times {
  constructor() {
    this.held = null; // their time is that of the entry before, because the clock said less
    this.falling = null; // their time lies before that of an entry before
    this.unexplained = null; // what they commit as the clock's doesn't account for their time
    this.apart = null; // their id was made more than SLACK from what the clock said, or tells no time
    this.lastIdx = -1;
    this.lastAt = 0;
  }

  /** Takes in the next entry's event. Entries may be missing between it and the one before. */
  note(idx, { id, at, clock }) {
    const said = clock ?? at, made = idTime(id);
    if (clock !== undefined) {
      const follows = this.lastIdx + 1 !== idx || this.lastAt === at;
      const kind = said < at && follows ? "held" : "unexplained";
      this[kind] = withEntry(this[kind], idx, Math.abs(at - said));
    }
    if (at < this.lastAt) this.falling = withEntry(this.falling, idx, this.lastAt - at);
    if (made === null) this.apart = withEntry(this.apart, idx, 0);
    else if (Math.abs(made - said) > SLACK) this.apart = withEntry(this.apart, idx, Math.abs(made - said));
    this.lastIdx = idx;
    this.lastAt = at;
  }
}

/** When an id was made, to the millisecond; null for one that isn't a UUIDv7, or of a time that no entry can have. */
function idTime(id) {
  const found = TIMED_ID.exec(id);
  const made = found ? parseInt(found[1] + found[2], 16) * 1_000 : NaN;
  return Number.isSafeInteger(made) ? made : null;
}

/** @param {SomeEntries | null} found @returns {SomeEntries} */
function withEntry(found, idx, by) {
  if (!found) return { first: idx, last: idx, entries: 1, most: by };
  return { first: found.first, last: idx, entries: found.entries + 1, most: Math.max(found.most, by) };
}
