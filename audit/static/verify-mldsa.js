// Whether an ML-DSA-44 signature is good (FIPS 204 section 6.3), as in audit/mldsa.py: no browser can be asked yet. Each step is
// named after its algorithm in the standard. Every product stays below 2^53, so plain numbers do.

import { sameBytes } from "./verify-hash.js";
import { SHAKE128_RATE, SHAKE256_RATE, shake } from "./verify-shake.js";

export const MLDSA_KEY_BYTES = 1_312, MLDSA_SIGNATURE_BYTES = 2_420;
const Q = 8_380_417, N = 256; // coefficients are numbers below the prime; a polynomial has 256
const EQUATIONS = 4, UNKNOWNS = 4; // polynomials in t1 and h; in z
const DROPPED = 2 ** 13; // t is known to the next multiple
const ONES = 39, MOST_HINTS = 80;
const Z_RANGE = 2 ** 17, LARGEST_Z = Z_RANGE - 2 * ONES - 1; // beyond it a signature would tell something of the key
const HALF_STEP = (Q - 1) / 88, STEPS = 44;
const SEED_BYTES = 32, CHALLENGE_BYTES = 32, T_BYTES = 320, Z_BYTES = 576;

/**
 * True for a good signature; false for any other bytes.
 * @param {Uint8Array} key @param {Uint8Array} message @param {Uint8Array} signature
 * @param {Uint8Array} context that of FIPS 204, at most 255 bytes; notes have none
 */
export function isMldsaSigned(key, message, signature, context = new Uint8Array()) {
  if (key.length !== MLDSA_KEY_BYTES || signature.length !== MLDSA_SIGNATURE_BYTES || context.length > 255) return false;
  const challenge = signature.subarray(0, CHALLENGE_BYTES), hints = readHints(signature.subarray(-MOST_HINTS - EQUATIONS));
  const z = Array.from({ length: UNKNOWNS }, (_, n) => numbersOf(signature, CHALLENGE_BYTES + n * Z_BYTES, 18).map((one) => Z_RANGE - one));
  if (!hints || z.some((one) => one.some((number) => Math.abs(number) > LARGEST_Z))) return false;
  const digest = shake(SHAKE256_RATE, [shake(SHAKE256_RATE, [key], 64), [0, context.length], context, message], 64);
  const c = transformed(challengePolynomial(challenge)), unknowns = z.map(transformed);
  const high = hints.map((places, row) => packed(highParts(equation(key, row, unknowns, c), places)));
  return sameBytes(shake(SHAKE256_RATE, [digest, ...high], CHALLENGE_BYTES), challenge);
}

/** One row of A·z - c·t, back from the transform; numbers from 0 to below q. */
function equation(key, row, unknowns, c) {
  const t = transformed(numbersOf(key, SEED_BYTES + row * T_BYTES, 10).map((number) => number * DROPPED));
  const total = c.map((number, i) => -((number * t[i]) % Q));
  for (let column = 0; column < UNKNOWNS; column++) {
    const a = matrixPolynomial(key.subarray(0, SEED_BYTES), row, column), z = unknowns[column];
    for (let i = 0; i < N; i++) total[i] = (total[i] + a[i] * z[i]) % Q;
  }
  return back(total);
}

/** BitUnpack: 256 numbers of so many bits, the lowest first. */
function numbersOf(bytes, start, bits) {
  const numbers = new Float64Array(N);
  for (let i = 0, held = 0, has = 0; i < N; i++, has -= bits) {
    for (; has < bits; has += 8) held |= bytes[start++] << has;
    numbers[i] = held & ((1 << bits) - 1);
    held >>>= bits;
  }
  return numbers;
}

