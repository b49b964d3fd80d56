"""Which suppliers are one: the queue, two side by side, undoing. The same pages for a school and, under /directory, a curator."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Redirect, Template

from base import cursor as cursors
from base.refusals import Conflict, Invalid, Refusal, read_together
from base.viewer import Viewer, must_write
from suppliers.directory import directory
from suppliers.matching.identifiers import Scheme
from suppliers.merging import compare, curators_queue, decisions, duplicates, history, links, merges
from suppliers.merging.compare import BOTH, FIELDS, LEFT, RIGHT, Comparison
from suppliers.merging.decisions import Judgement
from suppliers.record import taxonomy
from suppliers.record.labels import LABELS, shown_identifier
from web.pages import forms, paging
from web.pages.forms import Form
from web.pages.handlers import AnyRequest, CurrentViewer, Cursor, chosen_id, name_and_id
from web.pages.templating import page, redirect

PageNumber = Annotated[int, QueryParameter(ge=1, le=10_000)]

MOST_ALIKE: Final = 3  # on a supplier's own page: the likeliest, or it is about something else
CHANGED: Final = "The details of one of them changed since you opened this page. Look at both again."
PROPOSED: Final = "Thank you. A curator looks at what schools say about the directory. Nothing changes until then."
SAID: Final = {
    Judgement.DIFFERENT: "They stay two suppliers, and are not asked about again.",
    Judgement.UNSURE: "Nothing changes. We ask again when there is something new to know about either.",
}


@get("/suppliers/duplicates", include_in_schema=False)
async def show_queue(request: AnyRequest, viewer: CurrentViewer, after: Cursor = "") -> Template:
    must_write(viewer)
    return await _queue(request, viewer, after)


@post("/suppliers/duplicates", include_in_schema=False, leaves=(decisions.DECIDED[0],))
async def none_of_these(request: AnyRequest, viewer: CurrentViewer) -> Template | Redirect:
    """Of the pairs that were ticked, none is one supplier."""
    must_write(viewer)
    form = await forms.read(request)
    try:
        chosen = _ticked(form)
        for one, other in chosen:
            await decisions.decide(viewer, one, other, Judgement.DIFFERENT)
    except (Invalid, Conflict) as refusal:
        return await _queue(request, viewer, form.text("after"), refusal)
    done = "They stay" if len(chosen) == 1 else f"{len(chosen)} pairs stay"
    after = f"?after={form.text('after')}" if form.text("after") else ""
    return redirect(f"/suppliers/duplicates{after}", done=f"{done} apart, and are not asked about again.")


@get("/directory/duplicates", include_in_schema=False)
async def show_curators_queue(request: AnyRequest, viewer: CurrentViewer, number: PageNumber = 1) -> Template:
    found = await curators_queue.queue(viewer, number)
    return page("merging/curators_queue.html", request=request, viewer=viewer, found=found, number=number)


@get("/suppliers/{supplier_id:uuid}/alike", include_in_schema=False)
async def show_alike(request: AnyRequest, viewer: CurrentViewer, supplier_id: FromPath[UUID]) -> Template:
    """A page of its own, because it costs a search; htmx takes its list into the supplier's page."""
    must_write(viewer)
    supplier = await directory.supplier(viewer, supplier_id)
    found = await duplicates.alike(viewer, supplier.id, waiting=True)
    return page("merging/alike.html", request=request, viewer=viewer, supplier=supplier, found=found[:MOST_ALIKE])


@get("/suppliers/merges/{merge_id:uuid}", include_in_schema=False)
async def show_merge(request: AnyRequest, viewer: CurrentViewer, merge_id: FromPath[UUID]) -> Template:
    """One of the school's own, or of the directory, which everybody sees and a curator undoes."""
    merged = await history.one(viewer, merge_id)
    may_undo = viewer.role.writes if merged.is_ours else viewer.is_operator
    root = "/suppliers" if merged.is_ours else "/directory"
    return page("merging/undo.html", request=request, viewer=viewer, merged=merged, may_undo=may_undo, root=root)


