"""Packs for two verifiers to disagree about: odd ones in good order, and good ones with something odd put in. By seed."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from tests.given import odd_values, odd_zips
from tests.given.hand_made_packs import HOUR, JUNE, SIGNING_KEY, Trail, Wish, listed, pack, unzipped, zipped
from tests.given.odd_notes import MLDSA_VKEY, OTHER_MLDSA_VKEY, a_key, a_list, a_seal, an_odd_note, some_keys
from tests.given.pack_samples import BOILERS, OAKFIELD, OTHER_VKEY, VKEY, samples
from tests.given.tampering_tools import commitment_of, leaves_of_the_headers, lines, manifest, rooted, sealed

Files = dict[str, bytes]


@dataclass(frozen=True)
class Case:
    """What the verifiers are given; ``name`` tells how it was made."""

    name: str
    pack: bytes
    keys: tuple[str, ...] = ()
    since: bytes | None = None


def case(seed: int) -> Case:
    """The same for the same seed."""
    chance = Random(seed)  # noqa: S311 - the same each time
    make = chance.choices(list(MAKERS), weights=list(MAKERS.values()))[0]
    made = make(chance)
    keys, since = made.keys, made.since
    if not keys and chance.random() < 0.15:
        keys = some_keys(chance)
    if since is None and chance.random() < 0.15:
        since = an_earlier(chance)
    return Case(f"{seed} {make.__name__}: {made.name}", made.pack, keys, since)


def an_odd_trail(chance: Random) -> Case:
    """Anything that a log holder could commit to, in a pack in perfect order."""
    return Case("", pack(a_trail(chance), a_wish(chance)))


def a_trail(chance: Random) -> Trail:
    trail = Trail()
    if chance.random() < 0.4:
        owner = (
            OAKFIELD
            if chance.random() < 0.7
            else {**OAKFIELD, "name": odd_values.text(chance), "number": odd_values.text(chance)}
        )
        trail.begin(owner)
    for _ in range(chance.randrange(1, 7)):
        step = chance.random()
        if step < 0.1 and trail.entries:
            _erase(chance, trail)
        elif step < 0.15:
            trail.recover(f"vouch.example.org/trail/{chance.randrange(10**6)}", lost=chance.randrange(3))
        elif step < 0.2:
            trail.rename(OAKFIELD, {**OAKFIELD, "name": chance.choice(("Oak", "", "a\nb"))})
        else:
            _add(chance, trail)
    return trail


def _add(chance: Random, trail: Trail) -> None:
    stream = chance.choice((BOILERS, "contract:1", "school", "trail", "supplier", "s" * 500, "=s", "\U0001f600", "supplier:a:b"))
    actor: dict[str, Any] = {
        name: odd_values.text(chance) for name in chance.sample(("role", "name", "person", "__proto__", "x"), 2)
    }
    if chance.random() < 0.5:
        actor["role"] = chance.choice(("system", "school", "head", "constructor"))
    personal = {odd_values.field(chance): odd_values.value(chance) for _ in range(chance.randrange(4))}
    what = chance.choice(
        ("review.written", "note.written", "erasure.applied", "trail.begun", "trail.recovered", "=x", "", odd_values.text(chance))
    )
    trail.add(stream, what, facts=odd_values.facts(chance), personal=personal, actor=actor)


def _erase(chance: Random, trail: Trail) -> None:
    idx = chance.randrange(len(trail.entries))
    erasable = [name for name in trail.entries[idx].openings if name != "event"]
    trail.erase(
        idx, *chance.sample(erasable, min(len(erasable), chance.randrange(3))), evidence=["ab" * 32] * chance.randrange(2)
    )


def a_wish(chance: Random) -> Wish:
    kept = chance.choice(("", "", "criticism", "personal", "actor", "facts"))
    since, until = (chance.choice((None, None, JUNE + chance.randrange(-1, 8) * HOUR)) for _ in range(2))
    return Wish(
        grade=chance.choice(("complete", "extract")),
        streams=chance.choice((None, None, (BOILERS,), ())),
        since=since, until=until, format=chance.choice((1, 2, 3)), lists_leaves=chance.random() < 0.8,
        school=chance.choice((OAKFIELD["name"], OAKFIELD["name"], odd_values.text(chance) or "x")),
        key=chance.choice((SIGNING_KEY, SIGNING_KEY, None)),
        listed=chance.choice((None, None, ("vouch.example.org/trail/0011223344556677", "other"))),
        shows=lambda name: not kept or not name.startswith(kept),
    )  # fmt: skip


def an_odd_opening(chance: Random) -> Case:
    """Another text for what one opening says, committed to; the rest is mended."""
    name, data = _sample(chance)
    said = odd_values.json_text(chance)

    def change(parsed: list[Any]) -> None:
        line = chance.choice([one for one in parsed if one.get("openings")] or [{"openings": {}}])
        if not line["openings"]:
            return
        field = chance.choice(list(line["openings"]))
        told = line["openings"][field]
        before, told["value"] = commitment_of(field, told), said
        if chance.random() < 0.9:
            line["head"]["c"] = sorted({*line["head"]["c"], commitment_of(field, told)} - {before})

    return Case(f"{name}, {said[:60]!r}", _mended(chance, data, lines(change)))


def an_odd_line(chance: Random) -> Case:
    """A key or a value of a line, or of its header, is another, or missing."""
    name, data = _sample(chance)

    def change(parsed: list[Any]) -> None:
        if not parsed:
            return
        line = chance.choice(parsed)
        place = chance.choice([line, line["head"], *line.get("openings", {}).values()])
        key = chance.choice([*place, "extra"])
        if key == "head":
            return
        if chance.random() < 0.3:
            place.pop(key, None)
        elif chance.random() < 0.5 and isinstance(place.get(key), int):
            place[key] += chance.choice((-1, 1, 2**40))
        else:
            place[key] = odd_values.value(chance)

    try:
        return Case(name, _mended(chance, data, lines(change)))
    except (KeyError, TypeError, AttributeError):
        return Case(f"{name}, as it was", data)


def an_odd_order(chance: Random) -> Case:
    """Lines dropped, doubled, exchanged; openings dropped."""
    name, data = _sample(chance)

    def change(parsed: list[Any]) -> None:
        for _ in range(chance.randrange(1, 3)):
            at, other = (chance.randrange(len(parsed)) for _ in range(2)) if parsed else (0, 0)
            match chance.randrange(5) if parsed else 9:
                case 0:
                    parsed.pop(at)
                case 1:
                    parsed.insert(other, json.loads(json.dumps(parsed[at])))
                case 2:
                    parsed[at], parsed[other] = parsed[other], parsed[at]
                case 3 if parsed[at].get("openings"):
                    parsed[at]["openings"].pop(chance.choice(list(parsed[at]["openings"])))
                case 4 if parsed[at].get("proof"):
                    parsed[at]["proof"][chance.randrange(len(parsed[at]["proof"]))] = "ab" * 32

    return Case(name, _mended(chance, data, lines(change)))


def an_odd_manifest(chance: Random) -> Case:
    name, data = _sample(chance)
    files = unzipped(data)
    told = json.loads(files["manifest.json"])
    place = chance.choice(
        [told, told, told["scope"], *told["origins"], *told["scope"]["streams"], *told["files"].values(), told["files"]]
    )
    key = chance.choice([*place, "extra"])
    if chance.random() < 0.2:
        place.pop(key, None)
    else:
        place[key] = chance.choice(
            (odd_values.value(chance), odd_values.text(chance), [odd_values.text(chance)], "ab" * 32, [a_key(chance)])
        )
    made = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    files["manifest.json"] = (made if chance.random() < 0.8 else odd_values.mutated(chance, made)).encode(
        "utf-8", "surrogatepass"
    )
    return Case(f"{name}, {key}", zipped(files))


def an_odd_seal(chance: Random) -> Case:
    name, data = _sample(chance)
    files = unzipped(data)
    told = json.loads(files["manifest.json"])
    head = (told["origins"][-1]["origin"], told["size"], bytes.fromhex(told["root"]))
    files[chance.choice(("checkpoint", "checkpoint", "origins"))] = (
        a_seal(chance, *head) if chance.random() < 0.7 else a_list(chance)
    )
    if chance.random() < 0.5:
        manifest(keys=list(some_keys(chance)))(files)
    if told["format"].endswith("3") and chance.random() < 0.5:
        manifest(cosigners=[chance.choice((MLDSA_VKEY, MLDSA_VKEY, OTHER_MLDSA_VKEY, a_key(chance)))])(files)
    return Case(
        name, zipped(listed(files)), chance.choice(((), (), (VKEY,), (VKEY, MLDSA_VKEY), (OTHER_VKEY,), some_keys(chance)))
    )


def an_odd_since(chance: Random) -> Case:
    name = chance.choice(("complete since an earlier one", "extract since an earlier one"))
    files = unzipped(samples()[name])
    told = json.loads(files["since.json"])
    told[chance.choice((*told, "extra"))] = chance.choice(
        (odd_values.value(chance), [], told["proof"][1:], [*told["proof"], "ab" * 32], 0, 11, 12, 6)
    )
    made = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    files["since.json"] = (made if chance.random() < 0.8 else odd_values.mutated(chance, made)).encode()
    return Case(name, zipped(listed(files)), since=chance.choice((None, samples()["earlier"], an_earlier(chance))))


def an_earlier(chance: Random) -> bytes:
    """What is given as the earlier pack or seal."""
    kind = chance.randrange(4)
    if kind == 0:
        return chance.choice(list(samples().values()))
    if kind == 1:
        return an_odd_note(chance)
    return a_seal(
        chance,
        "vouch.example.org/trail/0011223344556677",
        chance.choice((0, 5, 6, 11, 12, 2**53, 2**60, 2**63 - 1, 2**63)),
        bytes(32),
    )


def an_odd_file(chance: Random) -> Case:
    """Bytes of one file are others, and the manifest lists them."""
    name, data = _sample(chance)
    files = unzipped(data)
    changed = chance.choice([one for one in files if one != "manifest.json"])
    content = bytearray(files[changed])
    for _ in range(chance.randrange(1, 3)):
        at = chance.randrange(len(content) + 1)
        content[at : at + chance.randrange(3)] = chance.randbytes(chance.randrange(3))
    files[changed] = bytes(content)
    if chance.random() < 0.1:
        files.pop(changed)
    return Case(f"{name}, {changed}", zipped(listed(files) if chance.random() < 0.8 else files))


def an_odd_zip(chance: Random) -> Case:
    name, data = _sample(chance)
    return Case(name, odd_zips.changed(chance, data))


def _sample(chance: Random) -> tuple[str, bytes]:
    if chance.random() < 0.3:
        return "an odd trail", pack(a_trail(chance), a_wish(chance))
    return chance.choice(list(samples().items()))


def _mended(chance: Random, data: bytes, change: Callable[[Files], None]) -> bytes:
    """Changed, and as much of it mended as a forger of some patience would."""
    files = unzipped(data)
    change(files)
    patience = chance.randrange(4)
    if patience > 0 and "leaves" in files:
        leaves_of_the_headers(files)
    if patience > 1:
        rooted(files)
    if patience > 2 and "checkpoint" in files:
        told = json.loads(files["manifest.json"])
        sealed(SIGNING_KEY, origin=told["origins"][-1]["origin"], size=told["size"])(files)
    return zipped(listed(files))


MAKERS: Final[dict[Callable[[Random], Case], int]] = {
    an_odd_trail: 25, an_odd_opening: 12, an_odd_line: 10, an_odd_order: 8, an_odd_manifest: 10, an_odd_seal: 15, an_odd_since: 5,
    an_odd_file: 6, an_odd_zip: 9,
}  # fmt: skip
