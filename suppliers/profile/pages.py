"""One supplier's page: what is known of it, and what schools say."""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from audit.log.subjects import Subject
from base import clock
from base.viewer import Role, Viewer
from sharing.schools.places import offset
from suppliers.directory import directory
from suppliers.directory.directory import SupplierView
from suppliers.directory.numbers import phones
from suppliers.matching.identifiers import Scheme
from suppliers.merging import history, links
from suppliers.merging.history import OtherName
from suppliers.opinions import logged
from suppliers.opinions.opinion import Vouching, vouching
from suppliers.opinions.readable import Opinions
from suppliers.profile import looks, profile
from suppliers.record import taxonomy
from suppliers.record.labels import LABELS, shown_identifier
from web.pages.beside import Beside
from web.pages.charts import Dot, dot_map
from web.pages.handlers import AnyRequest, CurrentViewer, Cursor
from web.pages.templating import page, redirect

REACHED_BY: Final = (Scheme.PHONE, Scheme.DOMAIN)  # links at the head of the page


@get("/suppliers/{supplier_id:uuid}", include_in_schema=False, site_staff=True)
async def show_supplier(
    request: AnyRequest,
    supplier_id: FromPath[UUID],
    viewer: CurrentViewer,
    beside: NamedDependency[Beside],
    reviews: Cursor = "",
    notes: Cursor = "",
) -> Template | Redirect:
    """An own record that joined the directory leads to its entry, so that old links and bookmarks hold."""
    if viewer.role is Role.SITE_STAFF:
        return await _for_site_staff(request, viewer, supplier_id)
    found = await profile.of(viewer, supplier_id, beside, reviews_after=reviews, notes_after=notes)
    supplier, said = found.supplier, found.said
    if supplier.id != supplier_id:
        return redirect(f"/suppliers/{supplier.id}")
    ours, known = said.ours, taxonomy.by_slug()
    return page(
        "profile/supplier.html",
        request=request,
        viewer=viewer,
        supplier=supplier,
        phones=phones(supplier.identifiers),
        domains=[value for scheme, value in supplier.identifiers if scheme is Scheme.DOMAIN],
        opinions=said,
        new=await looks.look(viewer, supplier.id, said, found.last_look),
        vouching=vouching(ours.said, ours.lapses_at, clock.now()) if ours else Vouching.NO,
        most_merges=history.MOST_SHOWN,
        most_links=links.MOST_SHOWN,
        map=dot_map(_dots(said)),
        rests=found.rests,
        rows=_rows(supplier, found.called),
        links=found.links,
        merged=found.merged,
        parts=found.parts,
        came=found.came,
        resting=found.resting,
        categories=[known[slug].name for slug in supplier.categories if slug in known],
        Subject=Subject,
    )


async def _for_site_staff(request: AnyRequest, viewer: Viewer, supplier_id: UUID) -> Template | Redirect:
    """Whom to ring, and what they wrote themselves: nothing that anybody else says of it."""
    supplier = await directory.supplier(viewer, supplier_id)
    if supplier.id != supplier_id:
        return redirect(f"/suppliers/{supplier.id}")
    notes = await logged.notes_by(viewer, on=supplier.id)
    context: dict[str, Any] = {"supplier": supplier, "phones": phones(supplier.identifiers), "notes": notes}
    return page("profile/supplier_for_site_staff.html", request=request, viewer=viewer, **context)


def _dots(said: Opinions) -> list[Dot]:
    """The schools whose reviews stand on the page, as far as the register says where they and the viewer's school are."""
    if said.here is None:
        return []
    return [
        Dot(*offset(said.here, one.by.place), one.by.name, is_second=not one.would_use_again)
        for one in said.reviews
        if one.by.place
    ]


def _rows(supplier: SupplierView, called: Iterable[OtherName]) -> list[tuple[str, list[str]]]:
    """What is known beside how to reach them; nothing is shown that nobody gave."""
    known = [("Also called", [f"{one.name} ({one.how})" if one.how else one.name for one in called])]
    known += [
        (label, [shown_identifier(s, v) for s, v in supplier.identifiers if s is scheme])
        for scheme, label in LABELS.items()
        if scheme not in REACHED_BY
    ]
    return [(label, values) for label, values in known if values]


pages = Router(path="/", route_handlers=[show_supplier])
