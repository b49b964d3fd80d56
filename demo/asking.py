"""What a school of the demo town asks others, and what two of them answer: last of all, so that nothing before it moves."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from base.refusals import NotFound
from demo.living import Act, Town
from suppliers.asking import answering, asking, seen, whom
from suppliers.asking.asking import Wanted
from suppliers.asking.seen import AnswersWith

YESTERDAY: Final = 1  # days ago
ASKS: Final = "oakfold"
NEED: Final = "roofing"
WORDS: Final = "Do you know a roofer who finds a leak before putting up scaffolding? It is a flat roof over our library."


@dataclass(frozen=True, slots=True)
class DemoAnswer:
    school: str
    answers_with: AnswersWith
    firm: str


ANSWERS: Final = (
    DemoAnswer("pellgate", AnswersWith.REVIEW, "overslate"),
    DemoAnswer("wennas", AnswersWith.SUPPLIER, "overslate"),
)


def acts() -> Iterator[Act]:
    yield Act(YESTERDAY, _asks)
    yield from (Act(YESTERDAY, _answers(one)) for one in ANSWERS)


async def _asks(town: Town) -> None:
    """Of its cluster."""
    if town.network is None:
        raise NotFound
    await asking.ask(town.writer(ASKS), Wanted(category=NEED, words=WORDS, to=whom.network(town.network)))


def _answers(one: DemoAnswer) -> Callable[[Town], Awaitable[None]]:
    async def act(town: Town) -> None:
        viewer = town.writer(one.school)
        enquiry: UUID = (await seen.listed(viewer)).asked_of_us[0].id
        await answering.answer(viewer, enquiry, one.answers_with, town.listed[one.firm])

    return act
