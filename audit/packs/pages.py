"""Pages to take away an audit pack, or the timeline as a file. Both are made by short reads, sent, and not kept."""

from typing import Annotated, Any, Final

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Stream, Template

from audit.events import Event
from audit.log import streams
from audit.log.auditor_reads import note_read
from audit.packs import earlier, extent, packs, timeline_file
from audit.packs.extent import Scope
from audit.packs.order import Grade, PackOrder
from audit.packs.takeaway import Sources
from audit.packs.timeline_file import TimelineFormat
from audit.seals import seals
from base.refusals import Conflict, Invalid, Refusal, read_together
from base.viewer import ABOUT_THE_TRAIL, Viewer
from web.http.downloads import blank, in_a_file_name, sent
from web.pages import forms
from web.pages.forms import Form
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page

MOST_SHOWN: Final = 30  # suppliers to tick at once; a school with more finds them by name
MOST_CHOSEN: Final = 100  # in one form; beside them a form has a dozen answers
CHOOSE: Final = "Choose what the pack is about."
TICK: Final = "Tick at least one, or choose the whole trail."
GRADE: Final = "Choose what the pack should prove."
FORMAT: Final = "Choose CSV, Excel or PDF."


@get("/trail/packs", include_in_schema=False, auditors=True)
async def ask_pack(
    request: AnyRequest,
    viewer: CurrentViewer,
    sources: NamedDependency[Sources],
    q: Annotated[str, QueryParameter(max_length=200)] = "",
    streams: Annotated[tuple[str, ...], QueryParameter(max_items=MOST_CHOSEN)] = (),
) -> Template:
    await note_read(viewer, "the page of audit packs")
    typed = {name: request.query_params.get(name, "") for name in ("what", "grade", "seal", *_boxes("first"), *_boxes("last"))}
    values = {"grade": Grade.COMPLETE.value, "what": "chosen" if q else "all"} | {k: v for k, v in typed.items() if v}
    return await _form(request, viewer, sources, values=values | {"q": q, "streams": streams})


@post("/trail/packs", once=False, include_in_schema=False, auditors=True, leaves=(Event.PACK_EXPORTED,), status_code=200)
async def take_pack(request: AnyRequest, viewer: CurrentViewer, sources: NamedDependency[Sources]) -> Template | Stream:
    form = await forms.read(request)
    file = blank()
    try:
        built = await packs.export(viewer, await _order(viewer, form), to=file, sources=sources)
    except (Invalid, Conflict) as refusal:
        file.close()
        return await _form(request, viewer, sources, values=form, refusal=refusal)
    except BaseException:
        file.close()
        raise
    name = f"{in_a_file_name(viewer.school_name)}-audit-pack-{built.extent.size}.zip"
    return sent(file, name=name, media_type="application/zip")


@post("/trail/download", once=False, include_in_schema=False, auditors=True, leaves=(Event.TIMELINE_EXPORTED,), status_code=200)
async def take_timeline(request: AnyRequest, viewer: CurrentViewer, sources: NamedDependency[Sources]) -> Stream:
    form = await forms.read(request)
    if form.text("format") not in set(TimelineFormat):
        raise Invalid(FORMAT, format=FORMAT)
    made_as, file = TimelineFormat(form.text("format")), blank()
    try:
        await timeline_file.download(viewer, made_as, stream=form.text("stream") or None, to=file, sources=sources)
    except BaseException:
        file.close()
        raise
    return sent(file, name=f"{in_a_file_name(viewer.school_name)}-trail.{made_as.value}", media_type=made_as.media_type)


async def _order(viewer: Viewer, form: Form) -> PackOrder:
    """Raises Invalid for what the form leaves open."""
    held = form.text("seal").strip()
    keys = await seals.verifier_keys() if held else None
    streams, grade, first, last, since = read_together(
        lambda: _streams(form),
        lambda: forms.one_of(Grade, form.text("grade"), "grade", GRADE),
        lambda: form.day("first"),
        lambda: form.day("last"),
        lambda: earlier.of_seal(held, keys) if keys is not None else None,
    )
    return PackOrder(str(viewer.school), viewer.school_name, Scope.of_days(streams, first, last), grade, earlier=since)


def _streams(form: Form) -> tuple[str, ...] | None:
    """Those that were ticked, None for the whole trail. Raises Invalid."""
    what, chosen = form.text("what"), form.many("streams")
    if what not in ("all", "chosen"):
        raise Invalid(CHOOSE, what=CHOOSE)
    if what == "chosen" and not chosen:
        raise Invalid(TICK, streams=TICK)
    return chosen if what == "chosen" else None


async def _form(
    request: AnyRequest, viewer: Viewer, sources: Sources, *, values: Any, refusal: Refusal | None = None
) -> Template:
    """Suppliers that are ticked come first, then those whose name contains what was typed."""
    there = [name for name in await extent.streams_of(viewer) if name != ABOUT_THE_TRAIL]
    names = {**streams.ABOUT_OTHERS, **await sources.titles(str(viewer.school), there)}
    ticked, text = set(forms.chosen(values, "streams")), forms.typed(values, "q").casefold().strip()
    known = sorted((names[name].casefold(), name) for name in there if name in names)
    found = [name for title, name in known if text in title]
    shown = [name for _, name in known if name in ticked] + [name for name in found if name not in ticked][:MOST_SHOWN]
    return page(
        "packs/packs.html",
        request=request,
        viewer=viewer,
        values=values,
        refusal=refusal,
        criticism_kept_back=await sources.criticism_kept_back(viewer),
        options=[(name, names[name]) for name in shown],
        is_long=len(known) > MOST_SHOWN,
        left_out=len([name for name in found if name not in shown]),
    )


def _boxes(name: str) -> tuple[str, ...]:
    return tuple(f"{name}-{box}" for box in ("day", "month", "year"))


pages = Router(path="/", route_handlers=[ask_pack, take_pack, take_timeline])
