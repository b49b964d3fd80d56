"""What GOV.UK's macros do dozens or hundreds of times a page, in Python: the same page in half the time.

tests/web/test_pages_quick_macros.py holds each to what it stands for, Jinja's own and the package's.
"""

from collections.abc import Mapping
from typing import Any, Final

from jinja2 import Undefined
from markupsafe import Markup, escape

# The package's macro of this name, of which a page with a form asks fifty times, with our filter for its body.
ATTRIBUTES: Final = "{% macro govukAttributes(attributes) %}{{ attributes | govuk_attributes }}{% endmacro %}"


def indent(text: str, width: int = 4, first: bool = False, blank: bool = False) -> str:
    """Jinja's filter of this name, which makes a Markup of each line on the way. Safe text stays safe."""
    lines, margin = f"{text}\n".splitlines(), " " * width  # the last line is one too where nothing stands on it
    if blank:
        shifted = lines[:1] + [margin + line for line in lines[1:]]
    else:
        shifted = lines[:1] + [margin + line if line else line for line in lines[1:]]
    made = (margin if first else "") + "\n".join(shifted)
    return Markup(made) if isinstance(text, Markup) else made  # noqa: S704 - it was before


def govuk_attributes(attributes: Any) -> Markup:
    """`` name="value"`` of each, escaped. One that says ``optional`` is left out where it has no value; a true one is a name."""
    if isinstance(attributes, str):
        return Markup(attributes)  # noqa: S704 - the macro takes what is written so for HTML
    if not isinstance(attributes, Mapping):
        return Markup()
    return Markup("").join(_attribute(name, value) for name, value in attributes.items())


def _attribute(name: str, value: Any) -> Markup:
    if not isinstance(value, Mapping):
        return _pair(name, str(value).lower() if isinstance(value, bool) else value)
    chosen = value.get("value", Undefined())
    if value.get("optional") is not True:
        return _pair(name, chosen)
    if chosen is True:
        return Markup(" {}").format(name)
    return Markup() if chosen is None or chosen is False or isinstance(chosen, Undefined) else _pair(name, chosen)


def _pair(name: str, value: Any) -> Markup:
    return Markup(f' {escape(name)}="{escape(value)}"')  # noqa: S704 - escaped
