"""GOV.UK's components are drawn as the package draws them, the first time and every time after."""

from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Template
from markupsafe import Markup

from web.pages import components
from web.pages.templating import Missing, plain_environment

pytestmark = pytest.mark.pure

PAGES = plain_environment()
texts = st.sampled_from(["", "a", '<b>"', "1"])
scalars = st.none() | st.booleans() | st.integers(0, 1) | texts | texts.map(Markup) | st.just(Missing(obj={}, name="absent"))
words = st.fixed_dictionaries({"text": texts}, optional={"html": texts.map(Markup), "classes": texts})
items = st.lists(
    st.fixed_dictionaries({"text": texts}, optional={"value": scalars, "href": texts, "html": texts.map(Markup)}), max_size=2
)
params = st.fixed_dictionaries(
    {"name": texts, "idPrefix": texts, "label": words, "rows": st.just([])},
    optional={
        "id": texts,
        "text": texts,
        "value": scalars,
        "hint": words,
        "errorMessage": words,
        "items": items,
        "navigation": items,
        "next": words,
    },
)


@pytest.mark.parametrize("component", components.KEPT)
@given(given=params)
def test_a_component_is_what_the_package_makes_of_its_options(component: str, given: dict[str, Any]) -> None:
    expected = _drawn(components.AS_IT_IS, component, given)
    assert [_drawn(components.PACKAGE, component, given) for _ in range(2)] == [expected, expected]


def _drawn(package: str, component: str, given: dict[str, Any]) -> str:
    try:
        return _asking(package, component).render(given=given)
    except Exception as error:
        return repr(error)


@cache
def _asking(package: str, component: str) -> Template:
    macro = components.KEPT[component]
    return PAGES.from_string(f'{{% from "{package}/components/{component}/macro.html" import {macro} %}}{{{{ {macro}(given) }}}}')


def _counting() -> tuple[components.Drawn, list[Any]]:
    asked: list[Any] = []

    def macro(params: dict[str, Any]) -> Markup:
        asked.append(params)
        return Markup(repr(params))  # noqa: S704 - a test's own

    return components.Drawn(lambda _: macro), asked


def test_what_differs_by_a_type_alone_is_drawn_by_itself() -> None:
    drawn, asked = _counting()
    alike = [
        "1",
        Markup("1"),
        1,
        1.0,
        True,
        ["1"],
        ("1",),
        {"1": "1"},
        None,
        Missing(obj={}, name="a"),
        Missing(obj=[], name="a"),
    ]
    for value in alike * 2:
        drawn("select", {"given": value})
    assert len(asked) == len(alike)


@pytest.mark.parametrize(
    ("component", "typed"),
    [
        ("input", {"value": "typed"}),
        ("textarea", {"value": "typed"}),
        ("input", {"errorMessage": {"text": "“typed” is no day"}}),
        ("radios", {"items": [{"value": "a", "conditional": {"html": Markup("<input value=typed>")}}]}),
        ("select", {"value": "x" * (components.LONGEST_CHOICE + 1)}),
        ("checkboxes", {"values": ["x"] * components.LONGEST_CHOICE}),
    ],
)
def test_what_somebody_typed_is_not_kept(component: str, typed: dict[str, Any]) -> None:
    drawn, asked = _counting()
    for options in (typed, typed, {"value": ""}, {"value": ""}):
        drawn(component, options)
    assert len(asked) == 3


def test_neither_more_nor_longer_things_are_kept_than_there_is_room_for() -> None:
    drawn, asked = _counting()
    for n in [*range(components.MOST_KEPT), 0, components.MOST_KEPT, 0]:
        drawn("button", {"text": n})
    assert len(asked) == components.MOST_KEPT + 2
    long = {"text": "x" * components.LONGEST_KEPT}
    for _ in range(2):
        drawn("button", long)
    assert len(asked) == components.MOST_KEPT + 4
