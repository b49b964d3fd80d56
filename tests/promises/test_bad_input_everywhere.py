"""Every route, form, field and query of the application, and what nobody should send: a sentence, and nothing written."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from itertools import cycle, repeat
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from base import cursor
from tests.conftest import Template
from tests.given.acts import ACTS, Act
from tests.given.builders import signed_in, stranger
from tests.given.examples import examples, fewer_on_postgres, whole_on_sqlite
from tests.given.routes import Route, changing, needed, path_of, read, reading, send
from tests.given.town import Town, rows_of_everything, town_of

CASES: Final = [(route, act) for route in changing() for act in ACTS.get(route.key, ())]
FORMS: Final = [(route, ACTS[route.key][0]) for route in changing() if route.key in ACTS and ACTS[route.key][0].form]
BODIES: Final = [(route, ACTS[route.key][0]) for route in changing() if route.key in ACTS and ACTS[route.key][0].json]

# One text at a time is too long, and every seventh has one of these, by turns: one function refuses all three for all forms.
TOO_LONG: Final = "x" * 10_001
UNREADABLE: Final = ("a\x00b", "a\x07\x1b[31mb", "a\ud800b")
ODD_TEXTS: Final = ("²①٣\u202e👩🏽‍🏫", "9" * 30)
BAD_QUERIES: Final = (
    "x", "-1", "1e400", "nan", "²", "9" * 30, "é" * 150, "%", "' OR 1=1 --", "x" * 700, "a\nb", "\x07", "\x00", "\ufffd",
    cursor.encode(None), cursor.encode(2**63 - 1), cursor.encode(None, None), cursor.encode(1.5, "x"), cursor.encode("x", "x"),
    cursor.encode("2026-13-45T99:99:99", "x"), cursor.encode(-(2**63) + 1, -1), cursor.encode("x", "x", "x"),
    cursor.encode(1e308, "00000000-0000-0000-0000-000000000000"),
)  # fmt: skip


def spoilt(fields: Any, bad: Iterator[str]) -> Iterator[Any]:
    """The same fields, one text after the other replaced by the next bad one."""
    if isinstance(fields, Mapping):
        for name, value in fields.items():
            yield from ({**fields, name: other} for other in spoilt(value, bad))
    elif isinstance(fields, list):
        for place, value in enumerate(fields):
            yield from ([*fields[:place], other, *fields[place + 1 :]] for other in spoilt(value, bad))
    elif isinstance(fields, str):
        yield next(bad)


@pytest.mark.one_engine
async def test_no_text_field_of_a_form_takes_what_nobody_can_read_or_keep(town: Town) -> None:
    before, failed = await rows_of_everything(), []
    too_long, unreadable = (
        [(case, form) for case in FORMS for form in spoilt(town.filled(case[1].form), bad)]
        for bad in (repeat(TOO_LONG), cycle(UNREADABLE))
    )
    for (route, act), form in [*too_long, *unreadable[::7]]:  # no multiple of three
        status = (await send_form(town, route, act, form)).status_code
        if not 400 <= status < 500:
            failed.append(f"{route.key} {form}: {status}"[:300])
    assert failed == []
    assert await rows_of_everything() == before


@pytest.mark.one_engine
async def test_no_text_of_a_json_body_takes_it_either(town: Town) -> None:
    before, failed = await rows_of_everything(), []
    ways = (repeat(TOO_LONG), cycle(UNREADABLE))
    bodies = ((case, body) for bad in ways for case in BODIES for body in spoilt(town.filled(case[1].json), bad))
    for (route, act), body in bodies:
        status = (await send_json(town, route, act, json.dumps(body).encode())).status_code
        if not 400 <= status < 500:
            failed.append(f"{route.key} {body}: {status}"[:300])
    assert failed == []
    assert await rows_of_everything() == before


async def test_text_that_is_only_odd_breaks_nothing(town: Town) -> None:
    """It may well be kept, where a text is asked for."""
    failed, odd = [], cycle(ODD_TEXTS)
    for (route, act), body in whole_on_sqlite(
        (case, body) for case in (*FORMS, *BODIES) for body in spoilt(town.filled(case[1].form or case[1].json), odd)
    ):
        if act.form:
            answer = await send_form(town, route, act, body)
        else:
            answer = await send_json(town, route, act, json.dumps(body).encode())
        if answer.status_code >= 500:
            failed.append(f"{route.key} {body}: {answer.status_code}"[:300])
    assert failed == []


async def send_form(town: Town, route: Route, act: Act, form: Mapping[str, str]) -> httpx.Response:
    """As a fresh session where the town's own has been signed out, or its address or password changed."""
    sent = Act(ids=act.ids, headers={"Content-Type": "application/x-www-form-urlencoded"})
    body = urlencode(form, errors="surrogatepass").encode()
    async with town.browser(act.who) as browser:
        answer = await send(browser, route, sent, town, content=body)
    if not act.who or not answer.headers.get("location", "").startswith("/sign-in"):
        return answer
    async with signed_in(town.viewers[act.who]) as browser:
        return await send(browser, route, sent, town, content=body)


