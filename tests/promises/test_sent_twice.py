"""What is sent twice is done once: every request that sends something, found by itself, one after the other and both at once.

A person presses twice, or the line breaks and the browser sends again; a program gets no answer and sends again.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Final
from uuid import uuid4

import httpx
import pytest

from tests.conftest import Template
from tests.given.acts import ACTS, Act
from tests.given.letters import letters_are_sent
from tests.given.routes import Route, changing, send, shown
from tests.given.town import Town, counted_rows, town_of

DONE: Final = frozenset({200, 201, 204, 303})
CASES: Final = [(route, act) for route in changing() if route.method == "POST" for act in ACTS.get(route.key, ())]

# What is done as often as it is sent, each with the reason.
TAKEN: Final = "each time that something is taken away is an entry of its own: two files left"
AS_OFTEN_AS_SENT: Final[Mapping[str, str]] = {
    "POST /api/v1/contracts/{contract_id}/pack": TAKEN,
    "POST /api/v1/own-records/copy": TAKEN,
    "POST /api/v1/trail/pack": TAKEN,
    "POST /contracts/{contract_id}/pack": TAKEN,
    "POST /foi/new": TAKEN,
    "POST /our-records/copy": TAKEN,
    "POST /people/{person}/data": TAKEN,
    "POST /trail/download": TAKEN,
    "POST /trail/packs": TAKEN,
}


ONE_PASSWORD: Final = "both say the same password, which is checked before: the second entry says that it was said again"
AT_ONCE_TOO: Final[Mapping[str, str]] = {"POST /account/password": ONE_PASSWORD}


def numbered(route: Route, act: Act) -> Act:
    """As its page would send it, with the number that was drawn with it; as a program that may have to send it again."""
    if route.is_api:
        return replace(act, headers={**act.headers, "Idempotency-Key": f'"{uuid4()}"'})
    return replace(act, form={**(act.form or {}), "vouch-once": uuid4().hex})


async def sent(town: Town, route: Route, act: Act) -> httpx.Response:
    async with town.browser(act.who) as browser:
        return await send(browser, route, act, town)


async def sent_once(town: Town, route: Route, act: Act, *, together: bool) -> str:
    """What is wrong when it is sent twice; "" for nothing."""
    act = numbered(route, act)
    before = await counted_rows()
    if together:
        first, second = await asyncio.gather(sent(town, route, act), sent(town, route, act))
        if first.status_code not in DONE:
            first, second = second, first
    else:
        first, second = await sent(town, route, act), None
    if first.status_code not in DONE:
        return f"answered {first.status_code}"
    after = await counted_rows()
    if second is None:
        second = await sent(town, route, act)
        if more := await counted_rows() - after:
            return f"the second left {dict(more)}"
    elif (more := after - before)["audit_entry"] > len(act.leaves) + beside(more):
        return f"both left {dict(more)}, want {len(act.leaves)} entries"
    if is_claimed(route, act) and shown(first) != shown(second):
        return f"answered {shown(first)}, then {shown(second)}"
    return ""


def beside(more: Counter[str]) -> int:
    """Entries that depend on the town: with which a trail begins, and of whom a new supplier resembles, one each."""
    return more["audit_trail"] + max(more["suppliers_decision"] - 1, 0)


def is_claimed(route: Route, act: Act) -> bool:
    """What somebody changes who is signed in; of what goes on in the background the answer says how far it is by then."""
    return route.is_once and bool(act.who and act.leaves) and not route.path.endswith("/start")


@pytest.mark.parametrize("together", [False, True], ids=["one after the other", "both at once"])
async def test_what_is_sent_twice_is_done_once(template: Template, tmp_path: Path, together: bool) -> None:
    but = {**AS_OFTEN_AS_SENT, **(AT_ONCE_TOO if together else {})}
    waiting = [(route, act) for route, act in CASES if route.key not in but]
    while waiting:
        left = []
        async with town_of(template, tmp_path) as town:
            for route, act in waiting:
                with letters_are_sent() if act.sends_letters else nullcontext():
                    problem = await sent_once(town, route, replace(act, sends_letters=False), together=together)
                if problem:  # perhaps because of what was done in this town before
                    left.append((route, act, problem))
        assert len(left) < len(waiting), "\n".join(f"{route.key}: {problem}" for route, _, problem in left)
        waiting = [(route, act) for route, act, _ in left]
