"""Every route that can change something leaves in the trail exactly what it declares, and nothing when it is refused."""

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from importlib import import_module
from pathlib import Path

import pytest
from piccolo.query.functions import Count

import audit
import database
from audit.tables import Entry
from sharing.joining import joining
from tests.conftest import Template
from tests.given.acts import ACTS, Act
from tests.given.builders import PASSWORD, a_school, signed_in, stranger, token_in
from tests.given.checkout import ROOT
from tests.given.examples import whole_on_sqlite
from tests.given.plain_words import unplain_sentences
from tests.given.routes import Route, changing, routes, send
from tests.given.town import Town, rows_of_everything, town_of
from tests.given.written_from_code import is_pinned
from vouch.wiring import SENTENCES

DONE = frozenset({200, 201, 204, 303})
NOBODY = "00000000-0000-4000-8000-000000000000"

CASES = [(route, act) for route in changing() for act in ACTS.get(route.key, ())]

# Left only while nobody has an account yet: test_the_first_person_… in this file.
ONLY_AT_FIRST = {"POST /join/{token}": {"operator.appointed"}}


async def recorded() -> Counter[tuple[str, str]]:
    """How often each event stands in each trail, beside the one that every trail begins with, whatever comes first in it."""
    async with database.read():
        rows = (
            await Entry.select(Entry.trail, Entry.type, Count())
            .where(Entry.type != "trail.begun")
            .group_by(Entry.trail, Entry.type)
        )
    return Counter({(row["trail"], row["type"]): row["count"] for row in rows})


@pytest.mark.pure
@pytest.mark.parametrize("route", changing(), ids=lambda route: route.key)
def test_every_route_that_can_change_something_says_what_it_leaves_and_has_a_request_here(route: Route) -> None:
    assert route.leaves is not None, f"{route.key} must say leaves=(Event.…,), or leaves=() if it changes nothing"
    assert route.key in ACTS, f"add requests for {route.key} to ACTS in tests/given/acts.py"
    shown = {event for act in ACTS[route.key] for event in act.leaves} | ONLY_AT_FIRST.get(route.key, set())
    assert shown == set(route.leaves), f"{route.key} declares {sorted(route.leaves)}, its requests leave {sorted(shown)}"


@pytest.mark.pure
def test_every_request_here_is_of_a_route_that_there_is() -> None:
    assert ACTS.keys() <= {route.key for route in routes()}


async def test_a_change_leaves_exactly_the_events_that_its_route_declares(template: Template, tmp_path: Path) -> None:
    """As many requests in one town as get along with each other; each has to work at the latest in a fresh one.

    What is in the trails by then is told on their pages as a person says it.
    """
    waiting = whole_on_sqlite(CASES)
    while waiting:
        async with town_of(template, tmp_path) as town:
            problems = [await problem_with(town, route, act) for route, act in waiting]
            assert await unplain_sentences() == set()
        assert problems[0] == "", f"{waiting[0][0].key}: {problems[0]}"
        waiting = [case for case, problem in zip(waiting, problems, strict=True) if problem]


async def problem_with(town: Town, route: Route, act: Act) -> str:
    before = await recorded()
    async with signed_in(town.viewers[act.who]) if act.who else stranger() as browser:
        answer = await send(browser, route, act, town)
    if answer.status_code not in DONE:
        return f"{answer.status_code} {answer.text}"
    left = await recorded() - before
    if Counter(event for _, event in left.elements()) != Counter(act.leaves):
        return f"left {dict(left)}, want {act.leaves}"
    return (
        ""
        if {trail for trail, _ in left} <= {*(town.ids[name] for name in act.trail.split()), audit.OPERATOR}
        else f"left {dict(left)}"
    )


async def test_the_first_person_of_all_joins_and_is_appointed(db: object) -> None:
    school, link = await a_school(), await joining.first_link()
    assert link is not None
    before = await recorded()
    form = {"school": str(school.id), "role": "head", "name": "Fay Field", "email": "fay@school.example", "password": PASSWORD}
    async with stranger() as browser:
        assert (await browser.post(f"/join/{token_in(link)}", data=form)).status_code == 303
    left = await recorded() - before
    assert left == Counter([(str(school.id), "person.joined"), (audit.OPERATOR, "operator.appointed")])


