"""A small town with one of everything, built once through the public verbs and copied for each test that wants it.

Ann, Hal and Gus are of Oakfield, whose things most routes are about, and Sam is its caretaker; Iris audits a part of it. Bob, of
Elmwood, must see none of them.
"""

import asyncio
import copy
import json
from collections import Counter
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from contextvars import Context
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
from piccolo.columns import BigInt
from piccolo.table import Table

import audit
import audit.tables
import contracts.piccolo_app
import database
import disclosure.piccolo_app
import notices.piccolo_app
import sharing.piccolo_app
import suppliers.piccolo_app
from audit.erasing import holds
from audit.erasing.erasure import ErasureReason
from audit.log.subjects import OUR_SCHOOL, Subject
from audit.seals import recipients
from base import clock
from base.viewer import KeyScope, Role, Viewer
from contracts.calendars import calendars
from contracts.changes import linking
from contracts.clock.school_calendar import Hours, Mode, SchoolCalendar, Term, Weekday
from contracts.documents import documents
from contracts.documents.answering import What
from contracts.documents.kinds import DocumentKind
from contracts.fields.dates_asked import Extension
from contracts.fields.said import Said
from contracts.imports import background as register_background
from contracts.imports import imports as register_imports
from contracts.improvement import assessment, concerns, crediting
from contracts.improvement.assessment import New, Rated
from contracts.improvement.concerns import Raised
from contracts.improvement.crediting import Proposed
from contracts.improvement.duty import Rating
from contracts.judging.kinds import PauseReason, Side, StampKind
from contracts.promises.kinds import How
from contracts.register import register
from contracts.reminders import governors_questions
from contracts.review import meetings
from contracts.review.meetings import Minutes, ToDo
from contracts.service_events import logging_one, photos, stamping
from contracts.service_events.logging_one import Logged
from contracts.service_events.stamping import Stamping
from contracts.shares import by_reader as contracts_by_reader
from contracts.shares import shares as contract_shares
from database.guarded import HOUSEKEEPING_TABLES
from disclosure.tables import ShareToConfirm
from notices import feeds
from notices.desk import waiting_feed
from notices.tables import Letter
from privacy import erasure
from sharing.access.audiences import PRIVATE, AudienceChoice, GrantChoice
from sharing.access.fields import ALL, CONTRACT, Fields, GrantKind
from sharing.accounts import new_passwords
from sharing.auditors import auditors, trust_audits
from sharing.auditors.trust_audits import Decided
from sharing.events import Event
from sharing.joining import joining
from sharing.networks import connections, networks
from sharing.operator import break_glass, succession, succession_list
from sharing.operator import opened as openings
from sharing.operator.succession import Wanted
from sharing.operator.succession_list import Ground
from sharing.people import confirmers, heads, people
from sharing.sign_in import api_keys, one_time_links, sessions
from sharing.sign_in.one_time_links import Purpose
from sharing.tables import School
from sharing.two_people import outside, two_people
from sharing.two_people.tables import OutsideLink
from suppliers.asking import asking, whom, would_see
from suppliers.asking import hidden as hidden_enquiries
from suppliers.corrections import edits, history, proposals
from suppliers.directory import directory
from suppliers.helped import helped
from suppliers.hiding import hiding
from suppliers.imports import at_my_schools, background, imports
from suppliers.imports import rows as import_rows
from suppliers.imports.directory_import import import_suppliers
from suppliers.imports.states import RowKind
from suppliers.lists.column_titles import SupplierField
from suppliers.lists.supplier_row import SupplierRow
from suppliers.merging import compare, decisions, links, merges
from suppliers.merging.decisions import Judgement
from suppliers.opinions import confirming, notes, reviews
from suppliers.opinions.attachments import Upload
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from suppliers.record.criteria import Stage
from suppliers.record.facts import Facts
from suppliers.shares import by_reader, consent, shares, words
from suppliers.shares.shares import OpinionKind
from suppliers.tables import Attachment
from tests.conftest import Template, copied, duplicate, opened
from tests.given.builders import (
    PASSWORD,
    a_membership,
    a_person,
    a_published_address,
    a_school,
    email_of,
    program,
    school_of,
    stranger,
    token_in,
)  # fmt: skip
from tests.given.patience import PATIENCE
from tests.given.served import a_fix_time

EVIDENCE = "Invoice kestrel 4711"  # Oakfield's alone, of a review whose every group it shares with every school
SAID = Opinion(interest=None, rating=4, praise="On time.", criticism="Dear in March.", used_from=None)


@dataclass
class Town:
    """``ids`` names what routes are about; ``viewers``, ``tokens`` and ``keys`` are by first name."""

    ids: dict[str, str] = field(default_factory=dict)
    viewers: dict[str, Viewer] = field(default_factory=dict)
    emails: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    built_at: datetime = field(default_factory=clock.now)

    def filled(self, value: Any) -> Any:
        """The value with "{cleo}" in any of its texts put as an id, and "{cleo's e-mail}" as an address."""
        match value:
            case str():
                addresses = {f"{name}'s e-mail": email for name, email in self.emails.items()}
                return value.format_map({**self.ids, **addresses, "today": clock.today()})
            case Mapping():
                return {self.filled(name): self.filled(item) for name, item in value.items()}
            case list():
                return [self.filled(item) for item in value]
            case _:
                return value

    @asynccontextmanager
    async def browser(self, who: str) -> AsyncIterator[httpx.AsyncClient]:
        """Signed in as ``who`` since the town was built; "" is nobody."""
        async with stranger() as browser:
            if who:
                browser.cookies.set(sessions.cookie_name(), self.tokens[who], domain="127.0.0.1")
            yield browser

    @asynccontextmanager
    async def program(self, key: str) -> AsyncIterator[httpx.AsyncClient]:
        """A program that sends the API key and nothing that a browser would."""
        async with program(key) as made:
            yield made


