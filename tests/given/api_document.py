"""The published description of the API as a judge: every request that the tests' client sends and every answer that it gets.

``tests/given/builders.py`` asks ``hold`` after each answer, so that no test has to think of it.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import httpx
from jsonschema import Draft202012Validator, FormatChecker

from tests.given.quick_schema import Fits, Quick

ROOT: Final = "/api/v1/"
# Refused by what stands around every address, before an operation is looked at: the description calls it "default".
BEFORE_ANY: Final = frozenset({400, 403, 404, 405, 413, 414, 421, 429, 431, 500, 503})
UNKNOWN: Final = frozenset({204, 401, 404, 405, 413, 414, 421, 431})  # of an address that is none; 204 answers OPTIONS
FORMATS: Final = FormatChecker(formats=())

READ: Final[Mapping[str, Callable[[str], object]]] = {
    "uuid": UUID,
    "date": date.fromisoformat,
    "date-time": datetime.fromisoformat,
}


def _is_one(value: object, *, read: Callable[[str], object]) -> bool:
    return not isinstance(value, str) or bool(read(value))


for name, read in READ.items():
    FORMATS.checks(name, raises=ValueError)(partial(_is_one, read=read))


class Untrue(AssertionError):
    """The description says something else than what happened."""


@cache
def document() -> Mapping[str, Any]:
    """As it is in the repository; tests/house/test_openapi.py holds that to what is served."""
    found: Mapping[str, Any] = json.loads(Path("docs/openapi.json").read_bytes())
    return found


async def hold(answer: httpx.Response) -> None:
    """Raises Untrue where request or answer is not what the description says. A hook of httpx."""
    request = answer.request
    if not request.url.path.startswith(ROOT) or request.url.path.endswith("/openapi.json"):
        return
    found = operation_of("GET" if request.method == "HEAD" else request.method, request.url.path)
    if found is None:
        _must(answer.status_code in UNKNOWN, f"{request.method} {request.url.path} is not described")
        return
    name, operation = found
    await answer.aread()
    if answer.is_success:
        _hold_request(name, operation, request, await request.aread())
    _hold_answer(name, operation, answer)


@cache
def operation_of(method: str, path: str) -> tuple[str, Mapping[str, Any]] | None:
    """Its name and description; of two addresses that fit, the one with fewer names in it."""
    fitting = [one for one in _addresses() if one[0].fullmatch(path)]
    for _, template, item in fitting:
        if operation := item.get(method.lower()):
            return f"{method} {template}", operation
    return None


@cache
def _addresses() -> tuple[tuple[re.Pattern[str], str, Mapping[str, Any]], ...]:
    paths = sorted(document()["paths"].items(), key=lambda one: (one[0].count("{"), one[0]))
    return tuple((re.compile(re.sub(r"\{\w+\}", "[0-9a-fA-F-]{32,36}", path)), path, item) for path, item in paths)


def _hold_request(name: str, operation: Mapping[str, Any], request: httpx.Request, body: bytes) -> None:
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "query" and parameter["name"] in request.url.params:
            is_list = parameter["schema"].get("type") == "array"
            value = request.url.params.get_list(parameter["name"]) if is_list else request.url.params[parameter["name"]]
            faults = [faults_of(parameter["schema"], one) for one in ([value] if isinstance(value, list) else _readings(value))]
            _must(not all(faults), f"{name} took {parameter['name']}={value!r}: {faults[0]}")
    described = operation.get("requestBody", {}).get("content", {})
    kind = request.headers.get("content-type", "").partition(";")[0]
    if body:
        _must(kind in described, f"{name} took a body of {kind or 'no type'}, which is not described")
        if kind == "application/json":
            _must_fit(name, described[kind]["schema"], json.loads(body), "took")


def _readings(value: str) -> list[object]:
    """A query says everything as text: what it may stand for."""
    found: list[object] = [value]
    if re.fullmatch(r"-?\d+(\.\d+)?", value):
        found.append(float(value) if "." in value else int(value))
    return [*found, value == "true"] if value in ("true", "false") else found


def _hold_answer(name: str, operation: Mapping[str, Any], answer: httpx.Response) -> None:
    told = operation["responses"].get(str(answer.status_code))
    if told is None:
        _must(answer.status_code in BEFORE_ANY, f"{name} answered {answer.status_code}, which is not described")
        told = operation["responses"]["default"]
    if "$ref" in told:
        told = document()["components"]["responses"][told["$ref"].rpartition("/")[2]]
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if not told.get("content") or answer.request.method == "HEAD":
        _must(not answer.content, f"{name} answered {answer.status_code} with a body, which is not described")
        return
    _must(kind in told["content"], f"{name} answered {answer.status_code} as {kind}, which is not described")
    if kind.endswith("json"):
        _must_fit(name, told["content"][kind]["schema"], answer.json(), f"answered {answer.status_code}")


def _must_fit(name: str, schema: Mapping[str, Any], value: object, verb: str) -> None:
    if faults := faults_of(schema, value):
        raise Untrue(f"{name} {verb} what its description forbids: {faults}")


def faults_of(schema: Mapping[str, Any], value: object) -> str:
    """What jsonschema finds wrong, "" for nothing: it isn't asked where that is certain, for it takes milliseconds."""
    return "" if _quickly(json.dumps(schema))(value) else faults_by_jsonschema(schema, value)


def faults_by_jsonschema(schema: Mapping[str, Any], value: object) -> str:
    found = _validator(json.dumps(schema)).iter_errors(value)
    return "; ".join(f"{error.json_path}: {error.message[:200]}" for error in found)


@cache
def _quickly(schema: str) -> Fits:
    return _quick().certainly_fits(json.loads(schema))


@cache
def _quick() -> Quick:
    return Quick(document()["components"]["schemas"], READ)


@cache
def _validator(schema: str) -> Draft202012Validator:
    """``schema``, in JSON, inside the whole description, so that what it names is found."""
    whole = {**json.loads(schema), "components": document()["components"]}
    return Draft202012Validator(whole, format_checker=FORMATS)


def _must(holds: bool, sentence: str) -> None:
    if not holds:
        raise Untrue(sentence)
