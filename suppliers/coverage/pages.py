"""The report of where no school has a word, on screen, on paper and as a file. Whose words are counted is in the address."""

from enum import StrEnum
from typing import Annotated, BinaryIO, Final
from urllib.parse import urlencode
from uuid import UUID

from litestar import Router, get
from litestar.params import QueryParameter
from litestar.response import Stream, Template

from base.refusals import Invalid, NotFound
from base.spreadsheets.writing import TableFormat, table_format
from base.viewer import Viewer
from suppliers.coverage import heat, scopes, sheet
from suppliers.coverage.coverage import Coverage, coverage
from suppliers.coverage.scopes import Scope
from web.http.downloads import blank, sent
from web.pages.handlers import AnyRequest, CurrentViewer, an_id
from web.pages.templating import page

NAME: Final = "needs-without-a-word"
EVERYWHERE: Final = "everywhere"
FIRST_WIDTH: Final = 32  # characters

Chosen = Annotated[str, QueryParameter(max_length=60)]  # of a list


class Heard(StrEnum):
    US = "us"
    EVERYONE = "everyone"

    @property
    def words(self) -> str:
        return "What your school hears from others" if self is Heard.US else "What schools share with every school"


@get("/coverage", include_in_schema=False)
async def show_coverage(request: AnyRequest, viewer: CurrentViewer, of: Chosen = "", heard: Chosen = "") -> Template:
    """``of`` is a network's id or everywhere; nothing is the viewer's own local authority."""
    offered, network = await _scopes(viewer, of)
    by = _heard(heard)
    found = await coverage(viewer, network, of_everyone=by is Heard.EVERYONE)
    chosen = str(network) if network else EVERYWHERE
    return page(
        "coverage/coverage.html",
        request=request,
        viewer=viewer,
        found=found,
        kinds=[sheet.kind_words(kind) for kind in found.kinds],
        by_group=heat.by_group(found),
        by_authority=heat.by_authority(found) if network is None else (),
        groups=heat.groups(found),
        values={"of": chosen, "heard": by.value},
        scopes=[(str(one.network) if one.network else EVERYWHERE, one.name) for one in offered],
        hearing=[(one.value, one.words) for one in Heard],
        may_ask=viewer.role.writes and not viewer.is_for_a_day,
        address=_address,
        files=[(kind.upper(), _address("/coverage/file", of=chosen, heard=by.value, made_as=kind.value)) for kind in TableFormat],
    )


@get("/coverage/file", include_in_schema=False)
async def take_coverage(viewer: CurrentViewer, of: Chosen = "", heard: Chosen = "", made_as: Chosen = "xlsx") -> Stream:
    kind = table_format(made_as)
    _, network = await _scopes(viewer, of)
    found = await coverage(viewer, network, of_everyone=_heard(heard) is Heard.EVERYONE)
    return sent(_written(found, kind), name=f"{NAME}.{kind}", media_type=kind.media_type)


def _written(found: Coverage, kind: TableFormat) -> BinaryIO:
    file = blank()
    table = kind.writer(file, sheet="Needs", first_width=FIRST_WIDTH)
    table.add(sheet.headings())
    for row in sheet.rows(found):
        table.add(row)
    table.close()
    return file


async def _scopes(viewer: Viewer, typed: str) -> tuple[tuple[Scope, ...], UUID | None]:
    """What may be chosen, and which network is; None: all schools. Raises NotFound for what is none."""
    offered, ours = await scopes.choices(viewer)
    network = an_id(typed) if typed else ours
    if typed not in ("", EVERYWHERE) and network is None:
        raise NotFound
    return offered, network


def _heard(typed: str) -> Heard:
    if typed not in ("", *Heard):
        raise Invalid("Choose from the list whose words are counted.")
    return Heard(typed or Heard.US)


def _address(path: str = "/coverage", **asked: str) -> str:
    return f"{path}?{urlencode(asked)}"


pages = Router(path="/", route_handlers=[show_coverage, take_coverage])