_built: dict[str, tuple[Template, Town]] = {}


@asynccontextmanager
async def town_of(template: Template, folder: Path) -> AsyncIterator[Town]:
    """The town in an open database of the caller's own, the same ids in every copy; built at the first call of a process."""
    built, town = await town_to_copy(template, folder)
    async with copied(built, folder / "vouch.sqlite"):
        yield copy.deepcopy(town)  # what one test puts into it is no other's


def later_that_day(template: Template) -> datetime:
    """Half an hour after the town was built, or is about to be, but on the same day: on the next one much in it has passed."""
    began = _built[template.url][1].built_at if template.url in _built else clock.now()
    day = began.astimezone(clock.LONDON).date()
    return min(began.replace(microsecond=0) + timedelta(minutes=30), datetime.combine(day, time(23, 59, 59), tzinfo=clock.LONDON))


async def town_to_copy(template: Template, folder: Path) -> tuple[Template, Town]:
    """The town in a database that nobody opens but to copy it."""
    if template.url not in _built:
        built = await duplicate(template, folder / "town.sqlite")
        async with opened(built.url):
            _built[template.url] = (built, await _by_the_real_clock(_build()))
    return _built[template.url]


async def _by_the_real_clock(building: Coroutine[Any, Any, Town]) -> Town:
    """Whatever time the first test that asks has set: others get copies of it too."""
    return await asyncio.get_running_loop().create_task(building, context=Context())


async def _build() -> Town:
    town = Town()
    await _schools_and_people(town)
    await _suppliers(town)
    await _opinions(town)
    await _shared_contracts(town)
    await _criticism(town)
    await _merges(town)
    await _corrections(town)
    await _as_shown(town)
    await _calendar(town)
    await _imports(town)
    await _links(town)
    await _asking(town)
    await _copiers(town)
    await _keys_and_invitations(town)
    await _auditors(town)
    await _service(town)
    await _registers(town)
    await _by_the_operator(town)
    await _trusts_audits(town)
    await _erasures(town)
    await _reminders(town)
    await _shares_to_confirm(town)
    for name, viewer in town.viewers.items():
        town.tokens[name] = await sessions.start(viewer.person, viewer.school)
    elsewhere = await sessions.start(town.viewers["ann"].person, town.viewers["ann"].school)
    town.ids["session"] = str((await sessions.of_person(town.viewers["ann"].person, elsewhere))[0].id)
    return town


async def _schools_and_people(town: Town) -> None:
    """All within a mile, in one local authority; nobody works at Hazel."""
    schools = {}
    for n, name in enumerate(("Oakfield", "Elmwood", "Dale", "Fern", "Gorse", "Hazel")):
        schools[name] = await a_school(f"{name} Primary", lat=53.23 + n / 1000, lon=-0.54)
        town.ids[name.lower()] = str(schools[name].id)
    who = {
        "olive": await a_person(schools["Fern"], Role.HEAD, "Olive Osgood", operator=True),
        "ann": await a_person(schools["Oakfield"], name="Ann Archer"),
        "hal": await a_person(schools["Oakfield"], Role.HEAD, "Hal Hart"),
        "gus": await a_person(schools["Oakfield"], Role.GOVERNOR, "Gus Gray", proved=False),
        "cleo": await a_person(schools["Oakfield"], name="Cleo Cole"),
        "sam": await a_person(schools["Oakfield"], Role.SITE_STAFF, "Sam Stone"),
        "bob": await a_person(schools["Elmwood"], name="Bob Brown"),
        "dee": await a_person(schools["Dale"], name="Dee Dale"),
        "guy": await a_person(schools["Gorse"], name="Guy Green"),
    }
    await a_membership(who["hal"], schools["Gorse"], Role.HEAD)
    mia = await a_membership(await a_person(schools["Oakfield"], Role.GOVERNOR, "Mia Moss"), schools["Fern"], Role.GOVERNOR)
    await new_passwords.agree(who["olive"], mia.person)
    for name, school in (("gorse", who["guy"].school), ("dale", who["dee"].school)):
        await a_published_address(who["olive"], school, f"chair@{name}.example")
    await _two_to_confirm(town, who["guy"])
    town.ids |= {"mia": str(mia.person), "naming": str(await heads.name(who["dee"], who["dee"].person))}
    town.viewers |= who
    town.ids |= {name: str(viewer.person) for name, viewer in who.items()}
    town.emails |= {name: await email_of(viewer) for name, viewer in who.items()}


async def _two_to_confirm(town: Town, guy: Viewer) -> None:
    """Guy let Cal and Dot into Gorse; about Dot he asked whether they are two, and a link about it went to Gorse's chair."""
    for name in ("Cal Cook", "Dot Dean"):
        invitation = await people.invite(guy, email=f"{name[:3].lower()}@gorse.example", role=Role.BUSINESS_MANAGER)
        joined = await joining.join(token_in(invitation.address), name=name, password=PASSWORD)
        town.ids[name[:3].lower()] = str(joined.person)
    asked = await two_people.ask(guy, UUID(town.ids["dot"]))
    town.ids |= {"pair": str(asked), "two_people": await a_link_to_the_chair(guy, "two_people", asked)}


