"""``vouch letters``: what the operator hears of letters that came back."""

import click

from notices import refused
from web import terminal


@click.group("letters")
def letters_group() -> None:
    """Letters that remind people."""


@letters_group.command("bounced")
@click.argument("address")
@terminal.json_option
def bounced(*, address: str, as_json: bool) -> None:
    """Say that a letter to ADDRESS came back: nothing more is written there until its owner says so."""
    marked = terminal.run(lambda: refused.mark(address))
    accounts = "the account" if marked == 1 else f"{marked} accounts"
    terminal.answer({"marked": marked}, f"Nothing more is written to {accounts} with this address.", as_json=as_json)
