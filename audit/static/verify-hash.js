// SHA-256 (FIPS 180-4), CRC-32 and hex, without waiting: a pack is a great many small hashes, and the browser's own
// SHA-256 answers each through a promise, which takes several times as long. A test compares it with hashlib.

export const HASH_BYTES = 32;

const K = new Int32Array([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]);
const START = new Int32Array([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);
const BLOCK = 64;
const words = new Int32Array(BLOCK); // one message schedule for all: nothing here runs beside itself

/** SHA-256 of bytes that come in pieces. */
export class Sha256 {
  constructor() {
    this.state = START.slice();
    this.block = new Uint8Array(BLOCK);
    this.held = 0; // bytes that wait in `block`
    this.length = 0; // bytes in all
  }

  /** @param {Uint8Array} bytes @returns {Sha256} itself */
  update(bytes) {
    this.length += bytes.length;
    let from = 0;
    if (this.held) {
      from = Math.min(BLOCK - this.held, bytes.length);
      this.block.set(from === bytes.length ? bytes : bytes.subarray(0, from), this.held);
      this.held += from;
      if (this.held < BLOCK) return this;
      compress(this.state, this.block, 0);
      this.held = 0;
    }
    for (; from + BLOCK <= bytes.length; from += BLOCK) compress(this.state, bytes, from);
    if (from < bytes.length) {
      this.block.set(from ? bytes.subarray(from) : bytes);
      this.held = bytes.length - from;
    }
    return this;
  }

  /** @returns {Uint8Array} 32 bytes; the hash takes nothing more afterwards */
  digest() {
    const { block, state } = this;
    block[this.held] = 0x80;
    block.fill(0, this.held + 1);
    if (this.held >= BLOCK - 8) {
      compress(state, block, 0);
      block.fill(0);
    }
    const high = Math.floor(this.length / 2 ** 29), low = this.length << 3; // its size in bits, 64 of them
    for (let i = 0; i < 4; i++) {
      block[BLOCK - 8 + i] = high >>> (24 - 8 * i);
      block[BLOCK - 4 + i] = low >>> (24 - 8 * i);
    }
    compress(state, block, 0);
    const digest = new Uint8Array(HASH_BYTES);
    for (let i = 0; i < HASH_BYTES; i++) digest[i] = state[i >> 2] >>> (24 - 8 * (i & 3));
    return digest;
  }
}

/** @param {...Uint8Array} pieces @returns {Uint8Array} the SHA-256 of all of them, one behind the other */
export function sha256(...pieces) {
  const hash = new Sha256();
  for (const piece of pieces) hash.update(piece);
  return hash.digest();
}

/** One step of SHA-256: takes the 64 bytes at `from` into the state. */
function compress(state, bytes, from) {
  const w = words;
  for (let i = 0; i < 16; i++, from += 4) {
    w[i] = (bytes[from] << 24) | (bytes[from + 1] << 16) | (bytes[from + 2] << 8) | bytes[from + 3];
  }
  for (let i = 16; i < BLOCK; i++) {
    const x = w[i - 15], y = w[i - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
  }
  let a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
  for (let i = 0; i < BLOCK; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + (g ^ (e & (f ^ g))) + K[i] + w[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) | (c & (a | b)))) | 0;
    h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
  }
  state[0] += a; state[1] += b; state[2] += c; state[3] += d;
  state[4] += e; state[5] += f; state[6] += g; state[7] += h;
}

const CRC = Int32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
  return n;
});

/** @param {Uint8Array} bytes @param {number} before what came out for the bytes so far @returns {number} CRC-32, unsigned */
export function crc32(bytes, before = 0) {
  let crc = ~before;
  for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ CRC[(crc ^ bytes[i]) & 255];
  return ~crc >>> 0;
}

const PAIRS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** @param {Uint8Array} bytes @returns {string} lower case */
export function toHex(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i++) text += PAIRS[bytes[i]];
  return text;
}

/** @param {string} text lower-case hex of an even length @returns {Uint8Array} */
export function fromHex(text) {
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(text.substr(2 * i, 2), 16);
  return bytes;
}

/** @param {Uint8Array} a @param {Uint8Array} b */
export function sameBytes(a, b) {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
