"""What stands in for Jinja's and GOV.UK's own gives the same text as they do, whatever it is given."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, PackageLoader, PrefixLoader
from jinja2.filters import do_indent
from markupsafe import Markup

from web.pages.quick_macros import govuk_attributes, indent
from web.pages.templating import Missing, Templates, plain_environment

pytestmark = pytest.mark.pure

ASKED = '{% from "govuk_frontend_jinja/macros/attributes.html" import govukAttributes %}{{ govukAttributes(given) }}'
THEIRS = Environment(
    loader=PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}), autoescape=True, undefined=Missing
).from_string(ASKED)
OURS = plain_environment().from_string(ASKED)

texts = st.text('a"<&\n \r', max_size=12)
values = st.none() | st.booleans() | st.integers() | texts | texts.map(Markup) | st.just(Missing(obj={}, name="absent"))
options = st.fixed_dictionaries({}, optional={"value": values, "optional": values})
attributes = st.dictionaries(texts, values | options, max_size=4)


@given(text=texts | texts.map(Markup), width=st.integers(0, 6), first=st.booleans(), blank=st.booleans())
def test_indenting(text: str, width: int, first: bool, blank: bool) -> None:
    made, expected = indent(text, width, first, blank), do_indent(text, width, first, blank)
    assert (made, type(made)) == (expected, type(expected))


@given(given=attributes | texts | texts.map(Markup) | st.none() | st.just(Missing(obj={}, name="absent")))
def test_attributes(given: Any) -> None:
    """But for the white space that theirs leaves before them."""
    assert OURS.render(given=given).lstrip() == THEIRS.render(given=given).lstrip()


def test_a_macro_of_the_package_asks_ours() -> None:
    asked: Any = plain_environment().get_template("govuk_frontend_jinja/macros/attributes.html").module
    assert asked.govukAttributes({"a": '"'}) == govuk_attributes({"a": '"'}) == ' a="&#34;"'


@pytest.mark.parametrize("name", ["there", "nothing", "keys", "absent", "_secret"])
@pytest.mark.parametrize("given", [{"there": 1, "nothing": None, "keys": 2}, {}, "text", [1], None])
def test_looking_into_what_a_macro_was_given(given: Any, name: str) -> None:
    plain = Environment(autoescape=True, undefined=Missing)
    made, expected = (which.from_string("{{ given." + name + " is defined }}") for which in (Templates(undefined=Missing), plain))
    assert made.render(given=given) == expected.render(given=given)
    if name != "keys":
        assert type(Templates(undefined=Missing).getattr(given, name)) is type(plain.getattr(given, name))
