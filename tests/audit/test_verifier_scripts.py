"""The scripts that check an audit pack in the browser: the same verdicts as Python's, and the known answers of the standards."""

import random
from base64 import b64encode
from collections.abc import AsyncIterator
from hashlib import sha256, shake_128, shake_256
from typing import Any, Final
from zlib import crc32

import pytest
import pytest_asyncio

from audit import note, sheet, vkeys
from audit.errors import VerificationError
from audit.fingerprint import as_fingerprint, fingerprint
from audit.verifier import verdict
from audit.verifier.manifest import canonical_value
from tests.given.hand_made_packs import OTHER_KEY, consistency, inclusion, tree
from tests.given.plain_mldsa import KEY_OF_NOBODY, MESSAGE, at_the_borders, known_answers
from tests.given.tampering import OTHER_VKEY, VKEY, flips, samples, tamperings
from tests.given.verifier_in_browser import Place, a_pack, a_place, hexes, in_python

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

VERIFY: Final = """async (cases, { verifyPack }) => {
    const blob = (text) => new Blob([raw(text)]), told = [];
    for (const { pack, keys, since } of cases) {
        const { rows, ...verdict } = await verifyPack(blob(pack), { keys, since: since === null ? undefined : blob(since) });
        told.push(verdict);
    }
    return told;
}"""
# Of a file that is damaged or no JSON, each side says so in the words of its own libraries.
ALL: Final = ("status", "what", "fault", "idx", "facts", "warnings")
COMPARED: Final = {"holds": ALL, "fails": ALL}

# RFC 8032 section 7.1, tests 1 to 3: public key, message, signature.
RFC_8032: Final = (
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
)
OF_ORDER_EIGHT: Final = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place() -> AsyncIterator[Place]:
    async with a_place() as made:
        yield made


async def test_every_tampering_gets_the_verdict_that_python_gives(place: Place) -> None:
    holding = samples()
    cases: list[tuple[str, bytes, tuple[str, ...], bytes | None]] = [(name, data, (), None) for name, data in holding.items()]
    cases += [(row.name, row.change(holding[row.sample]), row.keys, row.since) for row in tamperings()]
    cases += [(f"{name}, byte {at}", data, (), None) for name in holding for at, data in flips(holding[name], count=4)]
    sent = [{"pack": d.hex(), "keys": list(k), "since": None if s is None else s.hex()} for _, d, k, s in cases]
    told = await place.ask("pack", VERIFY, sent)
    differ = []
    for (name, data, keys, since), found in zip(cases, told, strict=True):
        want = in_python(data, keys, since)
        parts = COMPARED.get(want["status"], ("status", "fault", "idx", "facts"))
        differ += [(name, part, want[part], found[part]) for part in parts if want[part] != found[part]]
    assert differ == []
    assert {found["status"] for found in told} == {"holds", "fails", "unreadable"}
    assert {found["fault"] for found in told} == {None, *verdict.FAULTS}


async def test_it_says_what_python_says(place: Place) -> None:
    names = ("FAULTS", "SEAL_WHYS", "TRUST", "GRADES", "COPY", "ANNOUNCED", "LIMITS")
    tables = await place.ask("verdict", "(names, tables) => names.map((name) => tables[name])", names)
    assert tables == [dict(getattr(verdict, name)) for name in names]
    holding = [*(a_pack(grade=grade) for grade in verdict.GRADES), samples()["complete, recovered"]]
    said = [(told["facts"], told["what"]) for told in map(in_python, holding)]
    assert len({what for _, what in said}) == len(said)
    script = "(facts, {verdictSentence}) => facts.map(verdictSentence)"
    assert await place.ask("verdict", script, [facts for facts, _ in said]) == [what for _, what in said]


