"""Suppliers over JSON: the same verbs as the pages, structs written by hand."""

from collections.abc import Iterator
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Router, delete, get, post, put
from litestar.params import FromPath, JSONBody, QueryParameter

from base.viewer import KeyScope
from suppliers.directory import directory
from suppliers.directory.directory import SupplierView
from suppliers.events import Event
from suppliers.matching.names import LONGEST
from suppliers.record import extras, headings, taxonomy
from suppliers.record.facts import MOST_ALIASES, MOST_CATEGORIES
from suppliers.record.headings import System
from web.pages.handlers import CurrentViewer

ShortText = Annotated[str, msgspec.Meta(max_length=LONGEST)]
Tags = Annotated[tuple[ShortText, ...], msgspec.Meta(max_length=MOST_ALIASES)]


class IdentifiersIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Identifiers as people write them; each is checked and stored in its standard form."""

    company_number: ShortText = ""
    charity_number: ShortText = ""
    vat_number: ShortText = ""
    domain: ShortText = ""
    phone: ShortText = ""
    postcode: ShortText = ""


class SupplierIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: ShortText
    aliases: Tags = ()
    identifiers: IdentifiersIn = IdentifiersIn()
    categories: Annotated[tuple[ShortText, ...], msgspec.Meta(max_length=MOST_CATEGORIES)] = ()


class SupplierOut(msgspec.Struct, frozen=True, kw_only=True):
    """``own`` records are seen by your school alone; the others are in the directory."""

    id: UUID
    name: str
    aliases: tuple[str, ...]
    identifiers: dict[str, list[str]]
    categories: tuple[str, ...]
    own: bool
    used_by_us: bool


class MatchOut(msgspec.Struct, frozen=True, kw_only=True):
    """``verdict`` is same, ask or different; ``probability`` 0 to 1; ``reasons`` in words, the strongest first."""

    supplier: UUID
    name: str
    own: bool
    probability: float
    verdict: str
    reasons: tuple[str, ...]


@get("/suppliers/matches", operation_id="listMatches", summary="Who may be the same as this supplier?", key_scope=KeyScope.READ)
async def list_matches(
    viewer: CurrentViewer,
    name: Annotated[str, QueryParameter(min_length=1, max_length=LONGEST)],
    company_number: Annotated[str, QueryParameter(max_length=20)] = "",
    postcode: Annotated[str, QueryParameter(max_length=16)] = "",
) -> list[MatchOut]:
    """The likeliest first, each with the probability and the reasons in words. Ask before you add one."""
    typed = {"company_number": company_number, "postcode": postcode}
    found = await directory.suggestions(viewer, name, {scheme: value for scheme, value in typed.items() if value})
    return [
        MatchOut(
            supplier=one.supplier_id,
            name=one.name,
            own=one.is_own,
            probability=round(one.probability, 4),
            verdict=one.verdict.value,
            reasons=one.reasons,
        )
        for one in found
    ]


@post(
    "/suppliers",
    operation_id="addSupplier",
    summary="Add a supplier of your school's own",
    leaves=(Event.SUPPLIER_ADDED,),
    key_scope=KeyScope.WRITE,
)
async def add_supplier(viewer: CurrentViewer, data: JSONBody[SupplierIn]) -> SupplierOut:
    """Nobody else sees it until you share an opinion of it. Refused where your school has one of that name."""
    typed = {scheme: value for scheme, value in msgspec.to_builtins(data.identifiers).items() if value}
    made = await directory.add(viewer, name=data.name, aliases=data.aliases, identifiers=typed, categories=data.categories)
    return _supplier(made)


@get(
    "/suppliers/{supplier_id:uuid}", operation_id="getSupplier", summary="One supplier that you can see", key_scope=KeyScope.READ
)
async def get_supplier(viewer: CurrentViewer, supplier_id: FromPath[UUID]) -> SupplierOut:
    """Of your school's own, or of the directory."""
    return _supplier(await directory.supplier(viewer, supplier_id))


