"""A clock that is put back keeps nobody from sending a seal."""

import pytest

from audit.seals import recipients
from base.refusals import TooMany
from base.settings import Settings
from tests.given.builders import a_person, a_school, travel


async def test_after_the_clock_was_put_back_a_seal_can_be_sent_at_once(db: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = await a_person(await a_school())
    await recipients.add(ann, "chair@school.example")
    assert await recipients.send_now(ann) == 1
    with pytest.raises(TooMany):
        await recipients.send_now(ann)
    travel(monkeypatch, days=-1)
    assert await recipients.send_now(ann) == 1
