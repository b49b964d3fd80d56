"""What a module's source says, without running it."""

import ast
from functools import cache


@cache
def nodes(source: str) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(source)))


def imported(source: str) -> list[str]:
    """Every module that the source names in an import, wherever it stands; ``from a import b`` gives a and a.b."""
    found: list[str] = []
    for node in nodes(source):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [node.module or ".", *(f"{node.module}.{alias.name}" for alias in node.names)]
    return found
