"""Exceptions and commitments on screen and as files, for one school or a trust's; and the rules of buying that they ask."""

import io
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Final

from litestar import Response, Router, get, post
from litestar.params import QueryParameter
from litestar.response import Redirect, Template

from base import clock
from base.refusals import Conflict, Invalid, Refusal
from base.spreadsheets.writing import Cell, Csv
from base.viewer import Role, Viewer, must_keep_contracts
from contracts.events import Event
from contracts.exceptions import exceptions
from contracts.exceptions.commitments import Commitment
from contracts.exceptions.rules import WORDS, Finding
from contracts.exceptions.scheme import MOST_BANDS, Band, Scheme
from contracts.fields import pounds
from web.pages import forms
from web.pages.forms import Form
from web.pages.handlers import AnyRequest, CurrentViewer
from web.pages.templating import page, redirect

TRUST: Final = "trust"
LONGEST_VERSION: Final = 9  # digits
Of = Annotated[str, QueryParameter(max_length=10)]
HEADINGS: Final = ("Rule", "School", "Contract", "Supplier", "What was found")
COMMITMENT_HEADINGS: Final = (
    "School", "Contract", "Supplier", "Bound until", "Within one year", "One to five years", "Later", "In all", "Not known",
)  # fmt: skip


@get("/contracts/exceptions", include_in_schema=False)
async def show_exceptions(request: AnyRequest, viewer: CurrentViewer, of: Of = "") -> Template:
    """``of=trust``: of all schools that a trust lead looks after."""
    asked, found = await exceptions.exceptions(viewer, of_trust=of == TRUST)
    context: dict[str, Any] = {
        "by_rule": _by_rule(found), "many": len(found), "contracts": len(asked.rows), "schools": asked.schools,
        "scheme": asked.scheme, "of_trust": of == TRUST, "leads": viewer.role is Role.TRUST_LEAD,
        "suffix": "?of=trust" if of == TRUST else "",
    }  # fmt: skip
    return page("exceptions/exceptions.html", request=request, viewer=viewer, **context)


@get("/contracts/exceptions.csv", include_in_schema=False)
async def take_exceptions(viewer: CurrentViewer, of: Of = "") -> Response[bytes]:
    _, found = await exceptions.exceptions(viewer, of_trust=of == TRUST)
    rows = ((one.words, one.school, one.title, one.supplier_name, one.sentence) for one in found)
    return _csv("exceptions.csv", HEADINGS, rows)


@get("/contracts/commitments.csv", include_in_schema=False)
async def take_commitments(request: AnyRequest, viewer: CurrentViewer, of: Of = "") -> Response[bytes]:
    """As they stand at the end of the day in ``on``, or today."""
    values = Form({name: (value,) for name, value in request.query_params.items()})
    on = values.day("on") or clock.today()
    found = await exceptions.commitments_of(viewer, on, of_trust=of == TRUST)
    rows = (
        (one.school, one.title, one.supplier_name, one.until, *_sums(one), one.problem)
        for one in found
    )  # fmt: skip
    return _csv(f"commitments-{on.isoformat()}.csv", COMMITMENT_HEADINGS, rows)


@get("/contracts/buying-rules", include_in_schema=False)
async def ask_rules(request: AnyRequest, viewer: CurrentViewer) -> Template:
    must_keep_contracts(viewer)
    scheme, version = await exceptions.scheme_of(viewer)
    return _form(request, viewer, {**_typed(scheme), "version": str(version)})


@post("/contracts/buying-rules", include_in_schema=False, leaves=(Event.BUYING_RULES_SAVED,))
async def save_rules(request: AnyRequest, viewer: CurrentViewer) -> Template | Redirect:
    must_keep_contracts(viewer)
    form = await forms.read(request)
    try:
        await exceptions.save_scheme(viewer, _read(form), version=_version(form))
    except (Invalid, Conflict) as refusal:
        return _form(request, viewer, form, refusal)
    return redirect("/contracts/exceptions", done="The rules are saved.")


def _sums(one: Commitment) -> tuple[str, ...]:
    sums = (one.within_one, one.one_to_five, one.later, one.total)
    return tuple("" if one.problem else _pounds(each) for each in sums)


def _by_rule(found: Iterable[Finding]) -> list[tuple[str, list[Finding]]]:
    each: dict[str, list[Finding]] = {}
    for one in found:
        each.setdefault(WORDS[one.rule], []).append(one)
    return list(each.items())


def _version(form: Form) -> int:
    typed = form.text("version")
    if not typed.isdecimal() or len(typed) > LONGEST_VERSION:
        raise Invalid("The rules were not saved. Read the page again, then change what is wrong.")
    return int(typed)


def _read(form: Form) -> Scheme:
    """Raises Invalid that names each wrong field."""
    problems: dict[str, str] = {}
    bands = []
    for n in range(MOST_BANDS):
        value, quotes = _pence(form, f"from-{n}", problems), form.text(f"quotes-{n}").strip()
        if value is None and not quotes:
            continue
        if value is None or not quotes.isdecimal() or len(quotes) > 3:
            problems.setdefault(f"quotes-{n}", "Enter both a value and how many quotes it needs.")
        else:
            bands.append(Band(value, int(quotes)))
    approval, supplier = _pence(form, "approval", problems), _pence(form, "supplier", problems)
    if problems:
        raise Invalid("The rules were not saved.", **problems)
    return Scheme(tuple(bands), approval, supplier)


def _pence(form: Form, name: str, problems: dict[str, str]) -> int | None:
    try:
        return pounds.pence(form.text(name))
    except pounds.NoAmount as sentence:
        problems[name] = str(sentence)
        return None


def _typed(scheme: Scheme) -> dict[str, str]:
    found = {"approval": scheme.approval_pence, "supplier": scheme.supplier_pence}
    shown = {name: pounds.typed(value) for name, value in found.items() if value is not None}
    for n, band in enumerate(scheme.bands):
        shown |= {f"from-{n}": pounds.typed(band.from_pence), f"quotes-{n}": str(band.quotes)}
    return shown


def _form(request: AnyRequest, viewer: Viewer, values: Any, refusal: Refusal | None = None) -> Template:
    context = {"values": values, "bands": range(MOST_BANDS)}
    return page("exceptions/rules.html", request=request, viewer=viewer, refusal=refusal, **context)


def _csv(name: str, headings: Iterable[str], rows: Iterable[Iterable[Cell | date]]) -> Response[bytes]:
    file = io.BytesIO()
    table = Csv(file)
    table.add(tuple(headings))
    for row in rows:
        table.add(tuple(cell.isoformat() if isinstance(cell, date) else cell for cell in row))
    table.close()
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(file.getvalue(), media_type="text/csv", headers=headers)


def _pounds(pence: int) -> str:
    return f"{pence // 100}.{pence % 100:02}"


pages = Router(path="/", route_handlers=[show_exceptions, take_exceptions, take_commitments, ask_rules, save_rules])
