"""For whom the names of a register stood last time, so that the next one asks only about what is new.

Kept beside what is remembered of lists of suppliers, by digests. "None of these" says nothing of what was not offered then.
"""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Final
from uuid import UUID

from contracts.register_rows.states import NameChoice, NameKind
from suppliers.imports import remembered

WHAT: Final = {NameKind.SUPPLIER: "contract supplier", NameKind.SCHOOL: "contract school"}

Named = Mapping[str, tuple[Sequence[str], str]]  # by name: the choices that are offered, and the one that is made, or ""


async def keep(school: UUID, kind: NameKind, named: Named) -> None:
    """Inside a unit of housekeeping; what was taken back is forgotten."""
    await remembered.keep(school, {_key(kind, name): _told(offered, choice) for name, (offered, choice) in named.items()})


async def as_last_time(school: UUID, kind: NameKind, offered: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """The choice of each name that was answered, as far as it still can be made. Inside a unit."""
    said = await remembered.answers(school, [_key(kind, name) for name in offered])
    found = {name: _still(said.get(_key(kind, name), ""), set(choices)) for name, choices in offered.items()}
    return {name: choice for name, choice in found.items() if choice}


def _told(offered: Sequence[str], choice: str) -> str:
    return " ".join([choice, *sorted(offered)]) if choice == NameChoice.NAME_ALONE else choice


def _still(told: str, offered: set[str]) -> str:
    choice, *refused = told.split() or [""]
    if choice == NameChoice.NAME_ALONE:
        return choice if offered <= set(refused) else ""
    return choice if choice in offered else ""


def _key(kind: NameKind, name: str) -> bytes:
    return sha256(f"{WHAT[kind]}\n{' '.join(name.casefold().split())}".encode()).digest()
