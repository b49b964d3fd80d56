"""Page 1 of a pack says in five sentences what it proves, what not, from when, whose clock it is, and how to sample."""

import io

import pytest
from openpyxl import load_workbook

from audit.fingerprint import fingerprint
from audit.note import open_note
from audit.packs import page_one, report_pdf
from audit.packs.order import Grade
from audit.seals import seals
from base.viewer import Viewer
from tests.given.builders import a_person, a_school
from tests.given.made_packs import opened, order_of, packed
from tests.given.pdf_text import text_of_pdf


@pytest.fixture
async def ann(db: object) -> Viewer:
    return await a_person(await a_school())


def in_one_line(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("grade", list(Grade))
async def test_everything_that_people_read_first_says_the_same_five(ann: Viewer, grade: Grade) -> None:
    pack, _ = await packed(ann, order_of(ann, grade=grade))
    files, said = opened(pack), page_one.sentences(grade.value)
    assert len(said) == 5
    assert in_one_line(files["READ-ME.txt"].decode()).startswith(f"AUDIT PACK OF OAKFIELD PRIMARY {' '.join(said)}")
    book = load_workbook(io.BytesIO(files["report.xlsx"]), read_only=True)
    assert [row[1].value for row in book["About this file"].iter_rows() if row[1].value in said] == list(said)
    if report_pdf.is_there():
        assert in_one_line(" ".join(said)) in in_one_line(text_of_pdf(files["report.pdf"]).replace("•", " "))


async def test_what_the_reports_show_of_the_seal_can_be_typed_and_holds(ann: Viewer) -> None:
    await seals.seal(str(ann.school))
    pack, _ = await packed(ann, order_of(ann))
    files, (vkey,) = opened(pack), await seals.verifier_keys()
    (cosigner,) = await seals.cosigner_keys()
    rows = [
        (str(row[0].value or ""), str(row[1].value or ""))
        for row in load_workbook(io.BytesIO(files["report.xlsx"]))["About this file"].iter_rows()
    ]
    start = next(n for n, (heading, _) in enumerate(rows) if heading == "The seal, to be typed")
    typed = "".join(f"{line}\n" for _, line in rows[start : start + 5])
    text, _ = open_note(typed.encode(), [vkey])
    assert files["checkpoint"].decode().startswith(text)
    assert {fingerprint(vkey), fingerprint(cosigner)} <= {told for _, told in rows}
    if report_pdf.is_there():
        shown = "".join(text_of_pdf(files["report.pdf"]).split())
        assert all("".join(told.split()) in shown for told in (fingerprint(cosigner), *typed.splitlines()))


@pytest.mark.pure
def test_an_extract_promises_less() -> None:
    complete, extract = (page_one.sentences(grade.value) for grade in (Grade.COMPLETE, Grade.EXTRACT))
    assert complete[1:] == extract[1:]
    assert ("none about the matters in it is missing" in complete[0], "not that none was left out" in extract[0]) == (True, True)
    assert all(sentence.count(". ") == 0 and sentence.endswith(".") for sentence in (*complete, *extract))
