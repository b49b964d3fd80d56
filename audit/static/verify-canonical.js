// Canonical JSON, the subset of RFC 8785 that docs/reference/trail-format.md allows: null, booleans, strings without lone
// surrogates, whole numbers below 2^53 in size, arrays, and objects with ASCII keys.

const ASCII = /^[\x00-\x7f]*$/;
const LONE_SURROGATE = /\p{Surrogate}/u;
const DEEPEST = 100; // objects and lists within each other: nothing of ours has more than six

/**
 * The one text of a value.
 * @param {unknown} value as JSON.parse made it
 * @returns {string | undefined} undefined for what lies outside the subset
 */
export function canonical(value, depth = 0) {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return LONE_SURROGATE.test(value) ? undefined : JSON.stringify(value);
  if (typeof value === "number") return Number.isSafeInteger(value) ? String(value) : undefined;
  if (typeof value !== "object" || depth === DEEPEST) return undefined;
  const parts = Array.isArray(value) ? items(value, depth) : members(value, depth);
  if (parts.includes(undefined)) return undefined;
  return Array.isArray(value) ? `[${parts.join()}]` : `{${parts.join()}}`;
}

/**
 * What a text says, if it is the canonical text of just that.
 * @param {string | undefined} text undefined where the bytes were no text
 * @returns {{value: any} | undefined}
 */
export function readCanonical(text) {
  if (text === undefined) return undefined;
  try {
    const value = JSON.parse(text);
    return canonical(value) === text ? { value } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

function items(list, depth) {
  return list.map((item) => canonical(item, depth + 1));
}

function members(object, depth) {
  return Object.keys(object).sort().map((key) => {
    const text = ASCII.test(key) ? canonical(object[key], depth + 1) : undefined;
    return text && `${JSON.stringify(key)}:${text}`;
  });
}

/** A member of an object of the pack; never what every object inherits, such as "constructor". */
export function member(object, name) {
  return isObject(object) && Object.hasOwn(object, name) ? object[name] : undefined;
}

/** @param {unknown} value */
export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The text of UTF-8 bytes; undefined for what is none. @param {Uint8Array} bytes @returns {string | undefined} */
export function fromUtf8(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
