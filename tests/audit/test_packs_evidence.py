"""A file that is not the one that was recorded never leaves in a pack."""

import pytest

from audit.packs.order import Grade
from base.refusals import Conflict
from tests.given.builders import a_person, a_school
from tests.given.made_packs import a_history, about, order_of, packed
from tests.given.tampered_database import behind_the_triggers

pytestmark = pytest.mark.usefixtures("db")


@pytest.mark.parametrize("grade", list(Grade))
async def test_a_file_whose_bytes_were_changed_is_refused_in_a_sentence(grade: Grade) -> None:
    ann = await a_person(await a_school())
    boilers = await a_history(ann, "Ashby Boilers", "boilers")
    await packed(ann, order_of(ann, about(boilers), grade))
    await behind_the_triggers("UPDATE suppliers_attachment SET data = digest")
    with pytest.raises(Conflict, match=r"A photo or file is not the one that was recorded \(SHA-256 [0-9a-f]{64}\)"):
        await packed(ann, order_of(ann, about(boilers), grade))
