"""Two letters with seals check each other without a pack: what the command says, and the published file."""

import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from audit.fingerprint import fingerprint
from audit.letters.compared import LETTER_FAULTS, LettersVerdict, compare_letters, letters_in_words
from audit.letters.mailed import texts_of
from audit.letters.reading import read_letter
from tests.given.bare_python import run
from tests.given.hand_made_packs import OTHER_KEY, SIGNING_KEY
from tests.given.sealed_letters import LEAVES, OTHER_LEAVES, OTHER_VKEY, VKEY, Case, cases, letter, mailed, seal, spoilt
from vouch import cli

pytestmark = pytest.mark.pure


def compared(letters: Sequence[bytes | str], *keys: str) -> LettersVerdict:
    return compare_letters([io.BytesIO(one if isinstance(one, bytes) else one.encode()) for one in letters], keys=keys)


def told(found: LettersVerdict) -> str | None:
    return found.fault or found.status


@pytest.mark.parametrize("case", cases(), ids=lambda case: case[0])
def test_each_case_has_its_verdict(case: Case) -> None:
    _, letters, keys, due = case
    assert told(compared(letters, *keys)) == due


def test_every_fault_is_tried() -> None:
    assert {due for *_, due in cases()} == {"holds", "unreadable", *LETTER_FAULTS}


def test_nothing_that_was_spoilt_makes_it_raise_and_little_still_holds() -> None:
    found = [told(compared(spoilt(seed)[1], *spoilt(seed)[2])) for seed in range(150)]
    assert len(set(found)) > 3


def test_of_all_pairs_only_those_of_one_history_with_their_own_proof_hold() -> None:
    """Held against what anybody can reckon from the leaves."""
    for size in range(2, 14):
        for after in range(1, size):
            assert compared([letter(after), letter(size, after)]).status == "holds"
            is_same = LEAVES[:after] == OTHER_LEAVES[:after]
            assert (compared([letter(after), letter(size, after, OTHER_LEAVES)]).status == "holds") == is_same


def test_who_sealed_them_is_said_apart_from_whether_they_agree() -> None:
    pair = [letter(10), letter(20, 10)]
    given, own = compared(pair, fingerprint(VKEY).lower()), compared(pair)
    nobodys = compared([letter(10, vkey=""), letter(20, 10, vkey="")])
    copies = [one.facts.copy if one.facts else "" for one in (given, own, nobodys)]
    assert copies == ["known", "self-asserted", "none"]
    words = [letters_in_words(one) for one in (given, own, nobodys)]
    assert words[0].startswith("THE LETTERS AGREE. The later letter continues the earlier one: the 10 entries sealed then")
    assert words[1].startswith("THE LETTERS AGREE, BY A KEY THAT CAME WITH THEM.")
    assert words[2].startswith("THE LETTERS AGREE, BUT WHO SEALED THEM WAS NOT CHECKED.")
    assert (f"Key: {fingerprint(VKEY)} (Ed25519)" in words[0], "Key:" in words[2]) == (True, False)
    assert told(compared(pair, fingerprint(OTHER_VKEY))) == "letter-seal"


def test_a_letter_that_contradicts_another_says_what_it_means() -> None:
    fork = letters_in_words(compared([letter(20, 10), letter(20, 10, OTHER_LEAVES)]))
    assert fork.startswith("THE LETTERS DO NOT AGREE. There are two seals of 20 entries")
    assert "together they prove it" in fork
    older = letters_in_words(compared([letter(5), letter(10)]))
    assert older.startswith("THE LETTERS CAN'T BE COMPARED. The letter of 10 entries brings no proof")
    between = letters_in_words(compared([letter(10), letter(40, 20)]))
    assert "leads from 20 entries, and the letter before it here is of 10" in between


def test_a_seal_with_the_line_of_a_witness_says_that_nobody_looked_at_it() -> None:
    witnessed = seal(20) + "\u2014 witness.example " + "A" * 102 + "==\n"
    facts = compared([letter(10), letter(20, 10, sealed=witnessed)]).facts
    assert facts is not None
    assert facts.left_open == ("witnesses",)


def test_the_lines_of_the_text_and_of_the_file_are_put_together() -> None:
    read = read_letter(mailed(letter(20, 10), seal(20, keys=(OTHER_KEY, SIGNING_KEY))))
    assert read.note.decode().count("\u2014") == 2
    assert (read.size, read.after, read.keys) == (20, 10, (VKEY,))


def test_a_message_within_a_message_is_read_too() -> None:
    inner = mailed(letter(20, 10)).decode()
    head = 'Content-Type: multipart/mixed; boundary="out er"\n\n--out er\nContent-Type: message/rfc822\n\n'
    outer = f"{head}{inner}\n--out er--\n"
    assert read_letter(outer.encode()).size == 20
    assert len(texts_of(outer.encode())) == 4


def test_command_and_published_file_say_the_same(tmp_path: Path) -> None:
    files = [tmp_path / "one.eml", tmp_path / "two.txt"]
    for change, status in (("", 0), ("x", 1)):
        files[0].write_bytes(mailed(letter(10)))
        files[1].write_text(letter(20, 10, sealed=seal(20, OTHER_LEAVES if change else LEAVES)))
        for words in (["--key", VKEY], ["--json"]):
            typed = [str(file) for file in files]
            answer = CliRunner().invoke(cli.vouch, ["trail", "verify-letters", *typed, *words])
            bare = run("letters", *typed, *words)
            assert (answer.exit_code, answer.stdout) == (bare.returncode, bare.stdout)
            assert (bare.returncode, bare.stderr) == (status, "")
    missing = run("letters", files[0], tmp_path / "none.eml")
    assert (missing.returncode, "can't be read" in missing.stdout) == (2, True)