async def a_link_to_the_chair(viewer: Viewer, act: str, subject: UUID) -> str:
    """The token of a link as it went to the published address of the viewer's school: given, so that no mail has to be read."""
    token, now = uuid4().hex, clock.now()
    async with database.write():
        await OutsideLink(
            id=uuid4(), token_hash=sessions.digest_of(token), act=act, subject=subject, school=viewer.school,
            made_by=viewer.person, made_at=now, expires_at=now + outside.LASTS,
        ).save()  # fmt: skip
    return token


async def _suppliers(town: Town) -> None:
    """Oakfield's own, and two that Elmwood listed in the directory."""
    ann, bob = town.viewers["ann"], town.viewers["bob"]
    for key, name in (("boilers", "Ashby Boilers"), ("catering", "Carr Catering"), ("drains", "Dene Drains")):
        town.ids[key] = str((await directory.add(ann, name=name, categories=["heating"] if key == "boilers" else ())).id)
    for key, name, category in (("cleaning", "Brook Cleaning", "cleaning"), ("alike", "Ashby Boilers Limited", "heating")):
        supplier = (await directory.add(bob, name=name, categories=[category])).id
        vouch = (await reviews.vouch(bob, supplier)).id
        await shares.share(bob, OpinionKind.REVIEW, vouch, AudienceChoice((GrantChoice(GrantKind.EVERYONE),)))
        town.ids["bobs_vouch" if key == "alike" else "helping_vouch"] = str(vouch)
        town.ids[key] = str(supplier)
    await helped.say(ann, UUID(town.ids["helping_vouch"]), helped.Said(helped=True))
    town.ids["glazing"] = str((await directory.add(bob, name="Gale Glazing")).id)


async def _opinions(town: Town) -> None:
    """Of Oakfield: private ones of its boilers, and ones of the cleaning that Fern alone may see. Of Elmwood: one note."""
    ann, boilers, cleaning = town.viewers["ann"], UUID(town.ids["boilers"]), UUID(town.ids["cleaning"])
    files = [Upload("invoice.txt", b"Paid twice in March.")]
    bobs = await notes.note(town.viewers["bob"], cleaning, about=About.GOOD, body="Quick.", files=files)
    with clock.at(clock.now() - timedelta(days=40)):
        town.ids["vouch"] = str((await reviews.vouch(ann, UUID(town.ids["drains"]))).id)
    review = (await reviews.review(ann, boilers, opinion=SAID, version=None)).id
    note = await notes.note(ann, boilers, about=About.PROBLEM, body="Late in March.", files=files)
    sams = await notes.note(town.viewers["sam"], boilers, about=About.PROBLEM, body="Cold at seven.", files=files)
    shared_review = (await reviews.review(ann, cleaning, opinion=SAID, version=None)).id
    shared_note = await notes.note(ann, cleaning, about=About.GOOD, body="Tidy in March.", files=files)
    to_fern = AudienceChoice((GrantChoice(GrantKind.SCHOOL, UUID(town.ids["fern"]), fields=ALL),))
    await shares.share(ann, OpinionKind.REVIEW, shared_review, to_fern)
    await shares.share(ann, OpinionKind.NOTE, shared_note, to_fern)
    quarry = (await directory.add(ann, name="Quill Quarry")).id
    with clock.at(clock.now() - timedelta(days=40)):
        uncles = Opinion(interest="My uncle digs there.", rating=5)
        town.ids["old_review"] = str((await reviews.review(ann, quarry, opinion=uncles, version=None)).id)
    town.ids["quarry"] = str(quarry)
    made = {"review": review, "note": note, "bobs_note": bobs, "sams_note": sams}
    made |= {"shared_review": shared_review, "shared_note": shared_note}
    town.ids |= {name: str(made_id) for name, made_id in made.items()}
    async with database.read():
        for row in await Attachment.select(Attachment.id, Attachment.note):
            name = {note: "file", shared_note: "shared_file", bobs: "bobs_file", sams: "sams_file"}[row["note"]]
            town.ids[name] = str(row["id"])
    await _hidden(town)


async def _shared_contracts(town: Town) -> None:
    """Of Oakfield: a private one with its boilers, and one with the cleaning that Fern may see. Of Elmwood: with the cleaning."""
    ann, boilers, cleaning = town.viewers["ann"], UUID(town.ids["boilers"]), UUID(town.ids["cleaning"])
    dates: dict[str, Any] = {"starts_on": clock.today() - timedelta(days=400), "ends_on": clock.today() + timedelta(days=200)}
    price: dict[str, Any] = {"annual_pence": 123_400, "notes": "Haggle in March.", "officer": "Ann Archer"}
    private = await register.add(ann, Said({"title": "Boiler service", **dates, **price}, supplier=boilers))
    shared = await register.add(ann, Said({"title": "Windows", **dates, **price}, supplier=cleaning))
    bobs = await register.add(town.viewers["bob"], Said({"title": "Floors", **dates}, supplier=cleaning))
    to_fern = AudienceChoice((GrantChoice(GrantKind.SCHOOL, UUID(town.ids["fern"]), fields=CONTRACT),))
    await contract_shares.share(ann, shared, to_fern)
    town.ids |= {"boiler_contract": str(private), "shared_contract": str(shared), "bobs_contract": str(bobs)}
    for key, viewer in (("boiler_contract", ann), ("shared_contract", ann), ("bobs_contract", town.viewers["bob"])):
        ends, file = clock.today() + timedelta(days=30), Upload("cover.txt", f"Insured for {key}.".encode())
        kept = await documents.add(viewer, UUID(town.ids[key]), file, What(DocumentKind.INSURANCE, ends), is_letter=False)
        town.ids[f"{key}_document"] = str(kept)
    hidden = Upload("wrong.txt", b"Somebody else's.")
    town.ids["hidden_document"] = str(await documents.add(ann, private, hidden, What(DocumentKind.OTHER), is_letter=False))
    await documents.hide(ann, UUID(town.ids["hidden_document"]))


