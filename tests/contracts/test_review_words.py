"""What is taken away of contracts says no old word either: review packs in each edition and format, lists, and the register."""

import io
import zipfile

import openpyxl
import pytest

from contracts.judging.kinds import Agreed
from contracts.promises import metrics, starter_sets
from contracts.review import pack
from contracts.review.pack import PackOrder
from contracts.review.report import Edition
from contracts.service_events import agreeing
from contracts.service_events.agreeing import Agreement
from tests.given.builders import a_person, a_school, signed_in
from tests.given.old_words import old_words
from tests.given.pdf_text import text_of_pdf
from tests.given.reviewed import FIRST, LAST, Reviewed, a_reviewed_contract
from tests.given.served import FROM, a_job
from vouch.wiring import SOURCES

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
async def reviewed(db: object) -> Reviewed:
    """With each kind of promise, a job that was written down late and one whose exclusion the person who logged it approved."""
    made = await a_reviewed_contract(await a_person(await a_school("Oakfield Primary")))
    for name, _, _ in starter_sets.titles():
        await metrics.add_starter_set(made.ann, made.contract, name, FROM)
    job = await a_job(made.ann, made.contract, "2026-02-10 09:30")
    await agreeing.agree(made.ann, job, Agreement(Agreed.LEFT_OUT, LAST, "They were told to stay away", ours="Ann", theirs="Bo"))
    return made


@pytest.mark.parametrize("edition", Edition)
async def test_a_review_pack_says_none(reviewed: Reviewed, edition: Edition) -> None:
    file = io.BytesIO()
    await pack.make(reviewed.ann, PackOrder(reviewed.contract, edition, FIRST, LAST), to=file, sources=SOURCES)
    with zipfile.ZipFile(file) as archive:
        files = {name: archive.read(name) for name in archive.namelist() if name.startswith("review.")}
    assert {name: old_words(text) for name, content in files.items() if (text := read(name, content)) and old_words(text)} == {}
    assert {"review.csv", "review.xlsx"} <= set(files)


async def test_lists_and_the_register_say_none(reviewed: Reviewed) -> None:
    paths = (
        f"/contracts/{reviewed.contract}/events.csv",
        f"/contracts/{reviewed.contract}/letter.txt",
        f"/contracts/{reviewed.contract}/dates.ics",
        "/contracts/exceptions.csv",
        "/contracts/commitments.csv",
        "/contracts/export?format=csv",
        "/contracts/export?format=xlsx",
        "/contracts/import/template?format=xlsx",
        "/contracts/import/template?format=csv",
    )
    async with signed_in(reviewed.ann) as browser:
        answers = {path: await browser.get(path) for path in paths}
    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(paths, 200)
    said = {path: old_words(read(path, answer.content)) for path, answer in answers.items()}
    assert {path: found for path, found in said.items() if found} == {}


def read(name: str, content: bytes) -> str:
    """As a person reads it; of JSON nothing, whose names are those of the API."""
    if name.endswith("json"):
        return ""
    if name.endswith("pdf"):
        return text_of_pdf(content)
    if name.endswith("xlsx"):
        book = openpyxl.load_workbook(io.BytesIO(content))
        notes = [cell.comment.text for sheet in book for row in sheet.iter_rows() for cell in row if cell.comment]
        cells = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]
        return "\n".join([*(sheet.title for sheet in book), *cells, *notes])
    return content.decode("utf-8-sig")