async def test_its_hashes_are_those_of_the_standard(place: Place) -> None:
    messages = [b"", b"abc", b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", b"a" * 1_000_000]
    messages += [random.Random(n).randbytes(n) for n in range(200)]  # noqa: S311 - the same each time
    script = """(texts, {Sha256, sha256, toHex, crc32}) => texts.map(raw).map((all) => {
        const cut = all.length / 3, parts = new Sha256().update(all.subarray(0, cut)).update(all.subarray(cut));
        return [toHex(sha256(all)), toHex(parts.digest()), crc32(all), crc32(all.subarray(cut), crc32(all.subarray(0, cut)))];
    })"""
    told = await place.ask("hash", script, hexes(messages))
    assert told == [[sha256(m).hexdigest(), sha256(m).hexdigest(), crc32(m), crc32(m)] for m in messages]
    assert told[1][0] == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-4


async def test_its_trees_are_those_of_rfc_6962(place: Place) -> None:
    """Every root and proof up to 13 leaves; and each proof with one hash changed, missing or too many."""
    data = [bytes([n]) for n in range(13)]
    leaves, roots = [sha256(b"\0" + one).digest() for one in data], [tree(data[:n]) for n in range(14)]
    included: list[tuple[dict[str, Any], bool]] = []
    consistent: list[tuple[dict[str, Any], bool]] = [({"size1": 0, "size2": 5, "proof": []}, False)]
    for size in range(1, 14):
        for index in range(size):
            claim = {"leaf": index, "index": index, "size": size}
            included += [({**claim, "proof": proof}, holds) for proof, holds in spoilt(inclusion(index, data[:size]))]
            sizes = {"size1": index + 1, "size2": size}
            consistent += [({**sizes, "proof": proof}, holds) for proof, holds in spoilt(consistency(index + 1, data[:size]))]
    script = """({leaves, roots, one, two}, {Tree, isIncluded, isConsistent}) => {
        const [l, r] = [leaves.map(raw), roots.map(raw)], tree = new Tree(), grown = [tree.root()];
        for (const leaf of l) { tree.push(leaf); grown.push(tree.root()); }
        return [
            grown.every((root, n) => root.join() === r[n].join()),
            one.map((c) => isIncluded({...c, leaf: l[c.leaf], root: r[c.size], proof: c.proof.map(raw)})),
            two.map((c) => isConsistent({...c, root1: r[c.size1], root2: r[c.size2], proof: c.proof.map(raw)})),
        ]; }"""
    claims = {"one": [claim for claim, _ in included], "two": [claim for claim, _ in consistent]}
    told = await place.ask("merkle", script, {"leaves": hexes(leaves), "roots": hexes(roots), **claims})
    assert told == [True, [holds for _, holds in included], [holds for _, holds in consistent]]


def spoilt(proof: list[bytes]) -> list[tuple[list[str], bool]]:
    """The proof, which holds, and others, which don't."""
    changed = [[bytes([one[0] ^ 1]) + one[1:] if n == at else one for n, one in enumerate(proof)] for at in range(len(proof))]
    others = [*changed, [*proof, proof[0] if proof else bytes(32)], *([proof[:-1]] if proof else [])]
    return [(hexes(proof), True), *((hexes(other), False) for other in others)]


async def test_its_signatures_are_those_of_rfc_8032(place: Place) -> None:
    altered = [(key, f"{message}00", signature) for key, message, signature in RFC_8032]
    script = "(vectors, {isSigned}) => Promise.all(vectors.map((vector) => isSigned(...vector.map(raw))))"
    assert await place.ask("note", script, [*RFC_8032, *altered]) == [True] * 3 + [False] * 3


async def test_its_fingerprints_are_pythons(place: Place) -> None:
    texts = [VKEY, VKEY.upper(), OTHER_VKEY, "", "+", "a+B", "a+B+C+D", "Zoë+É+É"]
    typed = [fingerprint(VKEY), fingerprint(VKEY).lower(), fingerprint(VKEY)[1:], "O" * 32, "\u017f" * 32, "2" * 32, "2-" * 32]
    told = await place.ask(
        "fingerprint", "([t, u], {fingerprint, asFingerprint}) => [t.map(fingerprint), u.map(asFingerprint)]", [texts, typed]
    )
    assert told == [[fingerprint(text) for text in texts], [as_fingerprint(text) for text in typed]]


async def test_its_shake_is_that_of_the_standard(place: Place) -> None:
    messages = [random.Random(n).randbytes(n) for n in range(0, 300, 7)]  # noqa: S311 - the same each time
    script = """(texts, {SHAKE128_RATE, SHAKE256_RATE, shake}, {toHex}) => texts.map(raw).map((all) => {
        const pieces = [all.subarray(0, 9), all.subarray(9)];
        return [toHex(shake(SHAKE128_RATE, pieces, all.length + 1)), toHex(shake(SHAKE256_RATE, pieces, all.length + 1))]; })"""
    told = await place.ask("shake hash", script, hexes(messages))
    assert told == [[shake_128(m).hexdigest(len(m) + 1), shake_256(m).hexdigest(len(m) + 1)] for m in messages]


async def test_its_ml_dsa_is_that_of_the_standard(place: Place) -> None:
    """Known answers, each with something changed; forgeries that stand on every border; and what has another length."""
    cases = [
        (key, message + more, signature, context + told, not (more + told))
        for _, key, message, context, signature in known_answers()
        for more, told in ((b"", b""), (b"x", b""), (b"", b"x"))
    ]
    cases += [(KEY_OF_NOBODY, MESSAGE, signature, b"", holds) for signature, holds in at_the_borders().values()]
    key, message, signature, context, _ = cases[0]
    for n in range(40):
        bit = random.Random(n).randrange(8 * len(signature))  # noqa: S311 - the same each time
        changed = (int.from_bytes(signature, "little") ^ 1 << bit).to_bytes(len(signature), "little")
        cases.append((key, message, changed, context, False))
    cases += [(key[:-1], message, signature, context, False), (key, message, signature + b"\0", context, False)]
    cases += [(key, message, signature, bytes(256), False)]
    script = "(cases, {isMldsaSigned}) => cases.map((one) => isMldsaSigned(...one.map(raw)))"
    told = await place.ask("mldsa", script, [hexes(case[:4]) for case in cases])
    assert told == [holds for *_, holds in cases]


async def test_it_reads_seals_and_keys_as_python_does(place: Place) -> None:
    """Small orders, points off the curve, second encodings, mistyped ids, unknown and doubled signatures."""
    text = note.checkpoint_text("vouch.example.org/trail/1", 5, bytes(32))
    skey, vkey = vkeys.new_key("vouch.example.org")
    good = note.sign_note(text, skey)
    notes = [good, note.cosign(good, OTHER_KEY), good[:-1], good.replace(b"\n5\n", b"\n6\n"), good + b"x", b"", text.encode()]
    notes += [
        good.replace(b"\n5\n", b"\n05\n"),
        good.replace("—".encode(), b"-"),
        b"\xff" + good,
        good.replace(b"org/", b"org\x01/"),
    ]
    keys = [
        vkey,
        vkeys.vkey_of(OTHER_KEY),
        vkey[:-2] + "A=",
        vkey.replace("vouch", "vuoch"),
        "",
        "a+b",
        vkey.replace("+", "-", 1),
    ]
    for point in (0, 1, 2, 2**255 - 20, 2**255 - 18, OF_ORDER_EIGHT):
        key = b"\x01" + point.to_bytes(32, "little")
        keys.append(f"k+{sha256(b'k' + bytes([10]) + key).digest()[:4].hex()}+{b64encode(key).decode()}")
    cases = [*((one, [key]) for one in notes for key in keys), (good, [keys[1], vkey]), (good, [])]
    script = """(cases, {openNote, VerificationError}) => Promise.all(cases.map(async ([text, keys]) => {
        try { return (await openNote(raw(text), keys)).names; }
        catch (error) { if (error instanceof VerificationError) return null; throw error; } }))"""
    told = await place.ask("note", script, [(one.hex(), known) for one, known in cases])
    assert told == [opened(one, known) for one, known in cases]


def opened(data: bytes, keys: list[str]) -> list[str] | None:
    try:
        return list(note.open_note(data, keys)[1])
    except VerificationError:
        return None


async def test_it_knows_canonical_json_as_python_does(place: Place) -> None:
    texts = ['{"a":1}', '{"a": 1}', '{"b":1,"a":2}', '{"a":1,"a":1}', "1.0", "1e2", "-0", "9007199254740991", "9007199254740992"]
    texts += [
        '"\\ud800"',
        '"\\u00e9"',
        '"é"',
        '"\\u001f"',
        '"\\u2028"',
        '"\u2028"',
        '{"é":1}',
        "[" * 5000,
        "null",
        "",
        "NaN",
        "\ufeff1",
    ]
    texts += [
        '{"__proto__":1}',
        '{"constructor":{"a":[true,false,null]}}',
        '"😀\\t\\b"',
        '"\x7f"',
        "[]",
        "{}",
        "[1,]",
        "1" * 5000,
    ]
    script = "(texts, {readCanonical}) => texts.map((text) => readCanonical(text) !== undefined)"
    assert await place.ask("canonical", script, texts) == [is_canonical(text) for text in texts]


def is_canonical(text: str) -> bool:
    try:
        canonical_value(text.encode())
    except ValueError:
        return False
    return True


async def test_it_makes_the_lines_of_the_sheet_that_python_makes(place: Place) -> None:
    values: list[Any] = [
        *"=+-@\t\n＝'",
        "",
        " x",
        'a,"b"',
        0,
        -7,
        True,
        False,
        [],
        [1, "b", [True, None]],
        [{"a": 1}],
        {"a": 1},
        None,
    ]
    days = ["2026-02-31", "2026-09-21", "0000-01-01", "2027-01-01", "2026-9-1", "soon"]
    event = {"id": "e", "type": "=HYPERLINK(1)", "at": 1_790_000_000_123_456, "stream": "s", "subject": "t"}
    rows: list[dict[str, Any]] = [
        {"event": event, "facts": {"new": {"z": one}, "b": one, "reason": one}, "personal.x": one} for one in values
    ]
    rows += [
        {"event": event, "actor": {"role": role}, "facts": {"happened_on": day}} for day in days for role in ("system", "head")
    ]
    cases = [(n, row, ("actor", "personal.gone.old") if n % 2 else (), n % 3) for n, row in enumerate(rows)]
    script = """(cases, {csvLine, row}) => cases.map(([n, openings, erased, withheld]) =>
        csvLine(row(n, new Map(Object.entries(openings)), erased, withheld)))"""
    told = await place.ask("sheet", script, cases)
    assert told == [sheet.csv_line(sheet.row(n, row, erased=gone, withheld=held)).decode() for n, row, gone, held in cases]