@pytest.mark.one_engine
async def test_what_a_stranger_asks_for_changes_nothing(town: Town) -> None:
    before = await rows_of_everything()
    async with town.browser("") as browser:
        for route, act in CASES:
            if not route.is_public:
                answer = await send(browser, route, act, town)
                assert answer.status_code == (401 if route.is_api else 303), route.key
                assert route.is_api or answer.headers["location"].startswith("/sign-in"), route.key
    assert await rows_of_everything() == before


@pytest.mark.one_engine
@pytest.mark.parametrize("who", ["gus", "lea"])  # a governor, and a trust lead at the trust
async def test_what_somebody_asks_for_who_only_reads_changes_nothing(town: Town, who: str) -> None:
    before = await rows_of_everything()
    async with town.browser(who) as browser:
        for route, act in CASES:
            if not act.governors_too and not (who == "lea" and act.trust_leads_too) and not route.is_public:
                answer = await send(browser, route, act, town)
                assert answer.status_code in (403, 404), f"{route.key}: {answer.status_code}"
    assert await rows_of_everything() == before


@pytest.mark.one_engine
async def test_a_body_that_makes_no_sense_changes_nothing(town: Town) -> None:
    before = await rows_of_everything()
    nonsense = {"nonsense": "x"}
    for route, act in CASES:
        if act.form or act.json:
            sent = Act(who=act.who, ids=act.ids, form=act.form and nonsense, json=act.json and nonsense, headers=act.headers)
            async with town.browser(act.who) as browser:
                answer = await send(browser, route, sent, town)
            assert answer.status_code in (400, 404, 422), f"{route.key}: {answer.status_code}"
    assert await rows_of_everything() == before


@pytest.mark.one_engine
async def test_what_another_site_asks_for_changes_nothing(town: Town) -> None:
    before = await rows_of_everything()
    async with town.browser("ann") as browser:
        browser.headers.update({"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"})
        for route, act in CASES:
            assert (await send(browser, route, act, town)).status_code == 403, route.key
    assert await rows_of_everything() == before


async def test_what_is_not_there_is_not_found_and_changes_nothing(town: Town) -> None:
    before = await rows_of_everything()
    for route, act in CASES:
        if route.names:
            async with town.browser(act.who) as browser:
                answer = await send(browser, route, act, town, content=None, **dict.fromkeys(route.names, NOBODY))
            assert answer.status_code == 404, f"{route.key}: {answer.status_code}"
    assert await rows_of_everything() == before


def events() -> Iterator[tuple[str, StrEnum]]:
    """Every event of every slice, in the order of the source."""
    for path in sorted(path for path in ROOT.glob("[a-z]*/**/events.py") if (path.parent / "__init__.py").is_file()):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        yield from ((name.removesuffix(".events"), event) for event in import_module(name).Event)


@pytest.mark.pure
def test_every_event_has_a_sentence_of_its_own() -> None:
    told = [SENTENCES[event] for _, event in events()]
    assert len(set(told)) == len(told)


@pytest.mark.pure
def test_every_event_is_named_once() -> None:
    names = [event.value for _, event in events()]
    assert len(set(names)) == len(names)


@pytest.mark.pure
def test_the_reference_lists_every_event() -> None:
    lines = [
        "# Events of the audit trail",
        "",
        "Every change leaves one or more of these in a trail. The names are stored and sealed: none is ever changed or reused.",
        "What an entry holds beside its name is in [the trail's format](trail-format.md).",
        "",
        "| event | on screen | recorded by |",
        "|---|---|---|",
        *(f"| `{event.value}` | {SENTENCES[event]} | `{slice_name}` |" for slice_name, event in events()),
    ]
    assert is_pinned("docs/reference/events.md", "\n".join(lines) + "\n")
