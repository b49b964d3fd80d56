"""Which supplier a typed name means: one on the school's own list of that very name, or those that it may be."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from base.refusals import Invalid
from base.viewer import Viewer
from suppliers.directory import directory, our_list
from suppliers.directory.directory import Suggestion
from suppliers.matching.names import normalise
from suppliers.record import facts
from suppliers.record.facts import Facts

MOST_OFFERED: Final = 300  # names of our own suppliers, to choose from while typing
ONLY_THE_NAME: Final = "name"
ADD_IT: Final = "add"


@dataclass(frozen=True, slots=True)
class Meant:
    """``supplier`` where there is no doubt; otherwise those that it may be, the likeliest first."""

    supplier: UUID | None = None
    candidates: tuple[Suggestion, ...] = ()


@dataclass(frozen=True, slots=True)
class NewSupplier:
    """One to add to the school's list when the contract is saved, and what it was said not to be."""

    facts: Facts
    none_of: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Chosen:
    """The supplier of a contract: one that is known, or one to add to the school's list when the contract is saved, or none."""

    supplier: UUID | None = None
    to_add: NewSupplier | None = None


NONE: Final = Chosen()


async def our_names(viewer: Viewer) -> tuple[str, ...]:
    return tuple(name for _, name in await our_list.named(viewer, limit=MOST_OFFERED))


async def meant(viewer: Viewer, name: str) -> Meant:
    exact = normalise(name).exact
    for supplier, called in await our_list.named(viewer, text=name, limit=MOST_OFFERED) if exact else ():
        if normalise(called).exact == exact:
            return Meant(supplier)
    return Meant(candidates=await directory.suggestions(viewer, name))


def chosen(answer: str, name: str, asked: Meant) -> Chosen:
    """What an answer to ``asked`` means: an id, ADD_IT, or ONLY_THE_NAME for none. Raises Invalid for any other."""
    if answer == ONLY_THE_NAME:
        return NONE
    if answer == ADD_IT:
        try:
            new = facts.checked(name=name)
        except Invalid as refusal:
            raise Invalid(refusal.sentence, supplier_name=refusal.sentence) from refusal
        return Chosen(to_add=NewSupplier(new, tuple(one.supplier_id for one in asked.candidates)))
    try:
        return Chosen(UUID(answer))
    except ValueError as error:
        sentence = "Choose which supplier it is, or that you want to keep only the name."
        raise Invalid(sentence, same_as=sentence) from error