def _pair(root: str, *, as_curator: bool) -> Router:
    """Two suppliers of a school, or of the directory."""
    at = 1 if as_curator else 0
    answers = (merges.MERGED[at], decisions.DECIDED[at], links.LINKED[at])

    @get("/compare", include_in_schema=False)
    async def ask(request: AnyRequest, viewer: CurrentViewer, one: FromQuery[UUID], other: FromQuery[UUID]) -> Template:
        found = await compare.compare(viewer, one, other, as_curator=as_curator)
        return _compared(request, viewer, found, values=_usual(found), as_curator=as_curator)

    @post("/compare", include_in_schema=False, leaves=answers)
    async def answer(request: AnyRequest, viewer: CurrentViewer) -> Template | Redirect:
        form = await forms.read(request)
        one, other = (chosen_id(form.text(name), Invalid("Choose two suppliers from the list.")) for name in ("one", "other"))
        found = await compare.compare(viewer, one, other, as_curator=as_curator)
        try:
            return await _answered(viewer, form, found, as_curator=as_curator)
        except (Invalid, Conflict) as refusal:
            return _compared(request, viewer, found, values=form, refusal=refusal, as_curator=as_curator)

    @post("/merges/{merge_id:uuid}/undo", include_in_schema=False, leaves=(merges.UNDONE[at],))
    async def undo(viewer: CurrentViewer, merge_id: FromPath[UUID]) -> Redirect:
        undone = await merges.undo(viewer, merge_id, as_curator=as_curator)
        return redirect(f"/suppliers/{undone.part}", done="The merge is undone. Everything is where it was before.")

    @post("/links/{link_id:uuid}/end", include_in_schema=False, leaves=(links.UNLINKED[at],))
    async def end_link(viewer: CurrentViewer, link_id: FromPath[UUID]) -> Redirect:
        supplier = await links.unlink(viewer, link_id, as_curator=as_curator)
        return redirect(f"/suppliers/{supplier}", done="The link is gone. Both suppliers stay as they are.")

    @post("/decisions/{decision_id:uuid}/take-back", include_in_schema=False, leaves=(decisions.RETRACTED[at],))
    async def take_back(viewer: CurrentViewer, decision_id: FromPath[UUID]) -> Redirect:
        await decisions.take_back(viewer, decision_id, as_curator=as_curator)
        return redirect(f"{root}/duplicates", done="That is as if you had not said it.")

    return Router(path=root, route_handlers=[ask, answer, undo, end_link, take_back])


async def _answered(viewer: Viewer, form: Form, found: Comparison, *, as_curator: bool) -> Redirect:
    if form.text("seen") != found.seen:
        raise Conflict(CHANGED)
    said, reason = form.text("answer"), form.text("reason")
    one, other = found.left, found.right
    if said == Judgement.SAME and not found.is_proposal:
        return await _merged(viewer, form, found, as_curator=as_curator)
    if said == "linked":
        first, kind, second = _link(form, found)
        await links.link(viewer, first, second, kind, as_curator=as_curator)
        return redirect(f"/suppliers/{first}", done="They are linked, and stay two suppliers.")
    if said not in [*Judgement]:
        raise Invalid("Choose an answer.", answer="Say whether they are the same supplier.")
    judgement = Judgement(said)
    await decisions.decide(viewer, one.id, other.id, judgement, reason=reason, as_curator=as_curator)
    back = "/directory/duplicates" if as_curator else "/suppliers/duplicates"
    return redirect(back, done=SAID.get(judgement, PROPOSED))


async def _merged(viewer: Viewer, form: Form, found: Comparison, *, as_curator: bool) -> Redirect:
    kept, other_name, numbers_checked, *sides = read_together(
        lambda: _one_of(form, "name", (RIGHT, LEFT)),
        lambda: _one_of(form, "other_name", ("", "yes")),
        lambda: _one_of(form, "numbers_checked", ("", "yes")),
        *(partial(_one_of, form, f"keep_{field}", (BOTH, LEFT, RIGHT)) for field in FIELDS),
    )
    joined, whole = found.sides(kept)
    left_out = found.left_out(kept, dict(zip(FIELDS, sides, strict=True)), keeps_both_names=other_name == "yes")
    choice = merges.MergeChoice(left_out, numbers_checked=numbers_checked == "yes")
    await merges.merge(viewer, joined.id, whole.id, choice=choice, as_curator=as_curator)
    done = f"{joined.name} is part of {whole.name} now. If that was wrong, undo it here: see “Merged into it”."
    return redirect(f"/suppliers/{whole.id}", done=done)


def _one_of(form: Form, name: str, answers: tuple[str, ...]) -> str:
    """The answer, the first of ``answers`` where there is none. Raises Invalid."""
    said = form.text(name, answers[0])
    if said not in answers:
        raise Invalid("Choose an answer from the list.", **{name: "Choose an answer from the list."})
    return said


