"""Last year's key still checks a pack of today: each rotation is signed by both keys, and a pack brings the chain of them."""

import asyncio
import io

import pytest

from audit.fingerprint import fingerprint
from audit.seals import key_chain, keys, rotation
from audit.verifier.verdict import PackVerdict
from audit.verifier.verify import verify_pack
from audit.verifier.words import in_words
from tests.given.builders import travel
from tests.given.hand_made_packs import unzipped
from tests.given.sealing import a_pack, sealed
from vouch import jobs

pytestmark = pytest.mark.usefixtures("db")


async def replaced(monkeypatch: pytest.MonkeyPatch, *, is_lost: bool = False) -> None:
    """A rotation, and a day on which no seal carries the old signature any more."""
    await keys.replace(is_lost=is_lost)
    await key_chain.write_missing()
    travel(monkeypatch, days=91)
    await rotation.retire()


async def checked_with(*known: str) -> PackVerdict:
    return verify_pack(io.BytesIO(await a_pack()), keys=known)


async def test_a_key_of_last_year_checks_a_pack_of_today_through_each_change(monkeypatch: pytest.MonkeyPatch) -> None:
    await sealed()
    (first,) = await keys.signing()
    assert "rotations" not in unzipped(await a_pack())
    await replaced(monkeypatch)
    await replaced(monkeypatch)
    await sealed()
    for known in (first.vkey, fingerprint(first.vkey)):
        found = await checked_with(known)
        assert found.facts, found.what
        assert (found.facts.trust, found.facts.copy, found.facts.key_changes) == ("given", "known", 2)
        assert "checked with a key that you gave, through 2 changes of key (signed by" in in_words(found)
    newest, second, _ = await keys.public()
    for vkey, changes in ((second.vkey, 1), (newest.vkey, 0)):
        found = await checked_with(vkey)
        assert found.facts, found.what
        assert found.facts.key_changes == changes


async def test_a_lost_key_leads_to_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    await sealed()
    (first,) = await keys.signing()
    await replaced(monkeypatch, is_lost=True)
    await sealed()
    assert "rotations" not in unzipped(await a_pack())
    assert (await checked_with(first.vkey)).fault == "seal"


async def test_a_rotation_from_before_gets_its_note_while_the_old_key_is_still_here(monkeypatch: pytest.MonkeyPatch) -> None:
    await sealed()
    (first,) = await keys.signing()
    await keys.replace(is_lost=False)
    assert await key_chain.for_pack() is None
    assert (await jobs.run_due()).failed == ()
    assert await key_chain.for_pack() is not None
    travel(monkeypatch, days=91)
    await jobs.run_due()
    await sealed()
    assert not first.path.exists()
    assert (await checked_with(first.vkey)).status == "holds"


async def test_two_that_write_at_once_write_a_note_once(monkeypatch: pytest.MonkeyPatch) -> None:
    await keys.signing()
    await keys.replace(is_lost=False)
    await keys.replace(is_lost=False)
    assert sum(await asyncio.gather(*(key_chain.write_missing() for _ in range(3)))) == 2
    assert await key_chain.write_missing() == 0