/** HintBitUnpack: for each row the places whose high part is one off; undefined for an encoding that no signer makes. */
function readHints(encoded) {
  const rows = [];
  let start = 0;
  for (const end of encoded.subarray(MOST_HINTS)) {
    const row = encoded.subarray(start, end);
    if (end < start || end > MOST_HINTS || row.some((place, n) => n && place <= row[n - 1])) return undefined;
    rows.push(row);
    start = end;
  }
  return encoded.subarray(start, MOST_HINTS).some(Boolean) ? undefined : rows;
}

/** SampleInBall: 39 coefficients are 1 or -1, the others 0. */
function challengePolynomial(challenge) {
  const stream = shake(SHAKE256_RATE, [challenge], 8 + 4 * N); // some 50 bytes are needed
  const c = new Float64Array(N);
  for (let place = N - ONES, sign = 0, at = 8; place < N; place++, sign++, at++) {
    while (stream[at] > place) at++;
    c[place] = c[stream[at]];
    c[stream[at]] = (stream[sign >> 3] >> (sign & 7)) & 1 ? -1 : 1;
  }
  return c;
}

/** RejNTTPoly: numbers of 23 bits, those below q, which are transformed already. That 80 of 336 are not is likely in none of 2^500 draws. */
function matrixPolynomial(seed, row, column) {
  const drawn = shake(SHAKE128_RATE, [seed, [column, row]], 3 * 336), found = new Float64Array(N);
  for (let n = 0, at = 0; n < N; at += 3) {
    const number = drawn[at] | (drawn[at + 1] << 8) | ((drawn[at + 2] & 127) << 16);
    if (number < Q) found[n++] = number;
  }
  return found;
}

/** UseHint: which of the 44 steps each number is nearest to, or the next one on its other side where there is a hint. */
function highParts(numbers, hints) {
  const steps = numbers.map((number) => Math.floor((number + HALF_STEP - 1) / (2 * HALF_STEP)));
  for (const place of hints) steps[place] += numbers[place] > steps[place] * 2 * HALF_STEP ? 1 : -1;
  return steps.map((step) => (step + STEPS) % STEPS);
}

/** SimpleBitPack: numbers of 6 bits, four of them in three bytes. */
function packed(steps) {
  const bytes = new Uint8Array((N / 4) * 3);
  for (let i = 0, at = 0; i < N; i += 4) {
    const four = steps[i] | (steps[i + 1] << 6) | (steps[i + 2] << 12) | (steps[i + 3] << 18);
    for (let shift = 0; shift < 24; shift += 8) bytes[at++] = four >> shift;
  }
  return bytes;
}

/** NTT (algorithm 41) of numbers of any sign: afterwards polynomials multiply number by number. */
function transformed(numbers) {
  const w = numbers.slice();
  for (let length = N / 2, m = 1; length; length >>= 1) {
    for (let start = 0; start < N; start += 2 * length, m++) {
      for (let j = start; j < start + length; j++) {
        const t = (ZETAS[m] * w[j + length]) % Q;
        w[j + length] = w[j] - t;
        w[j] += t;
      }
    }
  }
  return w;
}

/** Inverse NTT (algorithm 42): numbers from 0 to below q. */
function back(numbers) {
  const w = numbers.slice();
  for (let length = 1, m = N - 1; length < N; length <<= 1) {
    for (let start = 0; start < N; start += 2 * length, m--) {
      for (let j = start; j < start + length; j++) {
        const t = w[j];
        w[j] = (t + w[j + length]) % Q;
        w[j + length] = (ZETAS[m] * (w[j + length] - t)) % Q;
      }
    }
  }
  return w.map((number) => (((number * ONE_256TH) % Q) + Q) % Q);
}

/** Appendix B: powers of 1753, a 512th root of 1, by the bits of their place read backwards. */
const ZETAS = Float64Array.from({ length: N }, (_, place) => {
  let power = 1;
  for (let bit = 1; bit < N; bit <<= 1) power = (((power * power) % Q) * (place & bit ? 1753 : 1)) % Q;
  return power;
});
const ONE_256TH = 8_347_681;