def _link(form: Form, found: Comparison) -> tuple[UUID, links.LinkKind, UUID]:
    kind, _, first = form.text("link").partition(":")
    if kind not in [*links.LinkKind] or first not in ("left", "right"):
        raise Invalid("Choose how they belong together.", link="Choose how they belong together.")
    one, other = (found.left, found.right) if first == "left" else (found.right, found.left)
    return one.id, links.LinkKind(kind), other.id


def _ticked(form: Form) -> tuple[tuple[UUID, UUID], ...]:
    try:
        chosen = duplicates.pairs_of(form.many("pairs"))
    except ValueError as error:
        raise Invalid("Choose pairs from the list.") from error
    if not chosen:
        raise Invalid("Tick the pairs first.", pairs="Tick the pairs that are not the same.")
    return chosen


def _usual(found: Comparison) -> Mapping[str, Any]:
    """The answers that the form opens with: the fuller record's name, and all that is known of either."""
    left = len(found.left.facts.lines) > len(found.right.facts.lines)
    return {"name": "left" if left else "right", "other_name": ("yes",), **{f"keep_{field}": BOTH for field in FIELDS}}


def _compared(
    request: AnyRequest,
    viewer: Viewer,
    found: Comparison,
    *,
    values: Any,
    as_curator: bool,
    refusal: Refusal | None = None,
) -> Template:
    return page(
        "merging/compare.html",
        request=request,
        viewer=viewer,
        refusal=refusal,
        found=found,
        values=values,
        root="/directory" if as_curator else "/suppliers",
        rows=[_shown(row) for row in found.rows],
        links=_link_options(found),
        joined_and_whole=found.sides(values.get("name", RIGHT)),
        as_curator=as_curator,
    )


def _link_options(found: Comparison) -> list[tuple[str, str]]:
    left, right = found.left.name, found.right.name
    said = {
        links.LinkKind.SITE_OF: "{} is a site of {}",
        links.LinkKind.SUCCESSOR_OF: "{} took over from {}",
        links.LinkKind.PART_OF: "{} is part of the group {}",
        links.LinkKind.TRADING_NAME_OF: "{} is a trading name of {}",
    }
    return [
        option
        for kind, words in said.items()
        for option in ((f"{kind}:left", words.format(left, right)), (f"{kind}:right", words.format(right, left)))
    ]


@dataclass(frozen=True, slots=True)
class _FactRowInWords:
    """One kind of fact in words; ``options`` are the answers to what to keep, none where there is nothing to choose."""

    field: str
    label: str
    left: list[str]
    right: list[str]
    options: list[tuple[str, str]]


def _shown(row: compare.FactRow) -> _FactRowInWords:
    left, right = _words(row.field, row.left), _words(row.field, row.right)
    options: list[tuple[str, str]] = []
    if row.differs and left and right:
        options = [(BOTH, "All"), (LEFT, f"Only {', '.join(left)}"), (RIGHT, f"Only {', '.join(right)}")]
    elif row.differs:
        options = [(BOTH, f"Keep {', '.join(left or right)}"), (RIGHT if left else LEFT, "Leave it out")]
    return _FactRowInWords(row.field, _label(row.field), left, right, options)


def _label(field: str) -> str:
    return {"alias": "Other names", "category": "Supplies"}.get(field) or LABELS[Scheme(field)]


def _words(field: str, values: tuple[str, ...]) -> list[str]:
    if field == "category":
        return [taxonomy.by_slug()[slug].name if slug in taxonomy.by_slug() else slug for slug in values]
    return list(values) if field == "alias" else [shown_identifier(Scheme(field), value) for value in values]


async def _queue(request: AnyRequest, viewer: Viewer, after: str, refusal: Refusal | None = None) -> Template:
    found = await duplicates.queue(viewer, name_and_id(after))
    return page(
        "merging/queue.html",
        request=request,
        viewer=viewer,
        refusal=refusal,
        found=found,
        after=after,
        **paging.after("/suppliers/duplicates", after, cursors.encode(*found.next_after) if found.next_after else None),
    )


pages = Router(
    path="/",
    route_handlers=[
        show_queue, none_of_these, show_curators_queue, show_alike, show_merge,
        _pair("/suppliers", as_curator=False), _pair("/directory", as_curator=True),
    ],
)  # fmt: skip
