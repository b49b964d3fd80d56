"""The chain of keys: each new one is signed for by the one before it."""

import re

from tests.third_verifier import notes, texts

TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")

Rotation = tuple[str, str]  # the old key, and the new one


def rotations_in(data: bytes) -> list[Rotation]:
    """Oldest first. Raises BadNote."""
    try:
        told = texts.read(data)
    except texts.NotCanonical as error:
        raise notes.BadNote("form") from error
    if not isinstance(told, list) or not all(isinstance(one, str) for one in told):
        raise notes.BadNote("form")
    return [rotation_in(one.encode()) for one in told]


def rotation_in(note: bytes) -> Rotation:
    text, _ = notes.parts_of(note)
    form, old, new, at, *others = [*text[:-1].split("\n"), "", "", ""][: max(4, text.count("\n"))]
    keys = [notes.key_in(one) for one in (old, new)]
    others_fit = all(notes.key_in(one).kind != 1 for one in others)
    if form != "vouch-rotation/1" or old == new or not TIME.fullmatch(at) or not others_fit:
        raise notes.BadNote("form")
    if any(key.kind != 1 or key.text != one for key, one in zip(keys, (old, new), strict=True)):
        raise notes.BadNote("form")
    _, signed = notes.signers(note, [old, new])
    if {key.text for key in signed} != {old, new}:
        raise notes.BadNote("unknown")
    return old, new


def led_to(given: list[str], chain: list[Rotation]) -> dict[str, int]:
    """The keys that are known, and how many rotations lead to each at least."""
    known = {notes.key_in(key).text: 0 for key in given}
    for old, new in chain:
        if old in known:
            known[new] = min(known[old] + 1, known.get(new, known[old] + 1))
    return known
