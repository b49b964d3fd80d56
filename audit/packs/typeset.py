"""A program of its own: JSON comes in, a PDF goes out. typst takes some hundred MB for a long table; they end with it.

Called by audit/packs/report_pdf.py with {"pages", "fonts", "made", "report"}; imports nothing of ours.
"""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import typst


def compiled(order: dict[str, Any]) -> bytes:
    pages = Path(order["pages"])
    made: Any = typst.compile(
        pages,
        root=pages.parent,
        font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[order["fonts"]]),
        format="pdf",
        sys_inputs={"report": json.dumps(order["report"])},
        pdf_standards=["ua-1"],
        timestamp=datetime.fromisoformat(order["made"]),
    )
    return bytes(made)


if __name__ == "__main__":
    sys.stdout.buffer.write(compiled(json.load(sys.stdin)))
