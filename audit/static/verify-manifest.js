// What a pack says about itself, taken apart as in audit/verifier/manifest.py: every key, type and number is checked before anything
// is done with it.

import { fromUtf8, isObject, readCanonical } from "./verify-canonical.js";
import { MLDSA, VerificationError, parseKey } from "./verify-note.js";
import { MAX_SIZES, Unreadable, digestIn, readAll, unheardOf } from "./verify-zip.js";

export const COMPLETE = "complete", EXTRACT = "extract";
const FORMAT = "vouch-audit-pack/3";
const VERSIONS = new Map([["vouch-audit-pack/1", 1], ["vouch-audit-pack/2", 2], [FORMAT, 3]]);
const SINCE_THIRD = ["rotations", "timestamp"]; // files that older packs can't have
const LONGEST_NAME = 500;
const CONTROLS = /[\x00-\x1f\x7f-\x9f]/;
const HEX = /^(?:[0-9a-f]{2})+$/;
const KEYS = ["format", "grade", "size", "root", "origins", "school", "scope", "keys", "files"];

/**
 * `version` is 1, 2 or 3, of the format; `streams` maps the tags in scope to names; `since` and `until` are microseconds since
 * 1970 or null; `tellsAbout` is whether timeline.csv says whom each entry is about; `cosigners` are none before the third format.
 * @typedef {{version: number, grade: string, size: number, root: string, origins: {origin: string, start: number}[], school: string,
 *   streams: Map<string, string>, isAll: boolean, since: number | null, until: number | null, keys: string[],
 *   files: Map<string, {size: number, sha256: string}>, tellsAbout: boolean, cosigners: string[]}} Manifest
 */

/**
 * Throws Unreadable for anything that is not in its form, or a file in the zip that packs of its format don't have.
 * @param {import("./verify-zip.js").Archive} archive @returns {Promise<Manifest>}
 */
export async function readManifest(archive) {
  const read = readCanonical(fromUtf8(await readAll(archive, "manifest.json")));
  require(read, "it is not canonical JSON");
  const manifest = parsed(keyed(read.value));
  for (const name of archive.members.keys()) if (!isKnown(name, manifest.version)) throw unheardOf(name);
  return manifest;
}

function parsed(given) {
  const version = VERSIONS.get(given.format);
  require(version, `its format is not ${FORMAT}: a newer verifier may be needed`);
  keyed(given, version >= 3 ? [...KEYS, "cosigners"] : KEYS);
  require([COMPLETE, EXTRACT].includes(given.grade), "grade");
  require(isCount(given.size), "size");
  require(isHex(given.root, 32), "root");
  const scope = keyed(given.scope, ["streams", "all", "since", "until"]);
  require(typeof scope.all === "boolean", "scope.all");
  for (const name of ["since", "until"]) require(scope[name] === null || isCount(scope[name]), `scope.${name}`);
  return {
    version,
    grade: given.grade,
    size: given.size,
    root: given.root,
    origins: origins(given.origins, given.size),
    school: name(given.school, "school"),
    streams: streams(scope.streams),
    isAll: scope.all,
    since: scope.since,
    until: scope.until,
    keys: names(given.keys, "keys"),
    files: new Map(Object.entries(keyed(given.files)).map(([file, claim]) => [file, fileClaim(file, claim, version)])),
    tellsAbout: version >= 2,
    cosigners: version >= 3 ? array(given.cosigners, "cosigners").map(cosigner) : [],
  };
}

/** Whether the period does; it is half-open. @param {Manifest} manifest @param {number} at */
export function covers(manifest, at) {
  return (manifest.since === null || manifest.since <= at) && (manifest.until === null || at < manifest.until);
}

/** Whether it is the text of that many bytes, in lower case. */
export function isHex(value, size) {
  return typeof value === "string" && value.length === 2 * size && HEX.test(value);
}

/** Whether it is a whole number from 0. */
export function isCount(value) {
  return Number.isSafeInteger(value) && value >= 0;
}

/** Whether it is a text of 1 to 500 characters without control characters. */
export function isName(value) {
  return typeof value === "string" && value !== "" && [...value].length <= LONGEST_NAME && !CONTROLS.test(value);
}

/** Whether it is an object with just these keys. @param {string[]} keys */
export function hasKeys(value, keys) {
  return isObject(value) && Object.keys(value).length === keys.length && keys.every((key) => Object.hasOwn(value, key));
}

function origins(given, size) {
  const found = [];
  for (const one of array(given, "origins")) {
    const { origin, start } = keyed(one, ["origin", "start"]);
    const isDue = found.length ? start > found.at(-1).start && start < size : start === 0;
    require(isCount(start) && isDue, "origins");
    found.push({ origin: name(origin, "origins"), start });
  }
  require(found.length && new Set(found.map(({ origin }) => origin)).size === found.length, "origins");
  return found;
}

function streams(given) {
  const found = new Map();
  for (const one of array(given, "scope.streams")) {
    const claim = keyed(one, ["name", "tag"]);
    require(isHex(claim.tag, 16) && !found.has(claim.tag), "scope.streams");
    found.set(claim.tag, name(claim.name, "scope.streams"));
  }
  require(new Set(found.values()).size === found.size, "scope.streams");
  return found;
}

function fileClaim(file, claim, version) {
  require(file !== "manifest.json" && isKnown(file, version), "files");
  const { size, sha256 } = keyed(claim, ["size", "sha256"]);
  require(isCount(size) && isHex(sha256, 32), "files");
  return { size, sha256 };
}

/** Whether packs of that version may have a file of the name. */
function isKnown(file, version) {
  return digestIn(file) !== "" || (MAX_SIZES.has(file) && (version >= 3 || !SINCE_THIRD.includes(file)));
}

function name(value, where) {
  require(isName(value), where);
  return value;
}

/** A verifier key of ML-DSA-44, which is longer than a name may be. */
function cosigner(key) {
  try {
    require(typeof key === "string" && !CONTROLS.test(key) && parseKey(key).type === MLDSA, "cosigners");
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error;
    require(false, "cosigners");
  }
  return key;
}

function names(value, where) {
  return array(value, where).map((one) => name(one, where));
}

function array(value, where) {
  require(Array.isArray(value), where);
  return value;
}

function keyed(value, keys) {
  require(keys ? hasKeys(value, keys) : isObject(value), "keys are missing or not known");
  return value;
}

function require(holds, what) {
  if (!holds) throw new Unreadable(`The manifest is not in the form that manifests have: ${what}.`);
}
