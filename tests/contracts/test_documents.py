"""Documents of a contract: taken for what they are, kept with an entry, read where the contract's documents are open."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from uuid import UUID

import pytest

import database
from audit.packs import packs
from audit.packs.extent import Scope
from audit.packs.order import Grade, PackOrder
from audit.verifier.verify import verify_pack
from base import clock
from base.refusals import Conflict, Forbidden, Invalid, NotFound
from base.viewer import Role, Viewer
from contracts.documents import documents, expiring
from contracts.documents.answering import What
from contracts.documents.kinds import DocumentKind
from contracts.documents.tables import Document
from contracts.fields.said import Said
from contracts.register import register
from contracts.shares import shares
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import Fields, GrantKind
from suppliers.files import outlook
from suppliers.opinions.attachments import Upload
from tests.given.builders import signed_in
from vouch.wiring import SOURCES

pytestmark = pytest.mark.usefixtures("db")

PDF = b"%PDF-1.7\n1 0 obj\n"
COVER = Upload("cover.pdf", PDF + b"insured")


@pytest.fixture
async def copiers(ann: Viewer) -> UUID:
    return await register.add(ann, Said({"title": "Photocopiers"}))


async def kept(viewer: Viewer, contract: UUID, upload: Upload = COVER, ends: date | None = None) -> UUID:
    return await documents.add(viewer, contract, upload, What(DocumentKind.INSURANCE, ends), is_letter=False)


def entry(name: str) -> bytes:
    """A directory entry of a compound file."""
    spelt = name.encode("utf-16-le") + b"\x00\x00"
    return (spelt.ljust(64, b"\x00") + len(spelt).to_bytes(2, "little")).ljust(128, b"\x00")


def a_message(*more: str) -> bytes:
    entries = b"".join(map(entry, ("Root Entry", "__properties_version1.0", "__substg1.0_0037001F", *more)))
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\x00") + entries


async def test_a_document_is_read_back_to_the_byte_with_what_it_is(ann: Viewer, copiers: UUID) -> None:
    ends = clock.today() - timedelta(days=1)
    made = await kept(ann, copiers, ends=ends)
    (found,) = await documents.of_contract(ann, copiers)
    assert (found.file.id, found.kind, found.expires_on, found.is_out_of_date) == (made, DocumentKind.INSURANCE, ends, True)
    assert (await documents.fetch(ann, made)).content == COVER.content
    await documents.correct(ann, made, What(DocumentKind.OTHER))
    assert [(one.kind, one.is_out_of_date) for one in await documents.of_contract(ann, copiers)] == [(DocumentKind.OTHER, False)]


async def test_a_correction_that_is_refused_comes_back_as_typed_at_its_document_alone(ann: Viewer, copiers: UUID) -> None:
    other, made = await kept(ann, copiers), await kept(ann, copiers)
    typed = {"kind": "other", "begins_on-day": "31", "begins_on-month": "2", "begins_on-year": "2027", "expires_on-day": "5"}
    async with signed_in(ann) as browser:
        page = (await browser.post(f"/contracts/documents/{made}/correct", data=typed)).text
    at = page.index(f"/contracts/documents/{made}/correct")
    its = page[at : page.index("</form>", at)]
    assert [value in its for value in ('value="31"', 'value="2027"', 'value="5"', 'value="other" selected')] == [True] * 4
    assert page.count('value="2027"') == 1, f"neither at {other} nor in the form that adds one"
    assert page.count('<details class="govuk-details" open>') == 1
    assert "Enter a real date" in page[:at].rpartition("<details")[2]


def test_an_outlook_message_is_known_and_one_with_macros_or_an_old_word_file_is_refused() -> None:
    assert outlook.is_message(a_message())
    assert not outlook.is_message(a_message("_VBA_PROJECT"))
    assert not outlook.is_message(a_message("Macros"))
    assert not outlook.is_message(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\x00") + entry("WordDocument"))
    assert not outlook.is_message(b"From: somebody")


async def test_a_message_is_kept_as_what_it_is_and_a_photo_loses_its_metadata(ann: Viewer, copiers: UUID) -> None:
    file = await documents.fetch(ann, await kept(ann, copiers, Upload("offer", a_message())))
    assert (file.media_type, file.saved_as) == (outlook.OUTLOOK, "offer.msg")


REFUSED = (
    (Upload("run.exe", b"MZ\x90\x00\x03"), "file"),
    (Upload("page.html", b"\x00<html>"), "file"),
    (Upload("big.pdf", PDF + b"x" * documents.LARGEST), "file"),
    (None, "file"),
    (Upload("DBS certificate Ann.pdf", PDF), "is_letter"),
    (Upload("enhanced_dbs_ann.pdf", PDF), "is_letter"),
    (Upload("ann.txt", b"Disclosure and Barring Service. Certificate number 001"), "is_letter"),
    (Upload("ann.msg", a_message() + "Enhanced Disclosure of Ann".encode("utf-16-le")), "is_letter"),
)


@pytest.mark.parametrize(("upload", "field"), REFUSED, ids=lambda one: str(one)[:40])
async def test_what_is_not_kept_is_refused_by_name(ann: Viewer, copiers: UUID, upload: Upload | None, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        await documents.add(ann, copiers, upload, What(DocumentKind.LETTER_OF_ASSURANCE), is_letter=False)
    assert set(refusal.value.fields) == {field}
    assert await documents.of_contract(ann, copiers) == ()


async def test_a_letter_that_speaks_of_checks_is_kept_when_somebody_says_that_it_is_one(ann: Viewer, copiers: UUID) -> None:
    letter = Upload("letter.txt", b"All our staff hold enhanced DBS checks.")
    await documents.add(ann, copiers, letter, What(DocumentKind.LETTER_OF_ASSURANCE), is_letter=True)
    assert len(await documents.of_contract(ann, copiers)) == 1


async def test_a_word_file_is_looked_into(ann: Viewer, copiers: UUID) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:t>Disclosure</w:t><w:t> and Barring Service</w:t>")
    with pytest.raises(Invalid, match="DBS"):
        await kept(ann, copiers, Upload("form.docx", packed.getvalue()))


async def test_a_contract_holds_so_many_and_no_more(ann: Viewer, copiers: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MOST", 2)
    for _ in range(2):
        await kept(ann, copiers)
    with pytest.raises(Invalid, match="at most"):
        await kept(ann, copiers)


async def test_documents_are_read_by_others_only_where_a_share_opens_them(ann: Viewer, bob: Viewer, copiers: UUID) -> None:
    made = await kept(ann, copiers)
    for fields, is_open in ((Fields.TERMS, False), (Fields.TERMS | Fields.ATTACHMENTS, True)):
        await shares.share(ann, copiers, AudienceChoice((GrantChoice(GrantKind.SCHOOL, bob.school, fields=fields),)))
        assert bool(await documents.of_contract(bob, copiers)) is is_open
        if is_open:
            assert (await documents.fetch(bob, made)).content == COVER.content
        else:
            with pytest.raises(NotFound):
                await documents.fetch(bob, made)
    for change in (documents.hide, documents.contract_of):
        with pytest.raises(NotFound):
            await change(bob, made)
    with pytest.raises(Forbidden):
        await documents.hide(replace(ann, role=Role.GOVERNOR), made)


async def test_what_is_hidden_is_read_by_nobody_and_found_by_those_who_decide(ann: Viewer, copiers: UUID) -> None:
    made = await kept(ann, copiers)
    await documents.hide(ann, made)
    with pytest.raises(Conflict):
        await documents.hide(ann, made)
    with pytest.raises(NotFound):
        await documents.fetch(ann, made)
    assert await documents.of_contract(ann, copiers) == ()
    assert [one.id for one in await documents.listed_hidden(ann)] == [made]
    async with signed_in(ann) as browser:
        assert "cover.pdf" in (await browser.get("/erasures/hidden")).text
        assert (await browser.get(f"/erasures/hidden/documents/{made}")).content == COVER.content
    await documents.show_again(ann, made)
    assert (await documents.fetch(ann, made)).content == COVER.content


async def test_a_pack_brings_the_documents_that_are_not_hidden_and_verifies(ann: Viewer, copiers: UUID) -> None:
    large = Upload("scan.pdf", PDF + bytes(13 * 1024 * 1024))
    await kept(ann, copiers, large)
    await documents.hide(ann, await kept(ann, copiers, Upload("wrong.pdf", PDF + b"wrong")))
    order = PackOrder(str(ann.school), ann.school_name, Scope.of_days(None, None, None), Grade.COMPLETE)
    packed = io.BytesIO()
    await packs.export(ann, order, to=packed, sources=SOURCES)
    with zipfile.ZipFile(packed) as archive:
        names = {name for name in archive.namelist() if name.startswith("evidence/")}
    assert names == {f"evidence/{sha256(large.content).hexdigest()}.pdf"}
    packed.seek(0)
    assert verify_pack(packed).status == "holds"


async def test_of_one_kind_the_document_that_lasts_longest_counts(ann: Viewer, copiers: UUID) -> None:
    today = clock.today()
    days: Callable[[int], date] = lambda n: today + timedelta(days=n)  # noqa: E731 - short
    await kept(ann, copiers, ends=days(-400))
    newest = await kept(ann, copiers, ends=days(59))
    far = await register.add(ann, Said({"title": "Cleaning"}))
    await kept(ann, far, ends=days(61))
    async with database.read():
        assert [(one.document, one.is_out_of_date) for one in await expiring.of_school(ann.school)] == [(newest, False)]
        assert await expiring.of_school(ann.school, within=14) == ()


async def test_the_page_takes_thirty_megabytes_and_says_so_beyond_them(ann: Viewer, copiers: UUID) -> None:
    whole = PDF + bytes(documents.LARGEST - len(PDF))
    async with signed_in(ann) as browser:
        for content, status in ((whole, 303), (whole + b"x", 422), (b"", 422)):
            files = {"file": ("scan.pdf", content, "application/pdf")}
            answer = await browser.post(f"/contracts/{copiers}/documents", data={"kind": "signed_copy"}, files=files)
            assert answer.status_code == status, answer.text[:500]
        assert "30 MB" in (await browser.get(f"/contracts/{copiers}/documents")).text
    async with database.read():
        assert await Document.count().where(Document.contract == copiers) == 1
