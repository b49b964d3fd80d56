"""C2SP signed notes with Ed25519 and ML-DSA-44, checkpoints and fingerprints."""

import base64
import binascii
import re
from hashlib import sha256
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
SPACES = {*range(9, 14), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000}
KEY_BYTES = {1: 32, 6: 1_312}
ALGORITHMS = {1: "Ed25519", 6: "ML-DSA-44"}
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
FINGERPRINT = re.compile(r"[2-9A-HJ-NP-Z]{32}")


class BadNote(Exception):
    """``why``: "form", "signature" or "unknown"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Key(NamedTuple):
    name: str
    key_id: bytes
    kind: int
    public: bytes
    text: str


class Line(NamedTuple):
    name: str
    key_id: bytes
    signature: bytes


class Head(NamedTuple):
    origin: str
    size: int
    root: bytes
    is_extended: bool


def decoded(text: str) -> bytes | None:
    """Base64 in its one form."""
    try:
        made = base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError:
        return None
    return made if base64.b64encode(made).decode() == text else None


def is_key_name(name: str) -> bool:
    return name != "" and "+" not in name and not any(ord(one) in SPACES for one in name)


def is_point(data: bytes) -> bool:
    """The canonical encoding of a point that is not of small order."""
    y, sign = int.from_bytes(data, "little") & (2**255 - 1), data[31] >> 7
    if y >= P:
        return False
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if x * x % P == square else x * pow(2, (P - 1) // 4, P) % P
    if x * x % P != square or (x == 0 and sign):
        return False
    for _ in range(3):  # doubled, in plain coordinates
        both = D * x * x * y * y
        x, y = 2 * x * y * pow(1 + both, -1, P) % P, (y * y + x * x) * pow(1 - both, -1, P) % P
    return x != 0


def key_in(text: str) -> Key:
    """A verifier key. Raises BadNote."""
    parts = text.split("+", 2)
    data = decoded(parts[2]) if len(parts) == 3 else None
    if not data or not is_key_name(parts[0]) or len(parts[1]) != 8:
        raise BadNote("form")
    try:
        key_id = binascii.unhexlify(parts[1])
    except ValueError as error:
        raise BadNote("form") from error
    kind, public = data[0], data[1:]
    if len(public) != KEY_BYTES.get(kind) or key_id != sha256(parts[0].encode() + b"\n" + data).digest()[:4]:
        raise BadNote("form")
    if (kind == 1 and not is_point(public)) or (kind == 6 and len(parts[0].encode()) > 255):
        raise BadNote("form")
    return Key(parts[0], key_id, kind, public, f"{parts[0]}+{key_id.hex()}+{parts[2]}")


def fingerprint(key: Key) -> str:
    bits = int.from_bytes(sha256(key.text.encode()).digest()[:20], "big")
    letters = "".join(LETTERS[bits >> shift & 31] for shift in range(155, -1, -5))
    return " ".join(letters[at : at + 4] for at in range(0, 32, 4))


def fingerprint_in(text: str) -> str | None:
    """The 32 letters of a fingerprint as somebody typed it."""
    plain = text.replace(" ", "").replace("-", "").upper()
    return plain if FINGERPRINT.fullmatch(plain) else None


def parts_of(note: bytes) -> tuple[str, list[Line]]:
    """The text and the lines of signatures. Raises BadNote."""
    try:
        whole = note.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadNote("form") from error
    text, gap, block = whole.rpartition("\n\n")
    lines = block[:-1].split("\n")
    has_controls = any(one < " " and one != "\n" for one in whole)
    if not gap or not block.endswith("\n") or has_controls or len(note) > 1_000_000 or len(lines) > 100:
        raise BadNote("form")
    return text + "\n", [line_in(line) for line in lines]


def line_in(line: str) -> Line:
    name, _, told = line[2:].partition(" ")
    data = decoded(told)
    if not line.startswith("\u2014 ") or not is_key_name(name) or data is None or len(data) < 5:
        raise BadNote("form")
    return Line(name, data[:4], data[4:])


def signers(note: bytes, keys: list[str]) -> tuple[str, list[Key]]:
    """The text, and the known keys that signed it, each once. Raises BadNote."""
    text, lines = parts_of(note)
    known: dict[tuple[str, bytes], Key] = {}
    for key in map(key_in, keys):
        if known.setdefault((key.name, key.key_id), key) != key:
            raise BadNote("form")
    found: list[Key] = []
    for line in lines:
        by = known.get((line.name, line.key_id))
        if by is None:
            continue
        if not is_signed(by, text, line.signature):
            raise BadNote("signature")
        found += [by] if by not in found else []
    if not found:
        raise BadNote("unknown")
    return text, found


def is_signed(key: Key, text: str, signature: bytes) -> bool:
    try:
        if key.kind == 1:
            if len(signature) != 64 or int.from_bytes(signature[32:], "little") >= ORDER:
                return False
            Ed25519PublicKey.from_public_bytes(key.public).verify(signature, text.encode())
            return True
        head = head_in(text)
        told, made = signature[:8], signature[8:]
        if head is None or head.is_extended or len(made) != 2_420 or told[0] > 127 or len(head.origin.encode()) > 255:
            return False
        MLDSA44PublicKey.from_public_bytes(key.public).verify(made, cosigned(key.name, told, head))
    except InvalidSignature:
        return False
    return True


def cosigned(name: str, told: bytes, head: Head) -> bytes:
    texts = [bytes([len(one.encode())]) + one.encode() for one in (name, head.origin)]
    return b"subtree/v1\n\0" + texts[0] + told + texts[1] + bytes(8) + head.size.to_bytes(8, "big") + head.root


def head_in(text: str) -> Head | None:
    """The checkpoint that a text is; None if it is none."""
    lines = text[:-1].split("\n")
    if len(lines) < 3 or not all(lines) or not re.fullmatch(r"0|[1-9][0-9]{0,18}", lines[1], re.ASCII):
        return None
    root = decoded(lines[2])
    if int(lines[1]) >= 2**63 or root is None or len(root) != 32:
        return None
    return Head(lines[0], int(lines[1]), root, len(lines) > 3)


def head_of_note(note: bytes) -> Head | None:
    """What a note says, whoever signed it."""
    try:
        text, _, _ = note.decode("utf-8").rpartition("\n\n")
    except UnicodeDecodeError:
        return None
    return None if any(one < " " and one != "\n" for one in text) else head_in(text + "\n")
