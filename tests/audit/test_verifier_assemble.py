"""The published verifier is our own modules and nothing else, and gives their verdicts on a bare Python."""

import ast
import json
import sys
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest

from audit.verifier import assemble, verdict
from tests.given.bare_python import FILE, run
from tests.given.tampering import VKEY, samples, tamperings
from tests.given.written_from_code import is_pinned

pytestmark = pytest.mark.pure

STANDARD = sys.stdlib_module_names


def top_level_names(tree: ast.Module) -> list[str]:
    names: list[str] = []
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.AnnAssign(target=ast.Name(id=name)):
                names.append(name)
            case ast.Assign(targets=targets):
                names += [found.id for target in targets for found in ast.walk(target) if isinstance(found, ast.Name)]
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                names += [alias.name for alias in aliases]
    return names


def test_the_published_file_is_assembled_from_the_modules_as_they_are() -> None:
    text = assemble.assembled()
    assert is_pinned("audit/verifier/vouch_verify.py", text)
    assert is_pinned("docs/reference/vouch_verify.py.sha256", f"{sha256(text.encode()).hexdigest()}  vouch_verify.py\n")


def test_it_is_written_in_python_3_9() -> None:
    """What it uses of the library is looked at module by module, in test_audit_bare."""
    ast.parse(FILE.read_text(), feature_version=(3, 9))


def test_no_name_stands_for_two_things() -> None:
    assert [name for name, count in Counter(top_level_names(ast.parse(FILE.read_text()))).items() if count > 1] == []


def test_it_stands_on_the_standard_library_and_asks_nobody() -> None:
    imported: set[str] = set()
    optional: set[str] = set()
    for node in ast.walk(ast.parse(FILE.read_text())):
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = node.module or "" if isinstance(node, ast.ImportFrom) else node.names[0].name
            (imported if node.col_offset == 0 else optional).add(module.partition(".")[0])
    assert imported <= STANDARD - {"socket", "ssl", "http", "urllib", "subprocess", "ftplib", "asyncio"}
    assert optional <= {"cryptography"}


@pytest.mark.program
def test_it_gives_the_verdict_of_the_modules_it_was_made_from(tmp_path: Path) -> None:
    pack, earlier = tmp_path / "pack.zip", tmp_path / "earlier.zip"
    pack.write_bytes(samples()["complete"])
    earlier.write_bytes(samples()["earlier"])
    held = run(pack, "--key", VKEY, "--since", earlier)
    assert (held.returncode, held.stderr) == (0, "")
    assert "checked with a key that you gave" in held.stdout
    edited = next(done for done in tamperings() if done.name == "a rating is edited")
    pack.write_bytes(edited.change(samples()["complete"]))
    failed = run(pack, "--json")
    assert (failed.returncode, json.loads(failed.stdout)["idx"]) == (1, 1)
    pack.write_bytes(b"no zip")
    assert run(pack).returncode == verdict.EXIT_STATUS["unreadable"]
