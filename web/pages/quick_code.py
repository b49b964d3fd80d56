"""The Python that templates are compiled to, quicker than Jinja's own where a page runs it a thousand times.

tests/web/test_pages_quick_code.py holds it to Jinja's own.
"""

from typing import Any, Final

from jinja2.compiler import CodeGenerator, Frame
from jinja2.nodes import Expr, Template
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

try:
    from markupsafe._speedups import _escape_inner as escaped_text
except ImportError:  # where it is installed without its part in C

    def escaped_text(text: str, /) -> str:
        return str(escape(text))


NUMBERS: Final = frozenset({int, float})


def written(value: Any) -> str:
    """``escape(value)`` for what is joined to a page at once: without the Markup around it, which takes ten times as long."""
    kind = type(value)
    if kind is str:
        return escaped_text(value)
    if kind is Markup:
        return value  # type: ignore[no-any-return]
    return str(value) if kind in NUMBERS else escape(value)


class QuickCode(CodeGenerator):
    """Writes what stands in ``{{ }}`` by ``written``."""

    def visit_Template(self, node: Template, frame: Frame | None = None) -> None:  # noqa: N802 - Jinja's name
        self.writeline(f"from {__name__} import {written.__name__}")
        super().visit_Template(node, frame)

    def _output_child_pre(self, node: Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write(f"{written.__name__}(")


class QuickContext(Context):
    def call(self, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Jinja's, which looks at four things of whatever is called: nearly always it is a macro, of which all is known."""
        if type(obj) is Macro:
            kwargs.pop("_block_vars", None)
            kwargs.pop("_loop_vars", None)
            return obj(self.eval_ctx, *args, **kwargs)
        return super().call(obj, *args, **kwargs)
