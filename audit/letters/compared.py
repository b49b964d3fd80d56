"""Whether letters are of one trail, each a continuation of the one before: what the proofs in them show, without a pack.

Part of the offline verifier: bare Python 3.9.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from audit.cosignature import has_lines_of_others
from audit.errors import VerificationError
from audit.fingerprint import as_fingerprint, fingerprint
from audit.letters.reading import MAX_LETTER_BYTES, Letter, read_letter
from audit.merkle import verify_consistency
from audit.note import signers_of
from audit.verifier.archive import Unreadable
from audit.verifier.heads import Source, opened, why_not
from audit.verifier.known import KnownKeys, are_missing, require_keys
from audit.verifier.verdict import COPY, EXIT_STATUS, FAILS, HOLDS, LEFT_OPEN, SEAL_WHYS, UNREADABLE, SealKey, printable
from audit.vkeys import ALGORITHMS, VerifierKey, vkey_text

MOST_LETTERS: Final = 100
# In the order in which they are looked for; docs/reference/letter-format.md lists them for other implementations.
LETTER_FAULTS: Final[Mapping[str, str]] = {
    "letter-seal": "The seal in the letter of {size} entries does not hold: {why}.",
    "letter-trail": (
        "The letters are of two trails, {origin} and {other}. If both are of one school, ask why: a trail has another name from "
        "where it began anew, and so has one that was put in its place."
    ),
    "letter-fork": (
        "There are two seals of {size} entries, and they are not of the same ones: the trail was rewritten, or there are two of "
        "it. Keep both letters: together they prove it."
    ),
    "letter-proof": (
        "The letter of {size} entries does not continue that of {earlier}: what was sealed then is not the beginning of what was "
        "sealed later, or the proof was changed on its way. Keep both letters, and ask for a pack."
    ),
}
# Why letters can't be compared, which is no fault: the sentences of a verdict that is unreadable.
NO_PROOF: Final = (
    "The letter of {size} entries brings no proof that leads from an earlier one. Older letters don't, nor does the first "
    "to each person: if it is neither, ask why. Ask for a pack, and check it with the earlier letter's seal."
)
LATER_PROOF: Final = (
    "The proof in the letter of {size} entries leads from {after} entries, and the letter before it here is of {earlier}. "
    "Give the letters between them too, or ask for a pack and check it with the earlier letter's seal."
)
EARLIER_PROOF: Final = (
    "The proof in the letter of {size} entries leads from {after} entries, and there is a letter of {earlier} since. If "
    "that went to the same person, ask why. Ask for a pack, and check it with the earlier letter's seal."
)
LETTER_TRUST: Final[Mapping[str, str]] = {
    "given": "checked with a key that you gave",
    "self-asserted": "self-asserted: the key came with the letters",
    "unsealed": "not checked: the letters name no key that signed each of them, and you gave none",
}
# What a verdict begins with, by ``copy`` where the letters hold.
LETTER_HEADLINES: Final[Mapping[str, str]] = {
    "known": "The letters agree",
    "self-asserted": "The letters agree, by a key that came with them",
    "none": "The letters agree, but who sealed them was not checked",
    FAILS: "The letters do not agree",
    UNREADABLE: "The letters can't be compared",
}
LETTER_LIMITS: Final[Mapping[str, str]] = {
    "known": "",
    "self-asserted": (
        "Whoever wrote the letters may have made the key. Have the fingerprint read out to you, and check again with that."
    ),
    "none": "Anybody could have written them. Ask the school for its key, or for the fingerprint, and check again with that.",
}


class LetterFault(Exception):
    """The letters contradict each other, or a seal is false: ``fault`` is a key of LETTER_FAULTS, ``values`` what it needs."""

    def __init__(self, fault: str, **values: object) -> None:
        super().__init__(fault)
        self.fault, self.values = fault, values

    def sentence(self) -> str:
        return LETTER_FAULTS[self.fault].format(**{name: printable(str(value)) for name, value in self.values.items()})


@dataclass(frozen=True)
class LetterHead:
    """What a letter sealed: ``root`` in hex; ``after`` the size from which its proof leads, None where it brings none."""

    size: int
    root: str
    after: int | None


@dataclass(frozen=True)
class LetterFacts:
    """What letters that agree show, the smallest first; the rest as in PackFacts."""

    origin: str
    letters: tuple[LetterHead, ...]
    trust: str
    copy: str
    signers: tuple[SealKey, ...]
    left_open: tuple[str, ...]


@dataclass(frozen=True)
class LettersVerdict:
    """``status`` and ``fault`` as in PackVerdict; ``facts`` only if the letters agree."""

    status: str
    what: str
    fault: str | None = None
    facts: LetterFacts | None = None

    @property
    def exit_status(self) -> int:
        return EXIT_STATUS[self.status]


def compare_letters(letters: Sequence[Source], *, keys: Iterable[str] = ()) -> LettersVerdict:
    """Of two letters or more, in whatever order. Never raises for what they hold. ``keys`` as in verify_pack; without any, those
    that the letters name are used, and the verdict says so.
    """
    try:
        given = require_keys(keys)
        facts = _letter_facts(_read_sources(letters), given)
    except LetterFault as fault:
        return LettersVerdict(FAILS, fault.sentence(), fault.fault)
    except Unreadable as error:
        return LettersVerdict(UNREADABLE, str(error))
    except OSError as error:
        return LettersVerdict(UNREADABLE, f"What was given can't be read: {str(error.strerror or error).rstrip('.')}.")
    return LettersVerdict(HOLDS, _letters_sentence(facts), facts=facts)


def letters_in_words(verdict: LettersVerdict) -> str:
    """For people, several lines."""
    headline = LETTER_HEADLINES[verdict.facts.copy if verdict.facts else verdict.status].upper()
    limit = LETTER_LIMITS[verdict.facts.copy] if verdict.facts else ""
    lines = [" ".join(filter(None, [f"{headline}.", verdict.what, limit]))]
    if verdict.facts:
        lines += [f"  {printable(line)}" for line in _letter_fact_lines(verdict.facts)]
    return "\n".join(lines)


def letters_json(verdict: LettersVerdict) -> str:
    """One line; the shape is in docs/reference/letter-format.md."""
    return json.dumps(asdict(verdict), ensure_ascii=False)


def _read_sources(letters: Sequence[Source]) -> list[Letter]:
    """The smallest seal first; of one size, in the order given."""
    if not 1 < len(letters) <= MOST_LETTERS:
        raise Unreadable(f"Give two letters, or more, up to {MOST_LETTERS}.")
    return sorted(map(_read_source, letters), key=lambda letter: letter.size)


def _read_source(source: Source) -> Letter:
    with opened(source) as file:
        return read_letter(file.read(MAX_LETTER_BYTES + 1))


def _letter_facts(letters: Sequence[Letter], given: tuple[str, ...]) -> LetterFacts:
    """Raises LetterFault, or Unreadable where nothing is false and something can't be compared."""
    known = _known_by(letters, given)
    signers = [_letter_signers(letter, known) for letter in letters]
    _require_one_trail(letters)
    reasons = [_not_compared(earlier, later, letters) for earlier, later in zip(letters, letters[1:])]
    if any(reasons):
        raise Unreadable(next(filter(None, reasons)))
    trust = "unsealed" if not all(signers) else "given" if known.are_given else "self-asserted"
    keys = dict.fromkeys(key for of_one in signers for key in of_one) if trust != "unsealed" else {}
    names = [key.name for key in keys]
    is_left = trust != "unsealed" and any(has_lines_of_others(letter.note, names) for letter in letters)
    return LetterFacts(
        origin=letters[0].origin,
        letters=tuple(LetterHead(one.size, one.root.hex(), one.after) for one in letters),
        trust=trust,
        copy=COPY[trust],
        signers=tuple(_letter_key(key) for key in keys),
        left_open=("witnesses",) if is_left else (),
    )


