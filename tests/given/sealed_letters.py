"""Letters with seals, made from docs/reference/letter-format.md alone: plain lists, naive hashing, no database."""

from base64 import b64encode
from collections.abc import Sequence
from email.message import EmailMessage
from functools import cache
from random import Random
from typing import Final

from audit import note, vkeys
from tests.given.hand_made_packs import MLDSA_KEY, ORIGIN, OTHER_KEY, SIGNING_KEY, consistency, tree

LEAVES: Final = tuple(f"leaf {n}".encode() for n in range(40))
OTHER_LEAVES: Final = (*LEAVES[:9], b"another", *LEAVES[10:])
VKEY: Final = vkeys.vkey_of(SIGNING_KEY)
OTHER_VKEY: Final = vkeys.vkey_of(OTHER_KEY)


def seal(size: int, leaves: Sequence[bytes] = LEAVES, *, origin: str = ORIGIN, keys: Sequence[str] = (SIGNING_KEY,)) -> str:
    """The signed note over the first ``size`` leaves."""
    made = note.sign_note(note.checkpoint_text(origin, size, tree(list(leaves[:size]))), keys[0])
    for key in keys[1:]:
        made = note.cosign(made, key)
    return made.decode()


def proof(after: int, size: int, leaves: Sequence[bytes] = LEAVES) -> str:
    hashes = consistency(after, list(leaves[:size]))
    return "".join(f"{line}\n" for line in [f"old {after}", *(b64encode(one).decode() for one in hashes), ""])


def letter(size: int, after: int = 0, leaves: Sequence[bytes] = LEAVES, *, vkey: str = VKEY, sealed: str = "") -> str:
    """Such as Vouch writes it. ``after``: none."""
    whole = (proof(after, size, leaves) if after else "") + (sealed or seal(size, leaves))
    block = "".join(f"  {line}\n" if line else "\n" for line in whole.split("\n")[:-1])
    return f"Oakfield keeps an audit trail.\n\nIt is checked with the key\n  {vkey}\n\nOn paper it is\n{block}\nThat is all.\n"


def mailed(text: str, attached: str = "", *, cte: str = "quoted-printable") -> bytes:
    """The same as a message that somebody saved."""
    message = EmailMessage()
    message["Subject"] = "Seal of Oakfield's audit trail: 20 entries"
    message.set_content(text, cte=cte)
    if attached:
        message.add_attachment(attached.encode(), maintype="application", subtype="octet-stream", filename="seal.txt")
    return message.as_bytes()


ODD: Final = (
    *(b"", b"\n", b"\r", b" ", b"=", b"=\n", b"--", b"\xff", b"\xc2\xa0", b"old 10\n", b"boundary=x", b"\n--x\n", b"0"),
    *(b"\nContent-Transfer-Encoding: base64\n\n", b"\nContent-transfer-encoding:quoted-printable\n\n"),
)
Case = tuple[str, tuple[bytes, ...], tuple[str, ...], str | None]
HOLDS, UNREADABLE = "holds", "unreadable"


