// SHAKE128 and SHAKE256 (FIPS 202), which no browser has. A lane of 64 bits is two numbers of 32, the lower one first, and their bytes
// are taken as this machine keeps them: every one that has a browser keeps the lowest first. A test compares it with hashlib.

const LANES = 25, ROUNDS = 24;
export const SHAKE128_RATE = 168, SHAKE256_RATE = 136; // bytes between two permutations

/** @param {number} rate @param {ArrayLike<number>[]} pieces bytes, taken one behind the other @param {number} length in bytes */
export function shake(rate, pieces, length) {
  const state = new Int32Array(2 * LANES), bytes = new Uint8Array(state.buffer), out = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    for (let i = 0; i < piece.length; i++) {
      bytes[at++] ^= piece[i];
      if (at < rate) continue;
      permute(state);
      at = 0;
    }
  }
  bytes[at] ^= 0x1f;
  bytes[rate - 1] ^= 0x80;
  for (let done = 0; done < length; done += rate) {
    permute(state);
    out.set(bytes.subarray(0, Math.min(rate, length - done)), done);
  }
  return out;
}

/** Keccak-f[1600]: the steps of a round bear the standard's names. */
function permute(state) {
  for (let round = 0; round < ROUNDS; round++) {
    theta(state);
    rhoAndPi(state);
    chi(state);
    state[0] ^= IOTA[2 * round];
    state[1] ^= IOTA[2 * round + 1];
  }
}

const parities = new Int32Array(10), held = new Int32Array(10); // for all: nothing here runs beside itself

function theta(state) {
  for (let x = 0; x < 10; x++) parities[x] = state[x] ^ state[x + 10] ^ state[x + 20] ^ state[x + 30] ^ state[x + 40];
  for (let x = 0; x < 10; x += 2) {
    const before = (x + 8) % 10, low = parities[(x + 2) % 10], high = parities[(x + 3) % 10];
    const first = parities[before] ^ ((low << 1) | (high >>> 31)), second = parities[before + 1] ^ ((high << 1) | (low >>> 31));
    for (let y = x; y < 2 * LANES; y += 10) {
      state[y] ^= first;
      state[y + 1] ^= second;
    }
  }
}

/** Every lane but the first moves to another place, turned by some bits. */
function rhoAndPi(state) {
  let low = state[2], high = state[3];
  for (let step = 0; step < LANES - 1; step++) {
    const to = PI[step], turn = RHO[step] & 31;
    if (RHO[step] > 31) [low, high] = [high, low];
    const turnedLow = (low << turn) | (high >>> (32 - turn)), turnedHigh = (high << turn) | (low >>> (32 - turn));
    low = state[to];
    high = state[to + 1];
    state[to] = turnedLow;
    state[to + 1] = turnedHigh;
  }
}

function chi(state) {
  for (let y = 0; y < 2 * LANES; y += 10) {
    for (let x = 0; x < 10; x++) held[x] = state[y + x];
    for (let x = 0; x < 10; x++) state[y + x] ^= ~held[(x + 2) % 10] & held[(x + 4) % 10];
  }
}

const PI = [], RHO = []; // for each lane on its way: where it goes, as a place in the state, and by how many bits it is turned
for (let step = 0, x = 1, y = 0; step < LANES - 1; step++) {
  [x, y] = [y, (2 * x + 3 * y) % 5];
  PI.push(2 * (x + 5 * y));
  RHO.push((((step + 1) * (step + 2)) / 2) % 64);
}

const IOTA = new Int32Array(2 * ROUNDS);
for (let round = 0, register = 1; round < ROUNDS; round++) {
  for (let power = 0; power < 7; power++) {
    const bit = 2 ** power - 1;
    if (register & 1) IOTA[2 * round + (bit >> 5)] ^= 1 << (bit & 31);
    register = (register << 1) ^ (register & 0x80 ? 0x171 : 0);
  }
}