async def _hidden(town: Town) -> None:
    """Of one supplier of Oakfield's a review and a note, and of another note the file, which was of a pupil."""
    ann = town.viewers["ann"]
    haulage = (await directory.add(ann, name="Quay Haulage")).id
    review = (await reviews.review(ann, haulage, opinion=SAID, version=None)).id
    note = await notes.note(ann, haulage, about=About.GOOD, body="Named a pupil in June.")
    with_file = await notes.note(ann, haulage, about=About.GOOD, body="Fine.", files=[Upload("pupil.txt", b"A pupil of June.")])
    async with database.read():
        file = await Attachment.select(Attachment.id).where(Attachment.note == with_file).first()
    assert file is not None
    what = hiding.Hideable
    for name, kind, item in (
        ("hidden_review", what.REVIEW, review),
        ("hidden_note", what.NOTE, note),
        ("hidden_file", what.ATTACHMENT, file["id"]),
    ):
        await hiding.hide(ann, kind, item)
        town.ids[name] = str(item)


async def _criticism(town: Town) -> None:
    """Of Oakfield, confirmed by Hal for every school; Ann changed one note since, which waits. Hal named Cleo to confirm."""
    ann, hal = town.viewers["ann"], town.viewers["hal"]
    gravel = (await directory.add(ann, name="Grove Gravel")).id
    said = replace(SAID, reliability=2, stage=Stage.ENDED, evidence=EVIDENCE)
    review = (await reviews.review(ann, gravel, opinion=said, version=None)).id
    wide, waiting = [await notes.note(ann, gravel, about=About.PROBLEM, body="Cold in March.") for _ in range(2)]
    everyone = AudienceChoice((GrantChoice(GrantKind.EVERYONE, fields=ALL),))
    for what, item in ((OpinionKind.REVIEW, review), (OpinionKind.NOTE, wide), (OpinionKind.NOTE, waiting)):
        await shares.share(hal, what, item, everyone)
    await notes.revise(ann, waiting, version=1, about=About.PROBLEM, body="Nobody came, and nobody said sorry.")
    made = {"gravel": gravel, "wide_review": review, "wide_note": wide, "waiting_note": waiting}
    town.ids |= {name: str(made_id) for name, made_id in made.items()}
    await confirmers.name(hal, town.viewers["cleo"].person)
    town.ids["waiting_digest"] = (await confirming.queue(hal)).waiting[0].digest


async def _merges(town: Town) -> None:
    """Oakfield has two records that it merged, judged and linked; the directory has others."""
    ann, olive, bob = (town.viewers[name] for name in ("ann", "olive", "bob"))
    own = {name: (await directory.add(ann, name=f"Ivy {name}")).id for name in ("Fencing", "Gates", "Locks", "Depot")}
    town.ids["fencing"] = str(own["Fencing"])
    town.ids["merge"] = str((await merges.merge(ann, own["Fencing"], own["Gates"])).id)
    judged = await decisions.decide(ann, own["Gates"], own["Locks"], Judgement.DIFFERENT, reason="Another owner.")
    town.ids |= {"decision": str(judged), "gates": str(own["Gates"])}
    town.ids["supplier_link"] = str((await links.link(ann, own["Depot"], own["Gates"], links.LinkKind.SITE_OF))[0].id)
    own_pair = await compare.compare(ann, UUID(town.ids["boilers"]), UUID(town.ids["catering"]))
    pair = await compare.compare(olive, UUID(town.ids["cleaning"]), UUID(town.ids["alike"]), as_curator=True)
    town.ids |= {"seen_own": own_pair.seen, "seen_entries": pair.seen}
    entries = []
    for name in ("Jay Joinery", "Kite Roofing", "Larch Legal", "Moor Music", "Nook Nurses", "Orchard Oil"):
        entries.append((await directory.add(bob, name=name)).id)
        await shares.share(
            bob,
            OpinionKind.REVIEW,
            (await reviews.vouch(bob, entries[-1])).id,
            AudienceChoice((GrantChoice(GrantKind.EVERYONE),)),
        )
    town.ids["jay"] = str(entries[0])
    town.ids["entries_merge"] = str((await merges.merge(olive, entries[0], entries[1], as_curator=True)).id)
    judged = await decisions.decide(olive, entries[2], entries[3], Judgement.DIFFERENT, as_curator=True)
    town.ids["entries_decision"] = str(judged)
    town.ids["entries_link"] = str(
        (await links.link(olive, entries[4], entries[5], links.LinkKind.PART_OF, as_curator=True))[0].id
    )


