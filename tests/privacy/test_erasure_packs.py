"""Erasure and audit packs: those made before and after verify, and in none made after is there anything of what went."""

import io

from audit.erasing.erasure import ErasureReason
from audit.seals import recipients
from audit.verifier.verdict import HOLDS
from audit.verifier.verify import verify_pack
from base.settings import Settings
from base.viewer import Role, Viewer
from privacy import erasure
from sharing.people import people
from suppliers.directory import directory
from suppliers.opinions import notes
from suppliers.opinions.attachments import Upload
from suppliers.opinions.notes import About
from tests.given.builders import a_person, a_school, signed_in
from tests.given.made_packs import opened, order_of, packed

NAME = "Zebedee Quill"


async def erased(ann: Viewer, hal: Viewer, typed: str) -> None:
    look = await erasure.look(ann, person=None, typed=typed)
    chosen = [offer.find.key for offer in look.offers]
    await erasure.approve(
        hal, await erasure.ask(ann, person=None, typed=typed, chosen=chosen, reason=ErasureReason.ASKED, words="")
    )


async def test_packs_made_before_and_after_verify_and_the_new_one_says_erased(db: Settings) -> None:
    oakfield = await a_school()
    ann, hal = await a_person(oakfield), await a_person(oakfield, Role.HEAD, "Hal Hart")
    supplier = (await directory.add(ann, name="Ashby Boilers")).id
    file = Upload("quill.txt", f"{NAME} took the keys.".encode())
    await notes.note(ann, supplier, about=About.PROBLEM, body=f"{NAME} was late.", files=[file])
    before, _ = await packed(ann, order_of(ann))
    await erased(ann, hal, NAME)
    after, _ = await packed(ann, order_of(ann))
    old, new = (verify_pack(io.BytesIO(pack)) for pack in (before, after))
    assert (old.status, new.status) == (HOLDS, HOLDS), (old, new)
    assert verify_pack(io.BytesIO(after), since=io.BytesIO(before)).status == HOLDS
    assert NAME.encode() in b"".join(opened(before).values())
    forms = (NAME.encode(), b"quill", b"took the keys")
    assert [(name, form) for name, held in opened(after).items() for form in forms if form in held] == []
    assert old.facts is not None
    assert new.facts is not None
    assert (old.facts.erased, new.facts.erased) == (0, 2), "the note's words and the file's name"
    assert new.facts.withheld == 0


async def test_addresses_of_people_without_an_account_go_too(db: Settings) -> None:
    """Somebody who was invited and never came, and somebody who receives seals."""
    oakfield = await a_school()
    ann, hal = await a_person(oakfield), await a_person(oakfield, Role.HEAD, "Hal Hart")
    await people.invite(ann, email="chair@quill.example", role=Role.GOVERNOR)
    await recipients.add(ann, "chair@quill.example")
    await erased(ann, hal, "chair@quill.example")
    assert await people.invited(ann) == ()
    if db.is_sqlite:
        held = b"".join(path.read_bytes() for path in db.sqlite_path.parent.glob(db.sqlite_path.name + "*"))
        assert b"quill.example" not in held


async def test_the_pages_lead_from_looking_to_erased(db: Settings) -> None:
    oakfield = await a_school()
    ann, hal = await a_person(oakfield), await a_person(oakfield, Role.HEAD, "Hal Hart")
    supplier = (await directory.add(ann, name="Ashby Boilers")).id
    note = await notes.note(ann, supplier, about=About.PROBLEM, body=f"{NAME} was late.")
    sought = {"person": "nobody", "text": NAME}
    async with signed_in(ann) as browser:
        found = await browser.post("/erasures/find", data=sought)
        assert f'value="note:{note}"' in found.text
        assert f"“<mark>{NAME}</mark> was late.”" in found.text
        asked = await browser.post("/erasures", data={**sought, "chosen": f"note:{note}", "reason": "wrong"})
        address = asked.headers["location"]
        waiting = (await browser.get(address)).text
        assert "somebody else has to approve it: Hal Hart" in waiting
        assert "Erase it" not in waiting
        for tick in ({"sure": "yes"}, {}):  # nobody is asked for a tick that would not help
            assert (await browser.post(f"{address}/approve", data=tick)).status_code == 403
    async with signed_in(hal) as browser:
        assert (await browser.post(f"{address}/approve", data={})).status_code == 422
        done = await browser.post(f"{address}/approve", data={"sure": "yes"})
        assert done.headers["location"] == "/erasures"
        for path in ("/erasures", address, f"/notes/{note}", "/trail"):
            assert NAME not in (await browser.get(path)).text
        assert "Its words were erased" in (await browser.get(f"/notes/{note}")).text
