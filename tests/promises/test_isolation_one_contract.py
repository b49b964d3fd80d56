"""Two academies of a trust are served by one contract of it: what happened and was asked at one is the other's as little as
anybody's, and a lead of the trust reads what happened and changes none of it.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from base.viewer import Role
from contracts.fields.said import Said
from contracts.judging.kinds import StampKind
from contracts.register import register
from contracts.reminders import governors_questions
from contracts.service_events import photos
from suppliers.opinions.attachments import Upload
from tests.conftest import Template
from tests.given.acts import ACTS
from tests.given.builders import a_person, a_school
from tests.given.routes import Route, read, routes, send, shown
from tests.given.served import a_contract, a_fix_time, a_job, stamped
from tests.given.town import Town, rows_of_everything, town_of

LEAK = Upload("leak.txt", b"A plover below the boiler.")
OAKS = ("job_id", "photo_id", "stamp_id", "question_id")
BY_LEAD = {"GET /service-events/{job_id}"}  # what happened at an academy a lead reads
SWEPT = [route for route in routes() if {*route.names} & {*OAKS}]


@pytest.fixture
async def town(template: Template, tmp_path: Path) -> AsyncIterator[Town]:
    """Ola is of Oak, beside Ivy; the trust's contract covers both. Oak's own contract serves it alone."""
    async with town_of(template, tmp_path) as town:
        ola = await a_person(await a_school("Oak Primary", trust="Rose Trust"), Role.HEAD, name="Ola Oak")
        tom, ivy = town.viewers["tom"], UUID(town.ids["ivy"])
        shared = await register.add(tom, Said({"title": "Boilers"}, covers=[ivy, ola.school]))
        await a_fix_time(tom, shared)
        for prefix, contract in (("", shared), ("own ", await a_contract(ola, "Lifts"))):
            job = await a_job(ola, contract, what="A heron in the hall")
            await photos.add(ola, job, LEAK)
            stamp = await stamped(ola, job, StampKind.RESPONDED, "2026-01-20 10:00")
            question = await governors_questions.ask(ola, contract, "Is there a lapwing?")
            (photo,) = await photos.of_event(ola, job)
            made = {"job_id": job, "photo_id": photo.id, "stamp_id": stamp, "question_id": question}
            town.ids |= {f"{prefix}{name}": str(one) for name, one in made.items()}
        town.viewers["ola"] = ola
        yield town


async def ask(town: Town, who: str, route: Route, ids: dict[str, Any]) -> tuple[int, object]:
    async with town.browser(who) as browser:
        if route.method == "GET":
            answer = await read(browser, route, town, **ids)
        else:
            answer = await send(browser, route, ACTS[route.key][0], town, **ids)
    return answer.status_code, shown(answer)


@pytest.mark.parametrize(("who", "prefix"), [("ida", ""), ("ida", "own "), ("lea", "own ")])
async def test_what_is_another_academys_is_as_if_it_were_not_there(town: Town, who: str, prefix: str) -> None:
    before, told = await rows_of_everything(), []
    for route in SWEPT:
        if who == "lea" and route.key in BY_LEAD:
            continue
        asked = [name for name in route.names if name in OAKS]
        theirs = await ask(town, who, route, {name: town.ids[prefix + name] for name in asked})
        nobodys = await ask(town, who, route, {name: str(uuid4()) for name in asked})
        if theirs[0] not in (403, 404) or theirs != nobodys:
            told.append((route.key, theirs[0], nobodys[0]))
    assert told == []
    assert await rows_of_everything() == before
