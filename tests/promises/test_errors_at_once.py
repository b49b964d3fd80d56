"""A form in which several answers are wrong says so of all of them at once: every form of the application, found by itself."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

import pytest

from tests.given.acts import ACTS, Act
from tests.given.builders import signed_in, stranger
from tests.given.routes import Route, changing, send
from tests.given.town import Town

FORMS: Final = [(route, act) for route in changing() for act in ACTS.get(route.key, ()) if act.form]
TOO_LONG: Final = "x" * 10_001
BOXES: Final = ("-day", "-month", "-year")

# Answers on which it depends what else is asked, or that an earlier page asked for: they stay as they are.
DECIDES: Final[Mapping[str, frozenset[str]]] = {
    "POST /auditors": frozenset({"scope", "streams"}),  # which streams there are only the trail knows
    "POST /auditors/{grant}/agree": frozenset({"posted"}),
    "POST /calendar/change": frozenset({"nation", "only"}),  # always chosen
    "POST /contracts/new": frozenset({"same_as", "supplier_name"}),
    "POST /contracts/{contract_id}/extensions": frozenset({"extensions-0-n", "extensions-0-unit"}),  # one question of two boxes
    "POST /contracts/{contract_id}/promises/new": frozenset({"kind"}),
    "POST /contracts/{contract_id}/questions/{question}": frozenset({"same_as"}),
    "POST /contracts/{contract_id}/rating": frozenset({"rating"}),
    "POST /contracts/{contract_id}/reviews/new": frozenset({"due_1"}),  # an action of which nothing is said is none
    "POST /contracts/{contract_id}/share": frozenset({"with", "school", "same_as"}),
    "POST /directory/compare": frozenset({"answer", "link"}),
    "POST /erasures": frozenset({"person", "text"}),
    "POST /notes/{item_id}/share": frozenset({"with"}),
    "POST /people/break-glass": frozenset({"posted"}),
    "POST /people/new-heads": frozenset({"ground", "posted"}),
    "POST /reviews/{item_id}/share": frozenset({"with"}),
    "POST /suppliers/compare": frozenset({"answer"}),
    "POST /trail/packs": frozenset({"what", "streams"}),
}


@pytest.mark.one_engine
@pytest.mark.parametrize("spoil", ["mistyped", "left out"])
async def test_what_is_wrong_by_itself_is_said_with_all_that_is_wrong_too(town: Town, spoil: str) -> None:
    failed = []
    for route, act in FORMS:
        form = town.filled(act.form)
        said = {}
        left = DECIDES.get(route.key, frozenset())
        for question in sorted({question_of(name) for name in form} - left):
            if found := await refused(town, route, act, spoilt(form, {question}, spoil)):
                said[question] = found
        together = await refused(town, route, act, spoilt(form, set(said), spoil)) if len(said) > 1 else None
        if together is not None and (missing := set().union(*said.values()) - together):
            failed.append(f"{route.key}: {', '.join(sorted(missing))}")
    assert not failed, "\n".join(failed)


def question_of(name: str) -> str:
    """A day is one question with three boxes; what names a row ends in its id."""
    box = next((box for box in BOXES if name.endswith(box)), "")
    return re.sub(r"-[0-9a-f]{8}-[0-9a-f-]{27}$", "", name.removesuffix(box))


def spoilt(form: Mapping[str, str], questions: set[str], spoil: str) -> dict[str, str]:
    """The same answers; to these questions none, or one that is too long for any. Of a day one box is wrong."""
    if spoil == "left out":
        return {name: value for name, value in form.items() if question_of(name) not in questions}
    wrong = {name for name in form if question_of(name) in questions and not name.endswith(BOXES[1:])}
    return {**form, **dict.fromkeys(wrong, TOO_LONG)}


async def refused(town: Town, route: Route, act: Act, form: Mapping[str, str]) -> set[str]:
    """The questions at which the page that comes back says that something is wrong; none where it was saved."""
    sent = Act(ids=act.ids, headers={"Content-Type": "application/x-www-form-urlencoded"})
    async with signed_in(town.viewers[act.who]) if act.who else stranger() as browser:
        answer = await send(browser, route, sent, town, content=urlencode(form, doseq=True).encode())
    summary = answer.text.partition("govuk-error-summary__list")[2].partition("</ul>")[0]
    return set(re.findall(r'href="#([^"]+)"', summary)) if answer.status_code == 422 else set()
