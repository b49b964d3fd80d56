"""What was written about what happened under a contract: names in it are found and erased, and what happened stays."""

from datetime import date
from typing import Any

import database
from audit.log.subjects import Subject
from base.settings import Settings
from contracts.fields.said import Said
from contracts.register import register
from contracts.service_events import logging_one, stored
from contracts.service_events.tables import Words
from privacy import erasure
from tests.given.erasing import NAME, World, ask, everything_in, the
from tests.given.every_check import findings
from tests.given.served import a_call

ENDED: dict[str, Any] = {"starts_on": date(2008, 9, 1), "ends_on": date(2010, 8, 31), "renewal": "expires", "title": "Boilers"}


async def test_names_in_words_about_the_service_are_erased_in_row_and_trail_and_the_job_stays(world: World, db: Settings) -> None:
    contract = await register.add(world.ann, Said(ENDED, supplier=world.supplier))
    job = await logging_one.log(world.ann, contract, a_call(what=f"{NAME} found it cold.", notes="The boiler room was locked."))
    offers = (await erasure.look(world.ann, person=None, typed=NAME)).offers
    found = [offer.find for offer in offers if offer.find.stream == Subject.CONTRACT.of(contract)]
    assert any(find.key.startswith(f"contract:{contract}:words:") for find in found)
    await erasure.approve(world.hal, await ask(world))
    async with database.read():
        (kept,) = await stored.jobs(contract, stored.named(job), 1)
        words = await stored.words_of([kept.row])
    assert words[kept.row] == {"notes": "The boiler room was locked."}
    assert await the(Words, Words.contract == contract) is not None
    assert NAME.encode() not in await everything_in(db)
    assert await findings() == ()