@cache
def cases() -> tuple[Case, ...]:
    """Name, letters, keys, and the verdict: a fault, or a status."""
    ten, twenty, forty = (letter(size, after).encode() for size, after in ((10, 0), (20, 10), (40, 20)))
    both = seal(20, keys=(SIGNING_KEY, MLDSA_KEY))
    other = letter(20, 10, OTHER_LEAVES)
    hashes = letter(20, 10).split("\n")
    at = next(n for n, line in enumerate(hashes) if line.strip().startswith("old ")) + 1
    bent = "\n".join([*hashes[:at], "  " + b64encode(bytes(32)).decode(), *hashes[at + 1 :]])
    spaced = twenty.decode().replace("\n", "\n\n")
    quoted = "\n".join(f"> > {line}" for line in twenty.decode().split("\n"))
    unsigned = letter(20, 10).replace(seal(20).split("\n")[-2].rpartition(" ")[2][20:40], "A" * 20)
    return (
        ("two letters", (ten, twenty), (), HOLDS),
        ("the later one first", (twenty, ten), (), HOLDS),
        ("three", (forty, ten, twenty), (), HOLDS),
        ("one twice", (twenty, twenty), (), HOLDS),
        ("a key that was given", (ten, twenty), (VKEY,), HOLDS),
        ("another key", (ten, twenty), (OTHER_VKEY,), "letter-seal"),
        ("what is no key", (ten, twenty), ("nothing",), UNREADABLE),
        ("one alone", (ten,), (), UNREADABLE),
        ("one left out", (ten, forty), (), UNREADABLE),
        ("a proof from before the letter between", (twenty, letter(40, 10).encode()), (), UNREADABLE),
        ("an older letter has no proof", (letter(5).encode(), ten), (), UNREADABLE),
        ("the files seal.txt alone", (seal(10).encode(), seal(20).encode()), (), UNREADABLE),
        ("the proof of one and the file of the other", (seal(10).encode(), twenty), (), HOLDS),
        ("the proof stands in a third", (ten, seal(20).encode(), twenty), (VKEY,), HOLDS),
        ("another history", (ten, other.encode()), (), "letter-proof"),
        ("two histories of one size", (twenty, other.encode()), (), "letter-fork"),
        ("two trails", (ten, letter(20, sealed=seal(20, origin=f"{ORIGIN}1")).encode()), (), "letter-trail"),
        ("a hash of the proof is another", (ten, bent.encode()), (), "letter-proof"),
        ("the signature is another", (ten, unsigned.encode()), (), "letter-seal"),
        ("a message", (mailed(ten.decode()), mailed(twenty.decode())), (VKEY,), HOLDS),
        ("a message in base64", (mailed(ten.decode(), cte="base64"), mailed(twenty.decode(), cte="base64")), (VKEY,), HOLDS),
        ("a message with the whole seal", (ten, mailed(twenty.decode(), both)), (VKEY, vkeys.vkey_of(MLDSA_KEY)), "letter-seal"),
        ("a message with the whole seal twice", (mailed(ten.decode(), seal(10, keys=(SIGNING_KEY, MLDSA_KEY))),
         mailed(twenty.decode(), both)), (VKEY, vkeys.vkey_of(MLDSA_KEY)), HOLDS),
        ("a message with another seal attached", (ten, mailed(twenty.decode(), seal(10))), (), UNREADABLE),
        ("quoted", (ten, quoted.encode()), (), HOLDS),
        ("an empty line between all", (ten, spaced.encode()), (), HOLDS),
        ("lines of Windows", (ten, twenty.replace(b"\n", b"\r\n")), (), HOLDS),
        ("hyphens for dashes", (ten, twenty.replace("\u2014".encode(), b"--")), (), HOLDS),
        ("the dash of Windows", (ten, twenty.decode().encode("cp1252")), (), HOLDS),
        ("the same key by its name alone", (letter(10, vkey=OTHER_VKEY).encode(), letter(20, 10, vkey="").encode()), (), HOLDS),
        ("nothing", (b"", ten), (), UNREADABLE),
        ("too long", (ten, b" " * 10_000_001), (), UNREADABLE),
        ("a size beyond numbers", (ten, letter(20).replace("  20\n", "  9007199254740992\n").encode()), (), UNREADABLE),
        ("an origin of controls", (letter(10).replace(f"  {ORIGIN}", "  a\x0bb").encode(), twenty), (), "letter-seal"),
    )  # fmt: skip


def spoilt(seed: int) -> Case:
    """One of the cases with something changed by chance; nobody knows the verdict beforehand."""
    chance = Random(seed)  # noqa: S311 - the same each time
    name, letters, keys, _ = chance.choice([case for case in cases() if len(case[1]) > 1 and max(map(len, case[1])) < 100_000])
    at = chance.randrange(len(letters))
    data = bytearray(letters[at])
    for _ in range(chance.randrange(1, 4)):
        place = chance.randrange(len(data) + 1)
        what = chance.choice(ODD)
        lines = bytes(data).split(b"\n")
        match chance.randrange(4):
            case 0:
                data[place : place + chance.randrange(3)] = what
            case 1:
                chosen = chance.randrange(len(lines))
                lines[chosen : chosen + 1] = chance.choice([[], [lines[chosen]] * 2, [lines[chosen], b""]])
                data = bytearray(b"\n".join(lines))
            case 2:
                data += b"\n" + chance.choice(letters)
            case _:
                data = data[:place] + what + data[place:]
    changed = (*letters[:at], bytes(data), *letters[at + 1 :])
    return f"{name}, seed {seed}", changed, keys, None