@put(
    "/suppliers/{supplier_id:uuid}/use",
    operation_id="useSupplier",
    summary="Say, to your own school only, that it uses a supplier",
    leaves=(Event.SUPPLIER_ADOPTED,),
    key_scope=KeyScope.WRITE,
)
async def use_supplier(viewer: CurrentViewer, supplier_id: FromPath[UUID]) -> SupplierOut:
    """Other schools don't see it. Saying it again changes nothing."""
    return _supplier(await directory.adopt(viewer, supplier_id))


@delete(
    "/suppliers/{supplier_id:uuid}/use",
    operation_id="stopUsingSupplier",
    summary="Say that your school no longer uses a supplier",
    leaves=(Event.SUPPLIER_LEFT,),
    key_scope=KeyScope.WRITE,
)
async def stop_using_supplier(viewer: CurrentViewer, supplier_id: FromPath[UUID]) -> None:
    """Reviews and notes of it stay. Nothing changes where your school did not use it."""
    await directory.stop_using(viewer, supplier_id)


def _supplier(found: SupplierView) -> SupplierOut:
    identifiers: dict[str, list[str]] = {}
    for scheme, value in found.identifiers:
        identifiers.setdefault(scheme.value, []).append(value)
    return SupplierOut(
        id=found.id,
        name=found.name,
        aliases=found.aliases,
        identifiers=identifiers,
        categories=found.categories,
        own=found.is_own,
        used_by_us=found.used_since is not None,
    )


class HeadingOut(msgspec.Struct, frozen=True, kw_only=True):
    """``system``: cfr (Consistent Financial Reporting), aar (academies accounts return), cpv (Common Procurement Vocabulary) or
    dfe (Get help buying for schools).
    """

    system: str
    code: str
    name: str


class ExtraAnswerOut(msgspec.Struct, frozen=True, kw_only=True):
    code: str
    words: str


class ExtraQuestionOut(msgspec.Struct, frozen=True, kw_only=True):
    """What a review of such a supplier may be asked beside everything else; ``answers`` from the best to the worst."""

    slug: str
    words: str
    answers: tuple[ExtraAnswerOut, ...]


class CategoryOut(msgspec.Struct, frozen=True, kw_only=True):
    """``headings``: under which headings others file it, the likeliest of each system first; none where no source says.
    ``extras``: the extra questions of a review.
    """

    slug: str
    name: str
    group: str
    headings: tuple[HeadingOut, ...]
    extras: tuple[ExtraQuestionOut, ...]


@get(
    "/categories",
    operation_id="listCategories",
    summary="What schools buy; needs no key",
    sync_to_thread=False,
    opt={"public": True},
    security=[{}],
)
def list_categories() -> list[CategoryOut]:
    """The needs that suppliers are filed and searched under; `slug` is what other addresses take."""
    return [
        CategoryOut(
            slug=one.slug, name=one.name, group=one.group, headings=tuple(_headings(one.slug)), extras=tuple(_extras(one.slug))
        )
        for one in taxonomy.categories()
    ]


def _extras(slug: str) -> Iterator[ExtraQuestionOut]:
    for one in extras.of_category(slug):
        answers = tuple(ExtraAnswerOut(code=code, words=words) for code, words in one.answers.items())
        yield ExtraQuestionOut(slug=one.slug, words=one.words, answers=answers)


def _headings(slug: str) -> Iterator[HeadingOut]:
    for one in (heading for system in System for heading in headings.of(slug, system)):
        yield HeadingOut(system=one.system.value, code=one.code, name=one.name)


api = Router(
    path="/api/v1",
    route_handlers=[
        list_matches,
        list_categories,
        add_supplier,
        get_supplier,
        use_supplier,
        stop_using_supplier,
    ],
    tags=["Suppliers"],
)