def _letter_key(key: VerifierKey) -> SealKey:
    vkey = vkey_text(key.name, key.data)
    return SealKey(vkey, ALGORITHMS[key.type], fingerprint(vkey))


def _known_by(letters: Sequence[Letter], given: tuple[str, ...]) -> KnownKeys:
    """A fingerprint that was given makes known the key of a letter that has it."""
    own = tuple(dict.fromkeys(key for letter in letters for key in letter.keys))
    if not given:
        return KnownKeys(own, are_given=False)
    by_fingerprint = {fingerprint(key): key for key in own}
    meant = [by_fingerprint.get(key, "") if as_fingerprint(key) else key for key in given]
    return KnownKeys(tuple(filter(None, meant)), are_given=True, are_all_here=all(meant))


def _letter_signers(letter: Letter, known: KnownKeys) -> tuple[VerifierKey, ...]:
    """Which known keys signed it; none, where none was given, if the letters name none that did."""
    try:
        _, signers = signers_of(letter.note, known.vkeys)
    except VerificationError as error:
        why = why_not(error)
        if why == "unknown" and not known.are_given:
            return ()
        raise LetterFault("letter-seal", size=letter.size, why=SEAL_WHYS[why]) from error
    if known.are_given and are_missing(known, signers):
        raise LetterFault("letter-seal", size=letter.size, why=SEAL_WHYS["unknown"])
    return signers


def _require_one_trail(letters: Sequence[Letter]) -> None:
    other = next((letter.origin for letter in letters if letter.origin != letters[0].origin), None)
    if other is not None:
        raise LetterFault("letter-trail", origin=letters[0].origin, other=other)
    for earlier, later in zip(letters, letters[1:]):
        if (earlier.size, earlier.root != later.root) == (later.size, True):
            raise LetterFault("letter-fork", size=later.size)


def _not_compared(earlier: Letter, later: Letter, letters: Sequence[Letter]) -> str:
    """Why they can't be compared; "" where the later one continues the other. Raises LetterFault where it does not.

    Another letter with the later seal may have the proof.
    """
    if earlier.size == later.size:
        return ""
    proven = [one for one in letters if one.size == later.size and one.after is not None]
    chosen = next((one for one in proven if one.after == earlier.size), proven[0] if proven else later)
    if chosen.after is None:
        return NO_PROOF.format(size=later.size)
    if chosen.after != earlier.size:
        why = LATER_PROOF if chosen.after > earlier.size else EARLIER_PROOF
        return why.format(size=later.size, after=chosen.after, earlier=earlier.size)
    sizes = {"size1": earlier.size, "size2": later.size}
    try:
        verify_consistency(**sizes, root1=earlier.root, root2=later.root, proof=chosen.proof)
    except VerificationError as error:
        raise LetterFault("letter-proof", size=later.size, earlier=earlier.size) from error
    return ""


def _letters_sentence(facts: LetterFacts) -> str:
    first, last = facts.letters[0].size, facts.letters[-1].size
    if first == last:
        return f"They bring the same seal, of {last} entries."
    return (
        f"The later letter continues the earlier one: the {first} entries sealed then are the first of the {last} sealed later."
    )


def _letter_fact_lines(facts: LetterFacts) -> list[str]:
    return [
        f"Trail: {facts.origin}",
        *(f"Letter: {one.size} entries, root {one.root}" for one in facts.letters),
        f"Seals: {LETTER_TRUST[facts.trust]}",
        *(f"  Key: {key.fingerprint} ({key.algorithm})" for key in facts.signers),
        *(LEFT_OPEN[what] for what in facts.left_open),
    ]
