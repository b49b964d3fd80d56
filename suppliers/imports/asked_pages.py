"""What a list asks once: the words that it has for categories, and what several schools of the same person are asked alike."""

from typing import Annotated, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Template

from base.refusals import Invalid, Refusal
from base.viewer import Viewer, must_write
from suppliers.imports import at_my_schools, background, imports, rows
from suppliers.record import taxonomy
from web.pages import forms, paging
from web.pages.forms import Form
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page, redirect

After = Annotated[int, QueryParameter(ge=0, le=2**31)]
CHOICE: Final = "choice-"
WORDS: Final = "words"  # instead of a list of rows: the words for categories, each asked about once
NO_CATEGORY: Final = "none"  # the answer that a word is left without a category
WORDS_ON_A_PAGE: Final = 30
LONGEST_KEY: Final = 20  # characters: a row's number, and what its question is told by


@get("/suppliers/imports/{import_id:uuid}/questions", include_in_schema=False)
async def show_questions(
    request: AnyRequest, import_id: FromPath[UUID], viewer: CurrentViewer, after: After = 0
) -> Template:  # fmt: skip
    return await _questions(request, viewer, import_id, after)


@post("/suppliers/imports/{import_id:uuid}/questions", include_in_schema=False, leaves=())
async def answer_questions(request: AnyRequest, import_id: FromPath[UUID], viewer: CurrentViewer) -> Template | Redirect:
    must_write(viewer)
    form = await forms.read(request)
    after = _number(form.text("from"))
    try:
        kept = await at_my_schools.answer_at_each(viewer, import_id, _choices(form))
    except Invalid as refusal:
        return await _questions(request, viewer, import_id, after, form, refusal)
    further = f"/questions?after={form.text('next')}" if _number(form.text("next")) else ""
    return redirect(f"/suppliers/imports/{import_id}{further}", done=f"Your answers are kept at {', '.join(kept)}.")


async def _questions(
    request: AnyRequest, viewer: Viewer, import_id: UUID, after: int, form: Form | None = None, refusal: Refusal | None = None
) -> Template:
    found = await at_my_schools.questions(viewer, import_id, after=after)
    here = f"/suppliers/imports/{import_id}/questions"
    return page(
        "imports/questions.html",
        request=request,
        viewer=viewer,
        import_id=import_id,
        found=found,
        values=form or {f"{CHOICE}{one.key}": one.choice for one in found.questions},
        refusal=refusal,
        after=after,
        **paging.after(here, after, found.next_after),
    )


def _choices(form: Form) -> dict[str, str]:
    """By the key of a question. Raises Invalid for none, and for what the page never sends."""
    found = {name.removeprefix(CHOICE): form.text(name) for name in form.fields if name.startswith(CHOICE)}
    answered = {key: choice for key, choice in found.items() if choice}
    if not answered or not all(len(key) <= LONGEST_KEY and _number(key.partition("-")[0]) for key in answered):
        raise Invalid(rows.CHOOSE)
    return answered


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0


async def words(request: AnyRequest, viewer: Viewer, import_id: UUID, after: int) -> Template:
    found = await imports.look(viewer, import_id)
    asked = await rows.unknown_words(viewer, import_id)
    further = after + WORDS_ON_A_PAGE
    categories = sorted(((one.slug, one.name) for one in taxonomy.categories()), key=lambda one: one[1].casefold())
    urls = paging.after(f"/suppliers/imports/{import_id}/rows/{WORDS}", after, further if further < len(asked) else None)
    return page(
        "imports/words.html", request=request, viewer=viewer, found=found, words=asked[after:further], all=len(asked),
        categories=categories, no_category=NO_CATEGORY, has_said=await rows.has_said_words(viewer), **urls,
    )  # fmt: skip


async def answer_words(viewer: Viewer, import_id: UUID, form: Form) -> Redirect:
    """Each word comes as "word-1", with its categories as "category-1": empty where nobody answered."""
    if form.text("again") == "yes":
        await rows.ask_words_again(viewer, import_id)
    else:
        given = {form.text(f"word-{n}"): form.many(f"category-{n}") for n in range(WORDS_ON_A_PAGE)}
        said = {word: [slug for slug in slugs if slug] for word, slugs in given.items() if word and any(slugs)}
        await rows.answer_words(viewer, import_id, {word: [] if NO_CATEGORY in slugs else slugs for word, slugs in said.items()})
    await background.carry_on(viewer, import_id)
    return redirect(f"/suppliers/imports/{import_id}", done="What you said of words is kept, for the next list too.")


pages = Router(path="/", route_handlers=[show_questions, answer_questions])
