// Reads the zip of an audit pack that somebody may have made to do harm: every size is counted, no name is a path. As
// strict as audit/verifier/archive.py: names of a closed list, no name twice, no byte that belongs to nothing.

import { crc32, sameBytes } from "./verify-hash.js";
import { printable } from "./verify-verdict.js";

/** What was given can't be judged; the message is a whole sentence that says why. */
export class Unreadable extends Error {}

const KIB = 2 ** 10, MIB = 2 ** 20, GIB = 2 ** 30;
const MAX_MEMBERS = 5000;
const MAX_LINE = 256 * KIB;
export const MAX_SIZES = new Map([
  ["manifest.json", MIB],
  ["entries.jsonl", 2 * GIB],
  ["checkpoint", 64 * KIB],
  ["since.json", 64 * KIB],
  ["origins", 64 * KIB],
  ["rotations", 64 * KIB],
  ["timestamp", 64 * KIB],
  ["leaves", 2 * GIB],
  ["timeline.csv", 512 * MIB],
  ["READ-ME.txt", MIB],
  ["vouch_verify.py", MIB],
  ["report.pdf", 256 * MIB],
  ["report.xlsx", 256 * MIB],
]);
const EVIDENCE = /^evidence\/([0-9a-f]{64})(?:\.[A-Za-z0-9]{1,5})?$/;
// What a file of evidence may end with by its media type, besides nothing. Of other types nothing is known here.
export const EVIDENCE_ENDINGS = new Map([
  ["application/pdf", ".pdf"],
  ["image/jpeg", ".jpg"],
  ["image/png", ".png"],
  ["image/webp", ".webp"],
  ["image/heic", ".heic"],
  ["text/plain", ".txt"],
  ["message/rfc822", ".eml"],
  ["application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"],
  ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"],
  ["application/vnd.ms-outlook", ".msg"],
]);
const MAX_EVIDENCE = 32 * MIB, MAX_EVIDENCE_IN_ALL = 2 * GIB;
const STORED = 0, DEFLATED = 8;
const HARMLESS_FLAGS = 0x0806; // how hard the deflating tried, and names in UTF-8
const END = 22, CENTRAL = 46, LOCAL = 30; // bytes of the records, without names
const NO_ZIP = "This is no audit pack: it is no zip file, or it was cut short or added to.";
const REPACKED = "This zip was packed again, damaged, or made by something else than Vouch. Ask for the file as it was first made.";
const NOT_PLAIN = "The zip holds a link, a device or a folder in the place of a file. Don't unpack it: no audit pack has one.";
const GONE = "The file can't be read any more: it was moved or changed. Choose it again.";

/**
 * One file in the zip; `start` is where its bytes begin, `packed` how many there are, `size` how many come out.
 * @typedef {{name: string, method: number, crc: number, packed: number, size: number, start: number}} Member
 * @typedef {{blob: Blob, members: Map<string, Member>}} Archive
 */

/** Reads the directory and compares it with every local header. @param {Blob} blob @returns {Promise<Archive>} throws Unreadable */
export async function openArchive(blob) {
  const end = view(await exactly(blob, blob.size - END, END));
  const [here, count] = [8, 10].map((at) => end.getUint16(at, true));
  const [directorySize, directory] = [12, 16].map((at) => end.getUint32(at, true));
  const comment = end.getUint16(20, true);
  if (end.getUint32(0, true) !== 0x06054b50 || comment || directory + directorySize + END !== blob.size) throw new Unreadable(NO_ZIP);
  if (end.getUint32(4, true) || here !== count) throw new Unreadable(REPACKED); // on several disks
  if (count > MAX_MEMBERS) throw new Unreadable(`The zip has more than ${MAX_MEMBERS.toLocaleString("en-GB")} files, and no audit pack has.`);
  const members = await membersOf(blob, await exactly(blob, directory, directorySize), count, directory);
  requireFiles(members);
  return { blob, members };
}

/** The content in pieces. Throws Unreadable unless its length and checksum are as the zip says. @param {Archive} archive */
export async function* pieces({ blob, members }, name) {
  const member = members.get(name);
  const reader = unpacked(blob.slice(member.start, member.start + member.packed), member.method).getReader();
  let size = 0, crc = 0;
  try {
    for (let next = await read(reader, name); !next.done; next = await read(reader, name)) {
      size += next.value.length;
      if (size > member.size) break;
      crc = crc32(next.value, crc);
      yield next.value;
    }
  } finally {
    reader.cancel().catch(() => {}); // already closed or broken: there is nothing to cancel
  }
  if (size !== member.size || crc !== member.crc) {
    throw new Unreadable(`${name} is damaged: it does not have the length and the checksum that the zip gives it.`);
  }
}

