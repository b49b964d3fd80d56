// The seal in a letter, and the proof that it continues the one of the letter before, in whatever was saved, copied or typed: as
// audit/letters/mailed.py and reading.py find them. docs/reference/letter-format.md has the grammar.

import { fromUtf8 } from "./verify-canonical.js";
import { toHex } from "./verify-hash.js";
import { VerificationError, fromBase64, parseKey } from "./verify-note.js";
import { Unreadable } from "./verify-zip.js";

export const MAX_LETTER_BYTES = 10_000_000;
const MOST_BOUNDARIES = 100, MOST_SEALS = 100, MOST_KEYS = 20, MAX_PROOF_HASHES = 128, MAIL_CHUNK = 32_768;
const MAIL_BOUNDARY = /boundary="([!#-~ ]{1,70})"|boundary=([!#-:<-~]{1,70})/gi;
const MAIL_ENCODING = /^content-transfer-encoding:[ \t]*(base64|quoted-printable)[ \t]*$/i;
const SIZE_LINE = /^[1-9][0-9]{0,15}$/, OLD_LINE = /^old ([1-9][0-9]{0,15})$/, HASH_LINE = /^[A-Za-z0-9+/]{43}=$/;
const SIGNATURE_LINE = /^(?:[\u2014\u2013\x97]|-{1,3}) +([^ ]+) +([A-Za-z0-9+/=]{92,})$/; // with the dashes that programs make
const KEY_LINE = /^[^+ ]+\+[0-9A-Fa-f]{8}\+[A-Za-z0-9+/=]{44,}$/;

/**
 * `note` has every signature line that was found; `after` is the size from which `proof` leads to `size`, null where the letter has
 * no proof; `root` is in hex.
 * @typedef {{origin: string, size: number, root: string, note: Uint8Array, after: number | null, proof: Uint8Array[], keys: string[]}} Letter
 */

/** Throws Unreadable for what has no seal, or seals of several heads; checks neither signature nor proof. @param {Uint8Array} data @returns {Letter} */
export function readLetter(data) {
  if (data.length > MAX_LETTER_BYTES) throw new Unreadable("A letter has at most ten million bytes.");
  const texts = textsOf(data).map(letterLinesOf), found = texts.flatMap((lines) => [...sealsIn(lines)]);
  if (!found.length) throw new Unreadable("There is no seal in the letter: an origin, a number of entries, a hash and a signature, each on a line.");
  const heads = new Set(found.map(({ head }) => head.join("\n")));
  if (heads.size > 1 || found.length > MOST_SEALS) throw new Unreadable("There are several seals in the letter. Give each letter by itself.");
  const { head, size, root } = found[0], { after, proof } = found.find((one) => one.after !== null) ?? found[0];
  const signatures = [...new Set(found.flatMap(({ signed }) => signed))];
  const note = new TextEncoder().encode([...head, "", ...signatures, ""].join("\n"));
  return { origin: head[0], size, root, note, after, proof, keys: letterKeysIn(texts) };
}

/** The texts in their order, each part of a message one. What is no UTF-8 is read as ISO 8859-1. */
function textsOf(data) {
  const whole = asCharacters(data);
  const found = [...new Set([...whole.matchAll(MAIL_BOUNDARY)].map(([, quoted, plain]) => quoted ?? plain))].slice(0, MOST_BOUNDARIES);
  const ends = new Set(found.flatMap((boundary) => [`--${boundary}`, `--${boundary}--`]));
  return mailParts(whole.split("\n"), ends).map((part) => fromUtf8(asBytes(part)) ?? part);
}

/** Each byte as one character, until it is known what the bytes are. */
function asCharacters(data) {
  let text = "";
  for (let at = 0; at < data.length; at += MAIL_CHUNK) text += String.fromCharCode(...data.subarray(at, at + MAIL_CHUNK));
  return text;
}

function asBytes(text) {
  const data = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) data[at] = text.charCodeAt(at);
  return data;
}

/** What stands between boundaries; below a header that says so, decoded. */
function mailParts(lines, ends) {
  const parts = [];
  let part = [], encoding = "", coming = "";
  for (const raw of lines) {
    const line = raw.endsWith("\r") ? raw.slice(0, -1) : raw, told = encoding ? null : MAIL_ENCODING.exec(line);
    if (ends.has(line.replace(/[ \t]+$/, ""))) {
      parts.push(mailDecoded(part, encoding));
      [part, encoding, coming] = [[], "", ""];
    } else if (told) {
      coming = told[1].toLowerCase();
    } else if (coming && !line) {
      parts.push(mailDecoded(part, encoding));
      [part, encoding, coming] = [[], coming, ""];
    } else {
      part.push(line);
    }
  }
  return [...parts, mailDecoded(part, encoding)];
}

function mailDecoded(lines, encoding) {
  if (encoding === "base64") {
    const digits = lines.join("").replaceAll(/[^A-Za-z0-9+/]/g, "");
    return atob(digits.length % 4 === 1 ? digits.slice(0, -1) : digits);
  }
  if (encoding === "quoted-printable") {
    const joined = lines.map((line) => line.replace(/[ \t]+$/, "")).join("\n").replaceAll("=\n", "");
    return joined.replaceAll(/=([0-9A-Fa-f]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  }
  return lines.join("\n");
}

/** Without empty ones, which some programs put between all others. */
function letterLinesOf(text) {
  return text.split("\n").map((line) => line.replace(/^[\ufeff\xa0> \t\r]+/, "").replace(/[\xa0 \t\r]+$/, "")).filter(Boolean);
}

function* sealsIn(lines) {
  for (let at = 1; at < lines.length - 2; at += 1) {
    const size = SIZE_LINE.test(lines[at]) && HASH_LINE.test(lines[at + 1]) ? Number(lines[at]) : 0, root = size ? fromBase64(lines[at + 1]) : undefined;
    const signed = root ? signatureLines(lines, at + 2) : [];
    if (signed.length && Number.isSafeInteger(size)) {
      yield { head: lines.slice(at - 1, at + 2), size, root: toHex(root), signed, ...proofAbove(lines, at - 2) };
    }
  }
}

function signatureLines(lines, at) {
  const found = [];
  for (let match; (match = SIGNATURE_LINE.exec(lines[at] ?? "")); at += 1) found.push(`\u2014 ${match[1]} ${match[2]}`);
  return found;
}

/** The size and the hashes that stand above a seal, the last of them at `last`. */
function proofAbove(lines, last) {
  let first = last;
  while (first >= 0 && last - first < MAX_PROOF_HASHES && HASH_LINE.test(lines[first])) first -= 1;
  const [, old] = OLD_LINE.exec(lines[first] ?? "") ?? [], proof = lines.slice(first + 1, last + 1).map(fromBase64);
  if (!old || !Number.isSafeInteger(Number(old)) || proof.includes(undefined)) return { after: null, proof: [] };
  return { after: Number(old), proof };
}

function letterKeysIn(texts) {
  const lines = [...new Set(texts.flat().filter((line) => KEY_LINE.test(line)))].slice(0, MOST_KEYS);
  return lines.filter(isKeyLine);
}

function isKeyLine(line) {
  try {
    parseKey(line);
    return true;
  } catch (error) {
    if (error instanceof VerificationError) return false;
    throw error;
  }
}
