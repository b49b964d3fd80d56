"""GOV.UK's components that forms and menus are made of, each drawn once for what it is given: what it draws follows from that.

A page with a form asks for a dozen of them, each of which asks for others: half of what drawing such a page takes.
tests/web/test_pages_components.py holds each to the package's own.
"""

from collections.abc import Callable
from typing import Any, Final

from jinja2 import Undefined
from markupsafe import Markup

# By the name of its folder in the package, its macro.
KEPT: Final = {
    "button": "govukButton",
    "checkboxes": "govukCheckboxes",
    "input": "govukInput",
    "radios": "govukRadios",
    "select": "govukSelect",
    "service-navigation": "govukServiceNavigation",
    "textarea": "govukTextarea",
}
MOST_KEPT: Final = 1_000  # then all are forgotten: what is asked for again comes back by itself
LONGEST_KEPT: Final = 20_000  # characters
LONGEST_CHOICE: Final = 200  # characters of all that is chosen: whoever sends a form can write anything there
PACKAGE: Final = "govuk_frontend_jinja"
AS_IT_IS: Final = "govuk_as_it_is"  # the same templates, under a name by which nothing stands in for them

Macro = Callable[[Any], Markup]


def instead_of_macros() -> dict[str, str]:
    """By the name of the package's template, ours: it asks ``drawn``, which has to be a global of the environment."""
    return {
        f"components/{folder}/macro.html": f'{{% macro {macro}(params) %}}{{{{ drawn("{folder}", params) }}}}{{% endmacro %}}'
        for folder, macro in KEPT.items()
    }


class Drawn:
    """``drawn("select", params)``: what GOV.UK's macro makes of these options, from memory where it made it before.

    ``macro_of`` gives the package's own macro of a folder. What somebody typed is never kept, nor an error, which may quote it.
    """

    def __init__(self, macro_of: Callable[[str], Macro]) -> None:
        self._macro_of = macro_of
        self._kept: dict[object, Markup] = {}

    def __call__(self, component: str, params: dict[str, Any]) -> Markup:
        try:
            key = (component, _key(params)) if _may_be_kept(component, params) else None
        except TypeError:
            key = None
        if key is None:
            return self._macro_of(component)(params)
        return self._kept.get(key) or self._keep(key, self._macro_of(component)(params))

    def _keep(self, key: object, made: Markup) -> Markup:
        if len(made) <= LONGEST_KEPT:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[key] = made
        return made


def _may_be_kept(component: str, params: dict[str, Any]) -> bool:
    given = params.get("value") or params.get("values") or ""
    is_typed = bool(given) if component in ("input", "textarea") else len(str(given)) > LONGEST_CHOICE
    reveals = any(item.get("conditional") for item in params.get("items") or () if item)  # further boxes, already drawn
    return not (is_typed or reveals or params.get("errorMessage"))


def _key(value: Any) -> object:
    """Equal for what a template draws alike. TypeError for what is neither text nor number, nor made of such."""
    kind = type(value)
    if kind is str or value is None:
        return value
    if kind is dict:
        return (dict, *((name, _key(one)) for name, one in value.items()))
    if kind is list or kind is tuple:
        return (kind, *map(_key, value))
    if kind is Markup or kind is bool or kind is int or kind is float:
        return (kind, value)
    if isinstance(value, Undefined):
        return kind
    raise TypeError(kind)
