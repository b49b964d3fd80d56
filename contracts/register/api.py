"""Contracts over JSON: the same verbs as the pages. A change names the version that was read in If-Match."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Router, delete, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.response import Response

from base.viewer import KeyScope
from contracts.events import Event
from contracts.fields import values
from contracts.fields.contract_fields import FIELDS, LONGEST_LINE, Kind
from contracts.fields.dates_asked import Extension
from contracts.fields.said import MOST_COVERED, MOST_EXTENSIONS, Said
from contracts.lists import listing
from contracts.lists.listing import Line, Showing, Wanted
from contracts.register import answering, reading, register
from contracts.register.contract_json import ExtensionJson, SaidJson
from contracts.register.reading import ContractView
from web.http.versions import ETAG, IfMatch, etag, version_of
from web.pages.handlers import CurrentViewer, Cursor

Covers = Annotated[tuple[UUID, ...], msgspec.Meta(max_length=MOST_COVERED)]
Options = Annotated[tuple[ExtensionJson, ...], msgspec.Meta(max_length=MOST_EXTENSIONS)]


class ContractIn(SaidJson, kw_only=True, forbid_unknown_fields=True):
    """`supplier` is one that you can see; without it `supplier_name` stands on the contract. `covers`: schools of your trust.

    `notice_given_on` is the day on which the supplier received your notice. `ceased_on` is a person's word that it ended.
    """

    supplier: UUID | None = None
    extensions: Options = ()
    covers: Covers = ()
    is_draft: bool = False
    notice_given_on: date | None = None
    ceased_on: date | None = None
    officer_person: UUID | None = None
    deputy_person: UUID | None = None


class DatesOut(msgspec.Struct, frozen=True, kw_only=True):
    """What follows from the contract as of today. `notice_received_by` is planned for the working day before; `words_received_by`
    is the day by the contract's own words. `why` has a sentence for each of them. `problem` says why there are none.
    """

    state: str
    current_end: date | None
    notice_received_by: date | None
    words_received_by: date | None
    send_by: date | None
    decide_by: date | None
    is_missed: bool
    next_end: date | None
    next_decide_by: date | None
    why: dict[str, str]
    problem: str


class QuestionOut(msgspec.Struct, frozen=True, kw_only=True):
    field: str
    code: str
    sentence: str


class ContractOut(ContractIn, kw_only=True, forbid_unknown_fields=False):
    """Null is what is not known, or not yours to read: never which of the two. `standing` is ours, covered, led or shared."""

    id: UUID
    school: UUID
    standing: str
    version: int
    dates: DatesOut | None
    questions: tuple[QuestionOut, ...]


class LineOut(msgspec.Struct, frozen=True, kw_only=True):
    """`decide_by` is that of the next chance, once notice was missed; null once it was given, and after the end.
    `annual_pence` is null too where it is confidential.
    """

    id: UUID
    school: UUID
    title: str
    supplier: UUID | None
    supplier_name: str
    category: str | None
    officer: str | None
    annual_pence: int | None
    is_draft: bool
    version: int
    state: str
    current_end: date | None
    notice_received_by: date | None
    decide_by: date | None
    is_missed: bool
    open_questions: int


class ContractsOut(msgspec.Struct, frozen=True, kw_only=True):
    """`next` goes into `after` for the page that follows; "" after the last one."""

    contracts: tuple[LineOut, ...]
    next: str


@get("/contracts", operation_id="listContracts", summary="Your contracts, the soonest decision first", key_scope=KeyScope.READ)
async def list_contracts(
    viewer: CurrentViewer,
    *,
    text: Annotated[str, QueryParameter(max_length=LONGEST_LINE)] = "",
    category: Annotated[str, QueryParameter(max_length=60)] = "",
    showing: FromQuery[Showing] = Showing.ALL,
    after: Cursor = "",
) -> ContractsOut:
    """Your school's own, those of your trust that cover it, and for a lead of a trust those of its schools."""
    found = await listing.page(viewer, after, Wanted(showing, text=text, category=category))
    return ContractsOut(contracts=tuple(map(_line, found.lines)), next=found.after)


@post(
    "/contracts",
    operation_id="addContract",
    summary="Add a contract to your register",
    leaves=(Event.CONTRACT_ADDED,),
    key_scope=KeyScope.WRITE,
    response_headers=[ETAG],
)
async def add_contract(viewer: CurrentViewer, data: JSONBody[ContractIn]) -> Response[ContractOut]:
    """Only the title is needed; what is left out becomes a question. Nobody else sees it."""
    return _answer(await answering.add(viewer, _said(data)), status=201)