async def _corrections(town: Town) -> None:
    """Oakfield says what is wrong with an entry, and the curator changed another, which nobody uses."""
    ann, olive = town.viewers["ann"], town.viewers["olive"]
    cleaning = UUID(town.ids["cleaning"])
    town.ids["correction"] = str(await proposals.propose(ann, cleaning, why="Their van says so.", name="Brook Cleaners"))
    await import_suppliers(None, [SupplierRow(2, Facts("Quince Quartets"), "quince quartets", None)], digest="1")
    (quince,) = [one.supplier_id for one in await directory.suggestions(ann, "Quince Quartets")]
    seen = (await edits.opened(olive, quince)).seen
    await edits.change(olive, quince, Facts("Quince Quartet"), seen=seen)
    edit, seen = (await history.edits(olive, quince))[0].id, (await edits.opened(olive, quince)).seen
    town.ids |= {"quince": str(quince), "edit": str(edit), "seen_quince": seen}


async def _as_shown(town: Town) -> None:
    """What the page says, before Oakfield's ann shares a private one with Fern: her yes is to that."""
    ann, fern = town.viewers["ann"], UUID(town.ids["fern"])
    for what in OpinionKind:
        grant = GrantChoice(GrantKind.SCHOOL, fern, fields=Fields.RATING)
        told = await shares.preview(ann, what, UUID(town.ids[what]), AudienceChoice((grant,)))
        version = (await shares.state(ann, what, UUID(town.ids[what]))).version
        town.ids[f"seen_{what}"] = words.digest(PRIVATE, version, told)
    town.ids["shared_line"] = next(
        one.value for one in (await by_reader.shared(ann)).lines if str(one.sharing.id) == town.ids["shared_review"]
    )
    town.ids["shared_contract_line"] = (await contracts_by_reader.shared(ann)).lines[0].value
    grant = GrantChoice(GrantKind.SCHOOL, fern, fields=Fields.TERMS)
    told = await contract_shares.preview(ann, UUID(town.ids["boiler_contract"]), AudienceChoice((grant,)))
    version = (await contract_shares.state(ann, UUID(town.ids["boiler_contract"]))).version
    town.ids["seen_boiler_contract"] = words.digest(PRIVATE, version, told)


async def _calendar(town: Town) -> None:
    """Oakfield's: a term that began and will end, open in the mornings."""
    today = clock.today()
    half_term = (today + timedelta(days=30), today + timedelta(days=34))
    term = Term("Long term", today - timedelta(days=30), today + timedelta(days=90), half_term)
    mornings: Mapping[Weekday, Hours] = {"mon": (("08:00", "12:00"),), "tue": (("08:00", "12:00"),)}
    calendar = SchoolCalendar(weekly=mornings, only="term", terms=(term,), modes=(Mode("exams", today, today),))
    await calendars.save_version(town.viewers["ann"], calendar, from_day=today - timedelta(days=30), version=0)


async def _imports(town: Town) -> None:
    """Oakfield's list is checked: one new supplier, one of the directory, one without a name, news of one of its own, to be
    taken, and one that may be another of its own. Elmwood's waits as well.
    """
    await import_suppliers(None, [SupplierRow(2, Facts("Zebra Coaches"), "zebra coaches", None)], digest="")
    for who, key in (("ann", "import"), ("bob", "bobs_import")):
        viewer = town.viewers[who]
        await directory.add(viewer, name=f"Umber Upholstery of {who}")
        await directory.add(viewer, name=f"Vole Lift Services of {who}")
        rows = (
            f"Yew Yoga of {who},",
            "Zebra Coaches,",
            ",LN1 1AA",
            f"Umber Upholstery of {who},LN1 1AA",
            f"Vole Lifts of {who},",
        )
        listed = "\n".join(("Supplier name,Postcode", *rows)).encode()
        import_id = await imports.upload(viewer, listed)
        await background.carry_on(viewer, import_id, wait=PATIENCE)
        await imports.choose_columns(viewer, import_id, [SupplierField.NAME, SupplierField.POSTCODE])
        await background.carry_on(viewer, import_id, wait=PATIENCE)
        await import_rows.answer_all(viewer, import_id, import_rows.LIKELIEST, kind=RowKind.MORE)
        town.ids[key] = str(import_id)
        asked = (await at_my_schools.questions(viewer, import_id)).questions
        town.ids[f"{key}_question"] = next(one.key for one in asked if one.row.number == 6)


async def _copiers(town: Town) -> None:
    """Oakfield's copiers renew by themselves; of its grounds hardly anything is known. Elmwood has one."""
    ann, today = town.viewers["ann"], clock.today()
    said: dict[str, Any] = {
        "title": "Photocopiers",
        "supplier_name": "Tallow Print",
        "starts_on": today - timedelta(days=700),
        "ends_on": today + timedelta(days=200),
        "renewal": "rolls",
        "roll": {"n": 1, "unit": "years"},
        "notice": {"n": 3, "unit": "months"},
        "lead": {"n": 1, "unit": "months"},
        "annual_pence": 486_000,
        "officer": "Ann Archer",
    }
    options = [Extension({"n": 1, "unit": "years"})]
    town.ids["copiers"] = str(await register.add(ann, Said(said, extensions=options)))
    lease = await register.add(ann, Said({"title": "Lease of the copiers"}))
    town.ids["contract_link"] = str(await linking.link(ann, UUID(town.ids["copiers"]), lease, "together"))
    town.ids["grounds"] = str(await register.add(ann, Said({"title": "Grounds"})))
    await register.add(town.viewers["bob"], Said({**said, "title": "Copiers of Elmwood"}))


