"""The register as a spreadsheet to keep, and an empty one to fill in."""

from typing import Annotated

from litestar import Router, get
from litestar.params import QueryParameter
from litestar.response import Stream

from base.spreadsheets.writing import table_format
from base.viewer import must_keep_contracts
from contracts.sheets import exporting
from web.http.downloads import blank, in_a_file_name, sent
from web.pages.handlers import CurrentViewer

AskedFormat = Annotated[str, QueryParameter(name="format", max_length=4)]


@get("/contracts/import/template", include_in_schema=False)
async def take_template(viewer: CurrentViewer, made_as: AskedFormat = "xlsx") -> Stream:
    must_keep_contracts(viewer)
    chosen, file = table_format(made_as), blank()
    exporting.template(chosen, to=file)
    return sent(file, name=f"contracts-to-fill-in.{chosen}", media_type=chosen.media_type)


@get("/contracts/export", include_in_schema=False)
async def take_export(viewer: CurrentViewer, made_as: AskedFormat = "xlsx") -> Stream:
    chosen, file = table_format(made_as), blank()
    try:
        await exporting.export(viewer, chosen, to=file)
    except BaseException:
        file.close()
        raise
    return sent(file, name=f"{in_a_file_name(viewer.school_name)}-contracts.{chosen}", media_type=chosen.media_type)


pages = Router(path="/", route_handlers=[take_template, take_export])
