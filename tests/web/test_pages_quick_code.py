"""Templates compiled to our Python draw what they draw compiled to Jinja's own."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Template
from jinja2.compiler import CodeGenerator
from jinja2.runtime import Context
from markupsafe import Markup, escape

from base.viewer import Role
from web.pages.quick_code import written
from web.pages.templating import Missing, Templates

pytestmark = pytest.mark.pure

CALLS = """{% macro inner(a, b=2, caller=none) %}<i>{{ a }}{{ b }}{{ caller() if caller else "" }}</i>{% endmacro %}
{%- macro outer(x) %}{{ inner(x) }}{{ inner(b=x, a=1) }}{{ inner(x) | upper }}{{ varargs }}{{ kwargs }}{% endmacro %}
{%- for one in many %}{{ outer(one, 3, d=4) }}{% call inner(one) %}{{ one }}{{ loop.index }}{% endcall %}
{%- set kept %}{{ one }}{% endset %}{{ kept }}{{ "a" ~ one }}{{ one | safe }}{{ one.missing is defined }}{% endfor %}
{%- autoescape false %}{{ many }}{% endautoescape %}{{ "%s" | format("<") }}{{ [1, "<"] }}"""

texts = st.text("a\"'<&>\n", max_size=12)
numbers = st.integers() | st.floats(allow_nan=False) | st.booleans()
values = st.none() | numbers | texts | texts.map(Markup) | st.sampled_from(Role) | st.lists(texts, max_size=2)


class Plain(Templates):
    code_generator_class = CodeGenerator  # type: ignore[assignment]
    context_class = Context  # type: ignore[assignment]


def compiled(environment: type[Templates], source: str) -> Template:
    return environment(autoescape=True, undefined=Missing).from_string(source)


OURS, JINJAS = compiled(Templates, CALLS), compiled(Plain, CALLS)


@given(value=values | st.just(Missing(obj={}, name="absent")))
def test_what_is_written_is_escaped(value: Any) -> None:
    assert written(value) == escape(value)


def test_a_name_that_is_not_there_is_an_error_when_it_is_written() -> None:
    with pytest.raises(Exception, match="'absent' is undefined"):
        compiled(Templates, "{{ absent }}").render()


@given(many=st.lists(values, max_size=3))
def test_macros_loops_and_blocks(many: list[Any]) -> None:
    assert OURS.render(many=many) == JINJAS.render(many=many)


def test_a_macro_refuses_what_it_does_not_take() -> None:
    with pytest.raises(TypeError, match="takes no keyword argument 'z'"):
        compiled(Templates, "{% macro m(a) %}{{ a }}{% endmacro %}{% for one in [1] %}{{ m(1, z=one) }}{% endfor %}").render()