async def send_json(town: Town, route: Route, act: Act, body: bytes, media_type: str = "application/json") -> httpx.Response:
    async with town.program(town.keys["ann"]) as program:
        sent = Act(ids=act.ids, headers={**act.headers, "Content-Type": media_type})
        return await send(program, route, sent, town, content=body)


NOT_JSON: Final = {
    "nothing": b"",
    "no JSON": b"{'a': 1}",
    "half of it": b'{"name": "Elm',
    "null": b"null",
    "a list": b"[]",
    "a number": b"1",
    "deep lists": b"[" * 100_000,
    "deep objects": b'{"a":' * 100_000,
    "deep where a text belongs": b'{"name":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    "invalid UTF-8": b'{"name": "\xff\xfe"}',
    "half a surrogate": b'{"name": "\\ud83d", "body": "\\ud83d", "praise": "\\ud83d"}',
    "a number without end": b'{"rating": ' + b"9" * 5_000 + b"}",
    "a number too large": b'{"rating": 1e999, "miles": 1e999}',
    "not a number": b'{"rating": NaN}',
    "unknown fields": b'{"is_operator": true, "school": "x", "owner": null}',
    "another encoding": '{"name": "Elm"}'.encode("utf-16"),
    "a byte order mark": b'\xef\xbb\xbf{"name": 1}',
    "a form": b"name=Elm&rating=5",
}


@pytest.mark.one_engine
async def test_what_is_not_the_json_that_was_asked_for_gets_a_sentence_everywhere(town: Town) -> None:
    before, failed = await rows_of_everything(), []
    for route, act in BODIES:
        for name, body in NOT_JSON.items():
            answer = await send_json(town, route, act, body, "text/plain" if name == "a form" else "application/json")
            if not (400 <= answer.status_code < 500 and answer.json()["detail"].endswith(".")):
                failed.append(f"{route.key}, {name}: {answer.status_code}")
    assert failed == []
    assert await rows_of_everything() == before


async def test_no_query_breaks_a_page_or_an_endpoint(town: Town) -> None:
    before, failed = await rows_of_everything(), []
    async with town.browser("ann") as browser:
        asked = [(route, name, bad) for route in reading() for name in route.queries for bad in BAD_QUERIES]
        for route, name, bad in whole_on_sqlite(asked[::3]):  # each name gets others: there are no multiple of three
            path = path_of(route, town, {}, name="privacy", path="openapi.json")
            answer = await browser.get(f"{path}?{needed(route, town, but=name)}&{name}={quote(bad, safe='')}")
            if answer.status_code >= 500:
                failed.append(f"{path}?{name}={bad[:40]!a}: {answer.status_code}")
    assert failed == []
    assert await rows_of_everything() == before


@pytest.mark.one_engine
async def test_head_answers_every_page_as_get_does_without_a_body(town: Town) -> None:
    """Every twelfth: the layer that answers HEAD stands around all routes and knows none of them."""
    async with town.browser("ann") as browser:
        for route in reading()[::12]:
            got = await read(browser, route, town)
            head = await browser.head(str(got.url))
            assert (head.status_code, head.content) == (got.status_code, b""), route.key
            assert head.headers["content-type"] == got.headers["content-type"], route.key


async def test_every_page_answers_whatever_is_accepted(town: Town) -> None:
    async with town.browser("ann") as browser:
        for accept in (b"image/png", b"*/*;q=0", b"", b";;;", b"text/html;q=\xe9", b"x" * 5_000):
            for path in ("/", "/suppliers", "/api/v1/networks", "/nowhere", "/static/nothing.css"):
                assert (await browser.get(path, headers={b"Accept": accept})).status_code in (200, 404), (accept, path)


async def test_whatever_is_sent_twice_at_once_is_never_a_failure(template: Template, tmp_path: Path) -> None:
    """One of the two is answered as usual; the other gets the same, or a sentence."""
    failed = []
    async with town_of(template, tmp_path) as town:
        for route, act in whole_on_sqlite(CASES, start=1):
            async with signed_in(town.viewers[act.who]) if act.who else stranger() as browser:
                answers = await asyncio.gather(*(send(browser, route, act, town) for _ in range(2)))
            failed += [f"{route.key}: {a.status_code}" for a in answers if a.status_code >= 500 and a.status_code != 503]
    assert failed == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40) | st.sampled_from(["school", "near", "good"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@settings(
    max_examples=fewer_on_postgres(examples(25)),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # forty requests an example: to shrink one takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
async def test_no_endpoint_fails_for_a_body_that_is_nearly_right(town: Town, data: st.DataObject) -> None:
    for route, act in BODIES:
        body = {**town.filled(act.json)}
        body[data.draw(st.sampled_from(sorted(body)))] = data.draw(JSON)
        answer = await send_json(town, route, act, json.dumps(body).encode())
        assert answer.status_code < 500, f"{route.key} {body}"


@pytest.mark.pure
def test_the_sweeps_reach_most_routes() -> None:
    assert len(FORMS) > 15
    assert len(BODIES) >= 10
    assert sum(len(route.queries) for route in reading()) > 15
