"""What the published file does when it is started: checks a pack or, behind the word ``letters``, letters against each other.

Part of the offline verifier: bare Python 3.9.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Sequence
from typing import Final

from audit.letters.compared import compare_letters, letters_in_words, letters_json
from audit.verifier.main import finished, main

WORD_FOR_LETTERS: Final = "letters"
ABOUT_LETTERS: Final = """Holds letters with seals of Vouch against each other, with no network and no account. Exit status 0:
each continues the one before. 1: they contradict each other. 2: they can't be read or compared."""


def program(arguments: Sequence[str] | None = None) -> int:
    asked = sys.argv[1:] if arguments is None else list(arguments)
    return finished(lambda: _check_letters(asked[1:]) if asked[:1] == [WORD_FOR_LETTERS] else main(asked))


def _check_letters(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog=f"vouch_verify.py {WORD_FOR_LETTERS}", description=ABOUT_LETTERS)
    parser.add_argument("letter", nargs="+", metavar="LETTER", help="a message as it was saved (.eml), its text, or seal.txt")
    parser.add_argument(
        "--key", action="append", default=[], metavar="VKEY", help="a key, or its fingerprint, from elsewhere; may be repeated"
    )
    parser.add_argument("--json", action="store_true", help="answer in one line of JSON")
    asked = parser.parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    verdict = compare_letters(asked.letter, keys=asked.key)
    sys.stdout.write((letters_json(verdict) if asked.json else letters_in_words(verdict)) + "\n")
    return verdict.exit_status