@get(
    "/contracts/{contract_id:uuid}",
    operation_id="getContract",
    summary="One contract that you can see",
    key_scope=KeyScope.READ,
    response_headers=[ETAG],
)
async def get_contract(viewer: CurrentViewer, contract_id: FromPath[UUID]) -> Response[ContractOut]:
    """With what follows from its dates today, and what is still to be found out. The `ETag` is what If-Match takes."""
    return _answer(await reading.contract(viewer, contract_id))


@put(
    "/contracts/{contract_id:uuid}",
    operation_id="changeContract",
    summary="Change what your register says of a contract",
    leaves=(Event.CONTRACT_CHANGED,),
    key_scope=KeyScope.WRITE,
    needs_version=True,
    response_headers=[ETAG],
)
async def change_contract(
    viewer: CurrentViewer, contract_id: FromPath[UUID], data: JSONBody[ContractIn], if_match: IfMatch = None
) -> Response[ContractOut]:
    """Send the whole of it, and the version that you read in If-Match."""
    return _answer(await answering.change(viewer, contract_id, _said(data), version=version_of(if_match)))


@delete(
    "/contracts/{contract_id:uuid}",
    operation_id="withdrawContract",
    summary="Take a contract out of your register",
    leaves=(Event.CONTRACT_WITHDRAWN,),
    key_scope=KeyScope.WRITE,
)
async def withdraw_contract(viewer: CurrentViewer, contract_id: FromPath[UUID], if_match: IfMatch = None) -> None:
    """For one that was entered by mistake. One that has ended stays: say so with `ceased_on`."""
    await register.withdraw(viewer, contract_id, version=version_of(if_match) if if_match is not None else None)


def _said(data: ContractIn) -> Said:
    given: dict[str, Any] = {one.name: _value(one.kind, getattr(data, one.name)) for one in FIELDS}
    return Said(
        {name: value for name, value in given.items() if value is not None},
        supplier=data.supplier,
        extensions=tuple(_extension(one) for one in data.extensions),
        covers=frozenset(data.covers),
        is_draft=data.is_draft,
        notice_given_on=data.notice_given_on,
        ceased_on=data.ceased_on,
        officer_person=data.officer_person,
        deputy_person=data.deputy_person,
    )


def _value(kind: Kind, value: Any) -> Any:
    if value is None or kind not in values.JSON_KINDS:
        return value
    plain = msgspec.to_builtins(value)
    if kind is Kind.NOTICE:
        return plain[0] if len(plain) == 1 else plain or None
    return plain


def _extension(one: ExtensionJson) -> Extension:
    length = msgspec.to_builtins(one.length) if one.length else None
    return Extension(length, one.to_day, one.is_taken, one.decided_on, one.decided_by, one.minute)


def _answer(contract: ContractView, *, status: int = 200) -> Response[ContractOut]:
    headers = etag(contract.version) if contract.is_ours else {}
    return Response(_out(contract), status_code=status, headers=headers)


def _out(contract: ContractView) -> ContractOut:
    said = contract.said
    notice = said.values["notice"]
    shown = {**said.values, "notice": notice if isinstance(notice, list) else [notice] if notice else None}
    found: dict[str, Any] = {name: value for name, value in shown.items() if value is not None}
    found |= said.beside | {"title": contract.title, "extensions": list(said.extensions), "covers": list(said.covers)}
    found |= {"id": contract.id, "school": contract.school, "standing": contract.standing.value, "version": contract.version}
    found |= {"dates": _dates(contract), "questions": _asked(contract)}
    return msgspec.convert(found, ContractOut, from_attributes=True)


def _asked(contract: ContractView) -> list[QuestionOut]:
    asked = contract.said.questions if contract.is_ours else ()
    return [QuestionOut(field=one.name, code=one.code, sentence=one.sentence) for one in asked]


def _dates(contract: ContractView) -> DatesOut | None:
    outlook = contract.outlook
    if outlook is None:
        return None
    days = {name: getattr(outlook, name) for name in DatesOut.__struct_fields__[:-2]}
    why = {**contract.planned.get("why", {})} if outlook.problem is None else {}
    return DatesOut(**days, why=why, problem=contract.problem)


def _line(one: Line) -> LineOut:
    return msgspec.convert(one, LineOut, from_attributes=True)


api = Router(
    path="/api/v1",
    route_handlers=[list_contracts, add_contract, get_contract, change_contract, withdraw_contract],
    tags=["Contracts"],
)
