"""The check in the browser as one file to keep: page, style and scripts in a single HTML file that works from a disk.

The file forbids itself every connection (its content security policy names only its own script and style), so whoever
opens it need not trust us that a pack stays where it is. ``tests/audit/test_verifier_pages.py`` writes it and compares.
"""

import hashlib
import re
from base64 import b64encode
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent
TEMPLATES: Final = FOLDER.parent / "templates"
# Each comes after those that it imports.
SCRIPTS: Final = tuple(
    FOLDER.parent / "static" / f"verify-{name}.js"
    for name in (
        "hash", "shake", "mldsa", "canonical", "merkle", "verdict", "zip", "note", "fingerprint", "sheet",
        "manifest", "openings", "whose", "times", "entries", "beside", "known", "rotations", "heads", "pack",
        "mailed", "letters", "show", "letterform", "page",
    )
)  # fmt: skip
HTML: Final = "vouch-verify.html"
PYTHON: Final = "vouch_verify.py"
NAMES: Final = (HTML, PYTHON)


def content(name: str) -> bytes:
    """A file of NAMES as it is published."""
    return (FOLDER / name).read_bytes()


def digest(name: str) -> str:
    """The SHA-256, in hex, of a file of NAMES, to compare with what was downloaded."""
    return hashlib.sha256(content(name)).hexdigest()


def assembled() -> str:
    """The HTML file made anew from its parts; the same parts give the same bytes."""
    from web.pages.templating import plain_environment  # noqa: PLC0415 - whoever checks a pack needs no page

    style = (FOLDER / "style.css").read_text(encoding="utf-8")
    parts: dict[str, Any] = {"style": f"\n{style}", "script": f"\n{_script()}"}
    hashes = {f"{name}_hash": _hash(text) for name, text in parts.items()}
    return (
        plain_environment(TEMPLATES).get_template("verifier/verify_file.html").render(**parts, **hashes, verifiers=digest(PYTHON))
        + "\n"
    )


def _script() -> str:
    """The modules one after the other: without their imports and exports they are one module."""
    whole = "\n".join(_joined(script.read_text(encoding="utf-8")) for script in SCRIPTS)
    if re.search(r"</script|<!--|^import ", whole, re.IGNORECASE | re.MULTILINE):
        raise ValueError("a script holds what would end it, or an import of another form")
    return whole


def _joined(module: str) -> str:
    without_imports = re.sub(r'^import \{[^}]*\} from "\./verify-[a-z]+\.js";\n', "", module, flags=re.MULTILINE)
    return re.sub(r"^export ", "", without_imports, flags=re.MULTILINE)


def _hash(text: str) -> str:
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
