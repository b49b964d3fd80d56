"""The offline verifier as one readable file: the pure modules one after the other, as audit/verifier/vouch_verify.py.

The same sources give the same bytes. ``tests/audit/test_verifier_assemble.py`` writes it and compares.
"""

import ast
import re
from pathlib import Path
from typing import Final

AUDIT: Final = Path(__file__).parents[1]
# Files below audit/, without their ending, in the order in which they come in the file: each imports only from earlier ones.
MODULES: Final = (
    "errors",
    "canonical",
    "merkle",
    "entry",
    "ed25519",
    "mldsa",
    "vkeys",
    "note",
    "fingerprint",
    "cosignature",
    "sheet",
    "times",
    "verifier/archive",
    "verifier/manifest",
    "verifier/verdict",
    "verifier/words",
    "verifier/lines",
    "verifier/openings",
    "verifier/whose",
    "verifier/entries",
    "verifier/beside",
    "verifier/known",
    "verifier/rotations",
    "verifier/heads",
    "verifier/policy",
    "verifier/verify",
    "verifier/main",
    "letters/mailed",
    "letters/reading",
    "letters/compared",
    "letters/program",
)
TOP: Final = '''#!/usr/bin/env python3
"""Checks an audit pack of Vouch: python3 vouch_verify.py PACK [--key VKEY]... [--since OLD] [--policy FILE] [--json]
Holds letters with seals against each other: python3 vouch_verify.py letters LETTER LETTER... [--key VKEY]... [--json]

One file for Python 3.9 or newer, with nothing to install; it opens no connection and writes no file. MIT licence.
Assembled from Vouch's own modules, named below; the format of packs is described in docs/reference/pack-format.md.
Where you have this file from matters: compare its SHA-256 with the one that Vouch publishes.
"""

from __future__ import annotations

'''
BOTTOM: Final = """

if __name__ == "__main__":
    sys.exit(program())
"""


def assembled() -> str:
    paths = [f"{name}.py" for name in MODULES]
    sources = [(path, (AUDIT / path).read_text(encoding="utf-8")) for path in paths]
    imports = [node for _, source in sources for node in ast.parse(source).body if isinstance(node, ast.Import | ast.ImportFrom)]
    return TOP + _import_block(imports) + "".join(_section(path, source) for path, source in sources) + BOTTOM


def _import_block(imports: list[ast.Import | ast.ImportFrom]) -> str:
    """The imports from the standard library, once each; raises ValueError for what can't simply be left out or joined."""
    whole: set[str] = set()
    parts: dict[str, set[str]] = {}
    for node in imports:
        if any(alias.asname for alias in node.names):
            raise ValueError(f"{ast.unparse(node)}: a name of one module must be its name in all")
        names = {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            parts.setdefault(node.module or ".", set()).update(names)
        else:
            whole |= names
    if {"audit", "."} & {*whole, *parts}:
        raise ValueError("modules of the verifier import names from each other, never each other")
    ours = [module for module in parts if module.startswith("audit.")]
    if unknown := {module.removeprefix("audit.").replace(".", "/") for module in ours} - {*MODULES}:
        raise ValueError(f"{', '.join(sorted(unknown))} would be missing")
    lines = [f"import {name}\n" for name in sorted(whole)]
    lines += [_from(name, parts[name]) for name in sorted(parts) if name not in (*ours, "__future__")]
    return "".join(lines)


def _from(module: str, names: set[str]) -> str:
    return f"from {module} import {', '.join(sorted(names))}\n"


def _section(path: str, source: str) -> str:
    """One module: its docstring as a comment, no imports, no remarks to linters."""
    tree = ast.parse(source)
    lines = source.splitlines()
    for node in tree.body:
        if node is tree.body[0] or isinstance(node, ast.Import | ast.ImportFrom):
            lines[node.lineno - 1 : node.end_lineno] = [""] * ((node.end_lineno or 0) - node.lineno + 1)
    code = "\n".join(_without_remarks(line) for line in lines).strip()
    promise = re.sub(r"\s*Part of the\s+offline\s+verifier:\s+bare\s+Python\s+3\.9\.", "", ast.get_docstring(tree) or "")
    comment = "".join(f"# {line}".rstrip() + "\n" for line in promise.splitlines())
    return f"\n\n# {'-' * 20} audit/{path} {'-' * 20}\n{comment}\n{code}\n"


def _without_remarks(line: str) -> str:
    """A remark to a linter goes; the reason that it gives stays."""
    return re.sub(r"  # (?:noqa: [A-Z0-9, ]+|type: ignore\[[a-z-]+\])(?: - |  # |$)(.*)$", _reason, line)


def _reason(found: re.Match[str]) -> str:
    return f"  # {found[1]}" if found[1] else ""
