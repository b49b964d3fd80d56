"""``--map`` and ``--sheet`` of the commands that read a list: what a column holds, and which sheet, where Vouch can't tell."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import click

from base.refusals import Invalid
from suppliers.lists.column_titles import SupplierField

WHAT: Final = f"{', '.join(SupplierField)}, or nothing to leave it out"
sheet_option: Final = click.option(
    "--sheet", metavar="NAME", help="The sheet to read, by its name or number; the first fitting one else."
)


def map_option(name: str = "--map", *, what: str = WHAT) -> Callable[[Any], Any]:
    """``HEADING=WHAT``, as often as somebody likes."""
    words = f"What a column holds, where Vouch can't tell: {what}. Repeat it for more."
    return click.option(name, "mapped" if name == "--map" else "other_mapped", metavar="HEADING=WHAT", multiple=True, help=words)


def fields_named(mapped: Sequence[str]) -> Mapping[str, SupplierField | None]:
    """Raises Invalid for what is no column that can be read."""
    return {heading: SupplierField(what) if what else None for heading, what in _taken_apart(mapped, set(SupplierField) | {""})}


def sides_named(mapped: Sequence[str]) -> Mapping[str, str]:
    """The same of a file of pairs, whose columns hold name_a, postcode_b and so on."""
    return dict(_taken_apart(mapped, {f"{one}_{side}" for one in SupplierField for side in ("a", "b")}))


def _taken_apart(mapped: Sequence[str], known: set[str]) -> list[tuple[str, str]]:
    found = []
    for one in mapped:
        heading, sign, what = one.rpartition("=")
        what = what.strip().lower().replace("-", "_").replace(" ", "_")
        if not sign or what not in known:
            example = "Creditor=name" if "name" in known else "Creditor=name_a"
            raise Invalid(f"--map takes a heading and what its column holds, such as {example}, not {one}.")
        found.append((heading.strip(), what))
    return found