async def _registers(town: Town) -> None:
    """Oakfield's register is looked at: one contract is ready, one has a question. Elmwood's waits as well."""
    for who, key in (("ann", "register"), ("bob", "bobs_register")):
        lines = ("Contract,Supplier,Start,End,Notice", f"Xylophones of {who},Fen Music,01/09/2024,31/08/2027,3 months")
        await _register(town, who, key, "\n".join((*lines, "Vaulting,Fen Sports,01/09/2024,Aug-27,a while")))
    await _register(town, "ann", "register_of_changes", f"Vouch number,What it is for\n{town.ids['contract']},Boilers anew")


async def _register(town: Town, who: str, key: str, content: str) -> None:
    viewer = town.viewers[who]
    register_id = await register_imports.upload(viewer, content.encode())
    await register_background.carry_on(viewer, register_id, wait=PATIENCE)
    town.ids[key] = str(register_id)


async def _links(town: Town) -> None:
    """Oakfield is connected with Fern, blocks Gorse, asked Hazel, and has Dale's requests to answer; Dale has Elmwood's."""
    ann, olive, dee = (town.viewers[name] for name in ("ann", "olive", "dee"))
    await connections.accept(ann, await connections.ask(olive, ann.school))
    await connections.block(ann, UUID(town.ids["gorse"]))
    town.ids["asked"] = str(await connections.ask(ann, UUID(town.ids["hazel"])))
    town.ids["received"] = str(await connections.ask(dee, ann.school))
    town.ids["bobs_request"] = str(await connections.ask(town.viewers["bob"], dee.school))
    town.ids["network"] = str(await networks.start(ann, name="Oakfield cluster"))
    town.ids["sent_invitation"] = str(await networks.invite(ann, UUID(town.ids["network"]), UUID(town.ids["hazel"])))
    dales = await networks.start(dee, name="Dale cluster")
    town.ids["invitation"] = str(await networks.invite(dee, dales, ann.school))


async def _asking(town: Town) -> None:
    """Oakfield asks Fern, Fern asks Oakfield, and Elmwood everybody near; one of Oakfield's named a pupil and is hidden."""
    ann, olive, bob = (town.viewers[name] for name in ("ann", "olive", "bob"))
    for key, viewer, asked, to in (
        ("enquiry", ann, "Who mends boilers at half past six?", whom.connected()),
        ("hidden_enquiry", ann, "Who taught the pupil of June?", whom.connected()),
        ("ferns_enquiry", olive, "Who keeps a hall warm?", whom.connected()),
        ("bobs_enquiry", bob, "Who is quick?", whom.near(5)),
    ):
        town.ids[key] = str((await asking.ask(viewer, asking.Wanted(category="heating", words=asked, to=to))).id)
    await hidden_enquiries.hide(ann, UUID(town.ids["hidden_enquiry"]))
    opens = await consent.by_connecting(ann, UUID(town.ids["dale"]), (would_see.enquiries,))
    town.ids["seen_to_connect"] = opens.digest()


async def _photos(viewer: Viewer, job: UUID) -> dict[str, UUID]:
    """Two of an event, of which one is hidden."""
    for name in ("leak.txt", "wrong.txt"):
        await photos.add(viewer, job, Upload(name, f"The {name}.".encode()))
    shown, hidden = await photos.of_event(viewer, job)
    await photos.hide(viewer, hidden.id)
    return {"photo": shown.id, "hidden_photo": hidden.id}


async def _service(town: Town) -> None:
    """Oakfield's contract for its boilers promises a time: one call is fixed, one waits for us, as the supplier says."""
    ann, then = town.viewers["ann"], clock.now() - timedelta(hours=5)
    days = {"starts_on": clock.today() - timedelta(days=300), "ends_on": clock.today() + timedelta(days=65)}
    said = Said({"title": "Boiler service", "supplier_name": "Ashby Boilers", **days}, supplier=UUID(town.ids["boilers"]))
    contract = await register.add(ann, said)
    metric = await a_fix_time(ann, contract)
    hour = timedelta(hours=1)
    call = Logged(happened_at=then, told_at=then, told_how=How.TELEPHONE, priority="P1", what="No heating in the hall")
    fixed, job = [await logging_one.log(ann, contract, call) for _ in range(2)]
    await stamping.stamp(ann, fixed, Stamping(StampKind.FIXED, then + 2 * hour))
    stamp = await stamping.stamp(ann, job, Stamping(StampKind.RESPONDED, then + hour))
    claim = Stamping(StampKind.WAITING, then + hour, reason=PauseReason.US, claimed_by=Side.SUPPLIER)
    made = {"contract": contract, "metric": metric, "job": job, "stamp": stamp, "fixed": fixed}
    made |= await _photos(ann, job)
    made["claim"] = await stamping.stamp(ann, job, claim)
    made["question"] = await governors_questions.ask(town.viewers["gus"], contract, "Who looks after the boilers?")
    to_do = ToDo("Send the rota", "Bo Brook", Side.SUPPLIER, clock.today() + timedelta(days=30))
    made["meeting"] = await meetings.hold(ann, contract, Minutes(clock.today(), "Ann Archer", "Bo Brook", actions=(to_do,)))
    made["action"] = (await meetings.of_contract(ann, contract))[1].actions[0].id
    town.ids |= {name: str(made_id) for name, made_id in made.items()}
    await _improvement(town, contract)


