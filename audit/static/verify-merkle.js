// RFC 6962 section 2.1 over SHA-256, and the checks of RFC 9162 sections 2.1.3.2 and 2.1.4.2, as in audit/merkle.py.

import { HASH_BYTES, sameBytes, sha256 } from "./verify-hash.js";

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** @param {Uint8Array} data @returns {Uint8Array} */
export function leafHash(data) {
  return sha256(LEAF, data);
}

/** @param {Uint8Array} left @param {Uint8Array} right @returns {Uint8Array} */
export function nodeHash(left, right) {
  return sha256(NODE, left, right);
}

/** The tree as it grows: the roots of the perfect subtrees of its size, largest first. */
export class Tree {
  constructor() {
    this.size = 0;
    this.frontier = [];
  }

  /** @param {Uint8Array} leaf a leaf's hash */
  push(leaf) {
    let node = leaf;
    for (let rest = this.size; rest % 2 === 1; rest = (rest - 1) / 2) node = nodeHash(this.frontier.pop(), node);
    this.frontier.push(node);
    this.size += 1;
  }

  /** @returns {Uint8Array} the tree's hash; SHA-256 of nothing while it is empty */
  root() {
    return this.frontier.length ? this.frontier.reduceRight((right, left) => nodeHash(left, right)) : sha256();
  }
}

/**
 * Whether the leaf stands at `index` of the tree of `size` leaves with this root.
 * @param {{leaf: Uint8Array, index: number, size: number, proof: Uint8Array[], root: Uint8Array}} claim
 */
export function isIncluded({ leaf, index, size, proof, root }) {
  if (!areHashes([leaf, root, ...proof]) || !(index >= 0 && index < size)) return false;
  let node = leaf, here = index, last = size - 1;
  for (const other of proof) {
    if (last === 0) return false;
    if (here % 2 === 1 || here === last) {
      node = nodeHash(other, node);
      while (here % 2 === 0 && here !== 0) [here, last] = [half(here), half(last)];
    } else {
      node = nodeHash(node, other);
    }
    [here, last] = [half(here), half(last)];
  }
  return last === 0 && sameBytes(node, root);
}

/**
 * Whether the tree of `size1` leaves is how the tree of `size2` leaves began.
 * @param {{size1: number, size2: number, root1: Uint8Array, root2: Uint8Array, proof: Uint8Array[]}} claim
 */
export function isConsistent({ size1, size2, root1, root2, proof }) {
  if (!areHashes([root1, root2, ...proof]) || !(size1 >= 0 && size1 <= size2)) return false;
  if (size1 === size2) return proof.length === 0 && sameBytes(root1, root2) && (size1 > 0 || sameBytes(root1, sha256()));
  if (size1 === 0) return false; // every tree continues the empty one, which no proof can show
  const path = isPowerOfTwo(size1) ? [root1, ...proof] : [...proof];
  if (!path.length) return false;
  let here = size1 - 1, last = size2 - 1;
  while (here % 2 === 1) [here, last] = [half(here), half(last)];
  let [old] = path, now = old;
  for (const other of path.slice(1)) {
    if (last === 0) return false;
    if (here % 2 === 1 || here === last) {
      old = nodeHash(other, old);
      now = nodeHash(other, now);
      while (here % 2 === 0 && here !== 0) [here, last] = [half(here), half(last)];
    } else {
      now = nodeHash(now, other);
    }
    [here, last] = [half(here), half(last)];
  }
  return last === 0 && sameBytes(old, root1) && sameBytes(now, root2);
}

function half(number) {
  return Math.floor(number / 2); // not >> 1: sizes may be larger than 2^31
}

function isPowerOfTwo(number) {
  while (number > 1 && number % 2 === 0) number /= 2;
  return number === 1;
}

function areHashes(list) {
  return list.every((hash) => hash.length === HASH_BYTES);
}
