"""A list of suppliers that a school uploads, read and checked as the service does it beside the pages."""

from collections.abc import Sequence

from base.viewer import Viewer
from suppliers.imports import background, imports
from suppliers.imports.imports import ImportView
from suppliers.imports.states import ImportState
from suppliers.lists.column_titles import SupplierField
from tests.given.patience import PATIENCE

Fields = Sequence[SupplierField | None]


async def uploaded(viewer: Viewer, content: bytes) -> ImportView:
    """Read, and waiting for what its columns hold."""
    import_id = await imports.upload(viewer, content)
    await background.carry_on(viewer, import_id, wait=PATIENCE)
    return await imports.look(viewer, import_id)


async def checked_file(viewer: Viewer, content: bytes, fields: Fields = ()) -> ImportView:
    """With its columns taken as they were understood, unless ``fields`` are given."""
    found = await uploaded(viewer, content)
    assert found.state is ImportState.MAPPING, found.sentence
    assert found.seen is not None
    await imports.choose_columns(viewer, found.id, fields or [column.field for column in found.seen.columns])
    return await after_work(viewer, found)


async def checked(viewer: Viewer, *lines: str, fields: Fields = ()) -> ImportView:
    return await checked_file(viewer, "\n".join(lines).encode(), fields)


async def after_work(viewer: Viewer, found: ImportView) -> ImportView:
    """As it is once what is due of it was done."""
    await background.carry_on(viewer, found.id, wait=PATIENCE)
    return await imports.look(viewer, found.id)