async def _improvement(town: Town, contract: UUID) -> None:
    """Of Oakfield's boilers a concern and a credit that wait; and a contract that the law has rated, which it was once."""
    ann, today = town.viewers["ann"], clock.today()
    concern = await concerns.raise_concern(ann, contract, Raised(today, "Two late calls.", "By letter, to Bo Birch"))
    credit = await crediting.propose(ann, contract, Proposed(5_000, today, "Clause 9"))
    said: dict[str, Any] = {"title": "Catering", "law": "act_2023", "form": "contract", "total_pence": 600_000_000}
    rated = await register.add(ann, Said({**said, "has_kpis": True}))
    metric = await a_fix_time(ann, rated)
    why = Rated(metric, Rating.GOOD, "All in time.")
    rating = await assessment.sign(ann, rated, New(today, today, (why,), "Ann Archer"))
    made = {"concern": concern, "credit": credit, "rated": rated, "rated_metric": metric, "rating": rating}
    town.ids |= {name: str(made_id) for name, made_id in made.items()}


async def _auditors(town: Town) -> None:
    """Iris reads what Oakfield's trail says about the boilers; a second auditor has not opened the link yet."""
    hal, until = town.viewers["hal"], clock.today() + timedelta(days=30)
    boilers = auditors.WantedScope(streams=(f"supplier:{town.ids['boilers']}",))
    made = await auditors.grant(hal, email="iris@audit.example", reason="Review.", until=until, wanted=boilers)
    joined = await joining.join(token_in(made.address), name="Iris Inman", password=PASSWORD)
    viewer = await sessions.viewer_of(await sessions.start(joined.person, joined.school))
    assert viewer is not None
    town.viewers["iris"], town.emails["iris"], town.ids["iris"] = viewer, "iris@audit.example", str(viewer.person)
    waiting = await auditors.grant(hal, email="ada@audit.example", reason="Review.", until=until)
    town.ids |= {"grant": str(waiting.grant), "audit": token_in(waiting.address), "iris_grant": str(made.grant)}


async def _trusts_audits(town: Town) -> None:
    """Rose Trust, far away, has one school, Ivy: an audit of it that waits for a second person, and one that is agreed."""
    ivy = await a_school("Ivy Primary", lat=51.1, lon=1.2, local_authority="Kent", trust="Rose Trust")
    async with database.read():
        rose: Any = await School.objects().where(School.kind == "trust").first()
    who = {
        "tess": await a_person(rose, Role.HEAD, "Tess Rose"),
        "tom": await a_person(rose, name="Tom Rose"),
        "lea": await a_person(rose, Role.TRUST_LEAD, "Lea Long"),
        "ida": await a_person(ivy, Role.HEAD, "Ida Ives"),
    }
    town.viewers |= who
    town.ids |= {"rose": str(rose.id), "ivy": str(ivy.id), **{name: str(viewer.person) for name, viewer in who.items()}}
    town.emails |= {name: await email_of(viewer) for name, viewer in who.items()}
    decided = Decided("The audit committee", "12 November, item 7")
    for key, email in (("asked_audit", "una@audit.example"), ("trusts_audit", "uma@audit.example")):
        made = await trust_audits.ask(
            who["tess"], email=email, reason="Review.", until=clock.today() + timedelta(days=7), schools=[ivy.id], decided=decided
        )
        town.ids[key] = str(made)
    town.ids["trusts_contract"] = str(await register.add(who["tom"], Said({"title": "Payroll of the trust"})))
    await trust_audits.agree(who["tom"], UUID(town.ids["trusts_audit"]), posted=True)


async def _shares_to_confirm(town: Town) -> None:
    """Of two things of Oakfield, as if they had come from another installation."""
    readers = {"review": ("vouch", "rating"), "contract": ("boiler_contract", "dates")}
    async with database.write():
        for what, (which, opened) in readers.items():
            await ShareToConfirm(
                id=uuid4(), school=town.viewers["hal"].school, what=what, about=UUID(town.ids[which]),
                reader=json.dumps({"kind": "everyone", "fields": [opened]}), made_at=clock.now(),
            ).save()  # fmt: skip


async def _by_the_operator(town: Town) -> None:
    """Somebody let in to Fern for a day; a new head on the way to Dale, who has not opened the link."""
    fern, olive = UUID(town.ids["fern"]), town.viewers["olive"]
    let_in = await break_glass.invite(None, fern, email="g@fern.example", role=Role.GOVERNOR, reason="Flood.", posted=True)
    await joining.join(token_in(let_in.address), name="Gil Guest", password=PASSWORD)
    town.ids["opening"] = str((await openings.at_school(olive))[0].id)
    wanted = Wanted("nora@dale.example", Ground.ASKED, "head@dale.example", "Its website")
    made = await succession.start(olive, UUID(town.ids["dale"]), wanted, posted=True)
    town.ids |= {"new_head": token_in(made.address), "succession": str((await succession_list.started(olive))[0].id)}


