"""Registers as other people keep them: no value is wrong in silence, and what could do harm is refused with a sentence."""

import io
import zipfile
from collections.abc import Callable
from typing import Any, Final

import openpyxl
import pytest

from base.viewer import Viewer
from contracts.imports import rows
from contracts.register_rows.states import ImportState, RowKind
from tests.given.register_imports import brought

pytestmark = pytest.mark.usefixtures("db")


def workbook(fill: Callable[[Any], None]) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    fill(book.active)
    book.save(file)
    return file.getvalue()


def _formulas(sheet: Any) -> None:
    sheet.append(["Contract", "Supplier", "Start", "End", "Annual cost"])
    sheet.append(["Gas", "Fen Gas", "01/09/2024", "=C2+1095", "=12*400"])


def _merged(sheet: Any) -> None:
    sheet.append(["Our contracts"])
    sheet.append([])
    sheet.append(["Contract", "Supplier", "Start", "End", "Notice"])
    sheet.append(["Lifts", "Fen Lifts", "01/09/2024", "31/08/2027", "3 months"])
    sheet.append([None, "Ash Lifts", "01/09/2024", "31/08/2026", "3 months"])
    sheet.merge_cells("A4:A5")


H: Final = "Contract,Supplier,Start,End,Notice,Annual cost"
# What the file is like, what it holds, the fields that are asked about, and what is taken without a question.
MESSY: Final[dict[str, tuple[bytes, set[str], dict[str, str]]]] = {
    "month first": (
        b"Contract,Supplier,Start (mm/dd/yyyy),End (mm/dd/yyyy),Notice\nGas,Fen Gas,09/01/2024,08/31/2027,3 months\n",
        {"starts_on", "ends_on"}, {"notice": "3 months"},
    ),
    "days that are not": (f"{H}\nGas,Fen Gas,31/9/24,31/08/2027,3 months,400".encode(), {"starts_on"}, {"notice": "3 months"}),
    "spreadsheet numbers": (f"{H}\nGas,Fen Gas,45536,31/08/2027,3 months,400".encode(), {"starts_on"}, {"ends_on": "31/08/2027"}),
    "ranges and guesses": (f"{H}\nGas,Fen Gas,01/09/2024"
        ",31/08/2027,3-6 months,£4k-£5k".encode(), {"notice", "annual_pence"}, {}),
    "end before start": (f"{H}\nGas,Fen Gas,01/09/2027,31/08/2024,3 months,400".encode(), {"ends_on"}, {"notice": "3 months"}),
    "semicolons and Windows": (
        "Contract;Supplier;Start;End;Notice;Annual cost\nGas;Fen Gas;01/09/2024;31/08/2027;3 months;£400\n".encode("cp1252"),
        set(), {"annual_pence": "400.00", "notice": "3 months"},
    ),
    "formulas": (workbook(_formulas), {"ends_on", "annual_pence"}, {"starts_on": "01/09/2024"}),
    "merged cells below a title": (workbook(_merged), set(), {"title": "Lifts"}),
}  # fmt: skip


@pytest.mark.parametrize("kind", MESSY)
async def test_no_value_is_wrong_in_silence(ann: Viewer, kind: str) -> None:
    content, expected, taken = MESSY[kind]
    found = await brought(ann, content)
    assert found.state is ImportState.CHECKED
    kind_of_row = RowKind.ASK if expected else RowKind.NEW
    row = (await rows.page_of(ann, found.id, kind_of_row)).rows[0]
    assert {one.field for one in row.asked} == expected
    assert (row.kind is RowKind.NEW) is (not expected)
    assert {name: row.texts.get(name) for name in taken} == taken


def _zip(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


HARMFUL: Final = {
    "macros": (_zip({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>", "xl/vbaProject.bin": b"x"}), "holds macros"),
    "a bomb": (_zip({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x>" + b" " * 101_000_000}), "more than 100 MB"),
    "entities": (_zip({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<!DOCTYPE x><x/>"}), "is damaged"),
    "links to other files": (
        _zip({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>", "xl/externalLinks/a.xml": b"<x/>"}),
        "takes values from other files",
    ),
    "a PDF": (b"%PDF-1.7 x", "This is a PDF"),
}  # fmt: skip


@pytest.mark.parametrize("kind", HARMFUL)
@pytest.mark.both_engines
async def test_what_could_do_harm_is_refused_with_what_to_do_and_nothing_of_it_is_kept(ann: Viewer, kind: str) -> None:
    content, sentence = HARMFUL[kind]
    found = await brought(ann, content)
    assert found.state is ImportState.REFUSED
    assert sentence in found.sentence
    assert not found.counts