/** For what is small. @param {Archive} archive @returns {Promise<Uint8Array>} */
export async function readAll(archive, name) {
  const all = new Uint8Array(archive.members.get(name).size);
  let at = 0;
  for await (const piece of pieces(archive, name)) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** Lists of whole lines with their line feeds; the last line may have none. @param {AsyncIterable<Uint8Array>} content */
export async function* lines(content) {
  let rest = new Uint8Array(0);
  for await (const piece of content) {
    const whole = [];
    let start = 0;
    for (let end = piece.indexOf(10); end >= 0; end = piece.indexOf(10, start)) {
      const line = piece.subarray(start, end + 1);
      whole.push(rest.length ? joined(rest, line) : line);
      rest = new Uint8Array(0);
      start = end + 1;
    }
    rest = joined(rest, piece.subarray(start));
    if (rest.length > MAX_LINE || whole.some((line) => line.length > MAX_LINE + 1)) {
      throw new Unreadable(`entries.jsonl has a line of more than ${MAX_LINE / KIB} KiB, and no entry needs as much.`);
    }
    yield whole;
  }
  if (rest.length) yield [rest];
}

/**
 * Whether a name of evidence ends as a file of one of these media types does. @param {string} name @param {string[]} mediaTypes
 */
export function hasFittingEnding(name, mediaTypes) {
  const ending = name.slice("evidence/".length + 64);
  return !ending || mediaTypes.some((type) => (EVIDENCE_ENDINGS.get(type) ?? ending) === ending);
}

/** The SHA-256, in hex, that a name of evidence promises; "" for other names. */
export function digestIn(name) {
  return EVIDENCE.exec(name)?.[1] ?? "";
}

/** In the order in which they lie in the file, from its first byte to the directory, without a gap. */
async function membersOf(blob, directory, count, end) {
  const found = [];
  let at = 0;
  for (let n = 0; n < count; n++) {
    const record = directory.subarray(at, at + CENTRAL);
    if (record.length < CENTRAL) throw new Unreadable(REPACKED);
    const one = centralRecord(record, directory.subarray(at + CENTRAL, at + CENTRAL + view(record).getUint16(28, true)));
    found.push(one);
    at += CENTRAL + one.nameLength;
  }
  if (at !== directory.length) throw new Unreadable(REPACKED);
  const members = new Map();
  let due = 0;
  for (const { offset, local, member } of found.sort((one, other) => one.offset - other.offset)) {
    if (offset !== due || member.start + member.packed > end || !sameBytes(await exactly(blob, offset, local.length), local)) {
      throw new Unreadable(REPACKED);
    }
    if (members.has(member.name)) throw new Unreadable(`The zip has ${member.name} twice.`);
    members.set(member.name, member);
    due = member.start + member.packed;
  }
  if (due !== end) throw new Unreadable(REPACKED);
  return members;
}

/** A record of the directory, and the local header that has to stand before the content. */
function centralRecord(record, rawName) {
  const fields = view(record);
  const flags = fields.getUint16(8, true), method = fields.getUint16(10, true), nameLength = fields.getUint16(28, true);
  const more = [30, 32, 34].some((at) => fields.getUint16(at, true)); // an extra field, a comment, another disk
  if (fields.getUint32(0, true) !== 0x02014b50 || more || flags & ~HARMLESS_FLAGS || ![STORED, DEFLATED].includes(method)) {
    throw new Unreadable(REPACKED);
  }
  if (!isPlainFile(fields.getUint32(38, true))) throw new Unreadable(NOT_PLAIN);
  const local = new Uint8Array(LOCAL + rawName.length);
  local.set([0x50, 0x4b, 3, 4]);
  local.set(record.subarray(6, 30), 4); // from the version to the length of the name, as in the directory
  local.set(rawName, LOCAL);
  const [crc, packed, size, offset] = [16, 20, 24, 42].map((at) => fields.getUint32(at, true));
  const member = { name: knownName(rawName), method, crc, packed, size, start: offset + local.length };
  return { offset, local, member, nameLength };
}

/** Whether whoever unpacks the file gets a file: no link, device or folder, by Unix's type or by DOS's marks. */
function isPlainFile(attributes) {
  return [0, 8].includes(attributes >>> 28) && !(attributes & 0x58);
}

function knownName(raw) {
  const name = Array.from(raw, (byte) => (byte < 128 ? String.fromCharCode(byte) : "\ufffd")).join("");
  if (!MAX_SIZES.has(name) && !EVIDENCE.test(name)) {
    throw unheardOf(name);
  }
  return name;
}

/** What to throw for a file that packs don't have. @param {string} name */
export function unheardOf(name) {
  return new Unreadable(`The zip has a file that no audit pack has: ${printable(`'${name}'`).slice(0, 80)}.`);
}

function requireFiles(members) {
  for (const name of ["manifest.json", "entries.jsonl"]) {
    if (!members.has(name)) throw new Unreadable(`This is no audit pack: it has no ${name}.`);
  }
  for (const { name, size } of members.values()) {
    if (size > (MAX_SIZES.get(name) ?? MAX_EVIDENCE)) {
      throw new Unreadable(`${name} claims ${size.toLocaleString("en-GB")} bytes, more than an audit pack may have.`);
    }
  }
  const evidence = [...members.values()].filter(({ name }) => !MAX_SIZES.has(name));
  if (evidence.reduce((sum, { size }) => sum + size, 0) > MAX_EVIDENCE_IN_ALL) {
    throw new Unreadable("The evidence claims more bytes than an audit pack may have.");
  }
  if (new Set(evidence.map(({ name }) => digestIn(name))).size !== evidence.length) {
    throw new Unreadable("The zip has one file of evidence under two names.");
  }
}

function unpacked(blob, method) {
  return method === STORED ? blob.stream() : blob.stream().pipeThrough(new DecompressionStream("deflate-raw"));
}

async function read(reader, name) {
  try {
    return await reader.read();
  } catch (error) {
    if (error.name === "NotReadableError" || error.name === "NotFoundError") throw new Unreadable(GONE);
    throw new Unreadable(`${name} is damaged: what the zip holds of it can't be read.`);
  }
}

async function exactly(blob, start, size) {
  if (start < 0 || start + size > blob.size) throw new Unreadable(NO_ZIP);
  try {
    return new Uint8Array(await blob.slice(start, start + size).arrayBuffer());
  } catch {
    throw new Unreadable(GONE);
  }
}

/** Two runs of bytes as one. */
export function joined(first, second) {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

function view(bytes) {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