async def _keys_and_invitations(town: Town) -> None:
    """Keys of Ann's that work, are revoked and have expired; links that nobody has taken up."""
    ann, bob = town.viewers["ann"], town.viewers["bob"]
    town.keys["ann"] = await api_keys.create(ann, name="Works", days=30, scopes=set(KeyScope))
    town.keys["bob"] = await api_keys.create(bob, name="Elmwood's", days=30, scopes=set(KeyScope))
    town.keys["revoked"] = await api_keys.create(ann, name="Revoked", days=30, scopes=set(KeyScope))
    with clock.at(clock.now() - timedelta(days=31)):
        town.keys["expired"] = await api_keys.create(ann, name="Expired", days=30, scopes=set(KeyScope))
    cleo = town.viewers["cleo"]
    town.keys["cleo"] = await api_keys.create(cleo, name="Cleo's", days=30, scopes=set(KeyScope))
    made = {key.name: key.id for key in await api_keys.mine(ann)}
    await api_keys.revoke(ann, made["Revoked"])
    town.ids["key"] = str(made["Works"])
    invited = await people.invite(ann, email="ivy@school.example", role=Role.GOVERNOR)
    town.ids["join"] = token_in(invited.address)
    town.ids["link"] = str((await people.invited(ann))[0].id)
    town.ids["recipient"] = str(await recipients.add(ann, "trustee@school.example"))
    async with audit.recording(ann) as record:
        email = "ann.archer@new.example"
        link, _, address = await one_time_links.add_by_mail(Purpose.ADDRESS, made_by=ann.person, person=ann.person, email=email)
        record(Event.ADDRESS_LETTER_SENT, stream=OUR_SCHOOL, subject=Subject.LINK.of(link))
    town.ids["prove"] = token_in(address)
    town.ids["new_password"] = token_in(await new_passwords.make_link(ann, town.viewers["cleo"].person))


async def _erasures(town: Town) -> None:
    """Lou left Oakfield; Hal asks to erase what is held about Lou. There is a hold on another supplier."""
    hal = town.viewers["hal"]
    oakfield = await school_of(hal)
    lou = await a_person(oakfield, name="Lou Lane")
    await people.remove(hal, lou.person)
    hold = await holds.place(hal, about=f"supplier:{town.ids['drains']}", reason="A claim about a flood.")
    request = await erasure.ask(hal, person=lou.person, typed="", chosen=(), reason=ErasureReason.ASKED, words="")
    town.ids |= {"lou": str(lou.person), "hold": str(hold), "erasure": str(request), "waiting": str(request)}
    await _erasure_for_outside(town)


async def _erasure_for_outside(town: Town) -> None:
    """Len left Dale, where Dee is alone: what she asked has waited for twenty days, and a link about it went to the chair."""
    dee = town.viewers["dee"]
    invitation = await people.invite(dee, email="len@dale.example", role=Role.GOVERNOR)
    left = await joining.join(token_in(invitation.address), name="Len Lee", password=PASSWORD)
    await people.remove(dee, left.person)
    with clock.at(clock.now() - timedelta(days=20)):
        asked = await erasure.ask(dee, person=left.person, typed="", chosen=(), reason=ErasureReason.ASKED, words="")
    town.ids |= {"dales_erasure": str(asked), "chair_erasure": await a_link_to_the_chair(dee, "erasure", asked)}


async def _reminders(town: Town) -> None:
    """A letter that Cleo got, given with the token of its link; Ann's calendar feed, and Bob's."""
    token, now = uuid4().hex, clock.now()
    letter = Letter(
        key="cleo:letter", person=town.viewers["cleo"].person, token_hash=sessions.digest_of(token), made_at=now, written_at=now
    )
    async with database.write():
        await Letter.insert(letter)
    address = await feeds.make(town.viewers["ann"], shows_titles=False)
    bobs = await feeds.make(town.viewers["bob"], shows_titles=False)
    town.ids |= {"letter": token, "feed": token_in(address), "bobs_feed": token_in(bobs)}
    for who, name in (("ann", "waiting_name"), ("bob", "bobs_waiting_name")):
        town.ids[name] = token_in(await waiting_feed.make(town.viewers[who]))


async def rows_of_everything() -> dict[str, list[str]]:
    """Every row of these tables."""
    async with database.read():
        return {
            table._meta.tablename: sorted(str(row) for row in await table.select(*_stored(table)))
            for table in tables_of_everything()
        }


async def counted_rows() -> Counter[str]:
    """How many rows each of these tables has."""
    names = [table._meta.tablename for table in tables_of_everything()]
    counts = " UNION ALL ".join(f"SELECT '{name}' AS name, count(*) AS n FROM {name}" for name in names)  # noqa: S608
    async with database.read():
        return Counter({row["name"]: row["n"] for row in await database.select(counts)})


def tables_of_everything() -> list[type[Table]]:
    """Every table that a refused request must leave alone."""
    tables = (
        *audit.tables.TABLES,
        *sharing.piccolo_app.TABLES,
        *suppliers.piccolo_app.TABLES,
        *contracts.piccolo_app.TABLES,
        *notices.piccolo_app.TABLES,
        *disclosure.piccolo_app.TABLES,
    )
    return [table for table in tables if table._meta.tablename not in HOUSEKEEPING_TABLES]


def _stored(table: type[Table]) -> list[Any]:
    """Two key tables have a column that is not there: see suppliers/tables.py."""
    return [c for c in table._meta.columns if not (c._meta.primary_key and isinstance(c, BigInt))]
