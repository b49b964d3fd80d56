"""The comparison on screen, on paper and as a file; which suppliers are in it is in the address, to be sent to a colleague."""

from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.response import Redirect, Stream, Template

from base import clock
from base.refusals import Invalid
from base.spreadsheets.writing import TableFormat, table_format
from base.viewer import Viewer
from suppliers.comparing import sheet
from suppliers.comparing.comparing import Compared, compare
from suppliers.comparing.sheet import Row
from suppliers.search import ticked
from suppliers.search.ticked import FEWEST, MOST
from web.http.downloads import blank, sent
from web.pages.beside import Beside
from web.pages.handlers import AnyRequest, CurrentViewer, an_id
from web.pages.templating import page, redirect

NAME: Final = "suppliers-compared"
FIRST_WIDTH: Final = 32  # characters


@get("/suppliers/side-by-side", include_in_schema=False)
async def show_comparison(request: AnyRequest, viewer: CurrentViewer, beside: NamedDependency[Beside]) -> Template | Redirect:
    """Too few or too many are told on the list on which they were ticked, which keeps its search."""
    back = ticked.the_list(request.query_params.get("back", ""))
    try:
        compared, rows = await _compared(request, viewer, beside)
    except Invalid as refusal:
        if back:
            return redirect(ticked.back_to(back, request.query_params.getall("supplier", [])))
        nothing: dict[str, Any] = {"compared": (), "rows": (), "without": {}, "files": (), "back": back}
        return page("comparing/compared.html", request=request, viewer=viewer, refusal=refusal, **nothing)
    ids = [one.supplier.id for one in compared]
    return page(
        "comparing/compared.html",
        request=request,
        viewer=viewer,
        compared=compared,
        rows=rows,
        without={one: _address([other for other in ids if other != one], back=back) for one in ids} if len(ids) > FEWEST else {},
        files=[(kind.upper(), _address(ids, kind)) for kind in TableFormat],
        back=back,
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


def _address(suppliers: list[UUID], made_as: TableFormat | None = None, *, back: str = "") -> str:
    asked = [*(("supplier", str(one)) for one in suppliers), *([("back", back)] if back else [])]
    if made_as:
        return "/suppliers/side-by-side/file?" + urlencode([*asked, ("made_as", made_as.value)])
    return "/suppliers/side-by-side?" + urlencode(asked)


pages = Router(path="/", route_handlers=[show_comparison, take_comparison])
