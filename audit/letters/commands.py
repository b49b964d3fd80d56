"""``vouch trail verify-letters``: letters held against each other, as the published file does it; needs no database."""

import sys

import click

from audit.letters.compared import compare_letters, letters_in_words, letters_json
from audit.verifier.main import finished
from web import terminal


@click.command(name="verify-letters")
@click.argument("letters", nargs=-1, required=True, metavar="LETTER…")
@click.option("--key", "keys", multiple=True, metavar="VKEY", help="A key, or its fingerprint, from elsewhere; may be repeated.")
@terminal.json_option
def verify_letters(letters: tuple[str, ...], *, keys: tuple[str, ...], as_json: bool) -> None:
    """Check that each letter continues the one before. Exit status 0: it does; 1: it doesn't; 2: they can't be compared."""

    def compare() -> int:
        found = compare_letters(letters, keys=keys)
        click.echo(letters_json(found) if as_json else letters_in_words(found))
        return found.exit_status

    sys.exit(finished(compare))
