"""The comparison on screen, on paper and as a file; which suppliers are in it is in the address, to be sent to a colleague."""

from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.response import Stream, Template

from base import clock
from base.refusals import Invalid
from base.spreadsheets.writing import TableFormat, table_format
from base.viewer import Viewer
from suppliers.comparing import sheet
from suppliers.comparing.comparing import FEWEST, MOST, Compared, compare
from suppliers.comparing.sheet import Row
from web.http.downloads import blank, sent
from web.pages.beside import Beside
from web.pages.handlers import AnyRequest, CurrentViewer, an_id
from web.pages.templating import page

NAME: Final = "suppliers-compared"
FIRST_WIDTH: Final = 32  # characters


@get("/suppliers/side-by-side", include_in_schema=False)
async def show_comparison(request: AnyRequest, viewer: CurrentViewer, beside: NamedDependency[Beside]) -> Template:
    try:
        compared, rows = await _compared(request, viewer, beside)
    except Invalid as refusal:
        return page(
            "comparing/compared.html", request=request, viewer=viewer, refusal=refusal, compared=(), rows=(), without={}, files=()
        )
    ids = [one.supplier.id for one in compared]
    return page(
        "comparing/compared.html",
        request=request,
        viewer=viewer,
        compared=compared,
        rows=rows,
        without={one: _address([other for other in ids if other != one]) for one in ids} if len(ids) > FEWEST else {},
        files=[(kind.upper(), _address(ids, kind)) for kind in TableFormat],
    )


@get("/suppliers/side-by-side/file", include_in_schema=False)
async def take_comparison(request: AnyRequest, viewer: CurrentViewer, beside: NamedDependency[Beside]) -> Stream:
    made_as = table_format(request.query_params.get("made_as", TableFormat.XLSX.value))
    compared, rows = await _compared(request, viewer, beside)
    file = blank()
    table = made_as.writer(file, sheet="Compared", first_width=FIRST_WIDTH)
    table.add(["", *(one.supplier.name for one in compared)])
    for row in rows:
        table.add([row.label, *("\n".join(words.text for words in cell) for cell in row.cells)])
    table.close()
    return sent(file, name=f"{NAME}.{made_as}", media_type=made_as.media_type)


async def _compared(request: AnyRequest, viewer: Viewer, beside: Beside) -> tuple[tuple[Compared, ...], tuple[Row, ...]]:
    asked = request.query_params.getall("supplier", [])[: MOST + 1]
    compared = await compare(viewer, [one for typed in asked if (one := an_id(typed))])
    dated = {one.supplier.id: await beside.dated_with(viewer, one.supplier.id) for one in compared}
    return compared, sheet.rows(compared, dated, clock.now())


def _address(suppliers: list[UUID], made_as: TableFormat | None = None) -> str:
    asked = [("supplier", str(one)) for one in suppliers]
    if made_as:
        return "/suppliers/side-by-side/file?" + urlencode([*asked, ("made_as", made_as.value)])
    return "/suppliers/side-by-side?" + urlencode(asked)


pages = Router(path="/", route_handlers=[show_comparison, take_comparison])
