"""A file is saved under a name that ends as its content does, so that opening it runs nothing."""

from dataclasses import replace

import pytest

from audit.verifier.archive import EVIDENCE_ENDINGS
from suppliers.files.outlook import OUTLOOK
from suppliers.files.photo_metadata import HEIC, JPEG
from suppliers.opinions import attachments
from suppliers.opinions.attachments import DOCX, ENDINGS, PDF, PHOTOS, SHOWN_IN_PLACE, TEXT, File
from tests.given.builders import a_person, a_school, signed_in


@pytest.mark.pure
@pytest.mark.parametrize(
    ("name", "media_type", "saved"),
    [
        ("menu.svg", TEXT, "menu.svg.txt"),
        ("menu.html", TEXT, "menu.html.txt"),
        ("MENU.HTM", TEXT, "MENU.HTM.txt"),
        ("run.bat", TEXT, "run.bat.txt"),
        ("menu", TEXT, "menu.txt"),
        ("notes.TXT", TEXT, "notes.TXT"),
        ("list.csv", TEXT, "list.csv"),
        ("invoice.pdf.exe", PDF, "invoice.pdf.exe.pdf"),
        ("photo.jpeg", JPEG, "photo.jpeg"),
        ("photo.png", JPEG, "photo.png.jpg"),
        ("contract.docm", DOCX, "contract.docm.docx"),
        ("IMG_1.HEIC", HEIC, "IMG_1.HEIC"),
    ],
)
def test_the_name_ends_as_the_type_does(name: str, media_type: str, saved: str) -> None:
    assert File(name, media_type, b"").saved_as == saved


@pytest.mark.pure
def test_every_type_that_is_taken_has_an_ending() -> None:
    assert ENDINGS.keys() == {
        *(attachments.TEXT, attachments.EMAIL, OUTLOOK, attachments.PDF, attachments.DOCX, attachments.XLSX),
        *PHOTOS,
    }
    assert ENDINGS.keys() >= SHOWN_IN_PLACE
    assert {media_type: endings[0] for media_type, endings in ENDINGS.items()} == EVIDENCE_ENDINGS, "as in a pack"
    assert replace(File("a", TEXT, b""), name="b").saved_as == "b.txt"


async def test_text_that_is_called_a_picture_is_downloaded_as_text(db: object) -> None:
    ann = await a_person(await a_school())
    async with signed_in(ann) as browser:
        supplier = (await browser.post("/api/v1/suppliers", json={"name": "Ashby Catering"})).json()["id"]
        svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
        sent = {"about": "good", "body": "Menu", "happened_on-day": "1", "happened_on-month": "9", "happened_on-year": "2026"}
        written = await browser.post(f"/suppliers/{supplier}/notes/new", data=sent, files={"file": ("menu.svg", svg)})
        page = (await browser.get(written.headers["location"])).text
        path = page.partition('href="/attachments/')[2].partition('"')[0]
        answer = await browser.get(f"/attachments/{path}")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''menu.svg.txt"
