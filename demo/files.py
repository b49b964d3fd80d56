"""The photograph and the files that the demo town's notes and contracts carry, drawn here so that none has to be shipped."""

import struct
import zlib
from collections.abc import Iterable
from typing import Final

WIDTH: Final = 240
HEIGHT: Final = 320  # pixels
ESCAPED: Final = str.maketrans({"(": r"\(", ")": r"\)", "\\": r"\\"})
WALL, GLASS, RED, INK = b"\xe8\xe4\xd8", b"\xff\xff\xff", b"\xc0\x26\x1c", b"\x30\x30\x30"


def thermometer() -> bytes:
    """A PNG of the hall's thermometer, which stands low."""
    rows = (b"\0" + b"".join(_pixel(x, y) for x in range(WIDTH)) for y in range(HEIGHT))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)  # 8 bits each of red, green and blue
    chunks = (_chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(b"".join(rows))), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def call_out_log() -> bytes:
    lines = (
        "Caldbeck Heating Services Ltd - call-out log",
        "07:05  call received: Oakfold Primary School, no heating in either block",
        "07:20  engineer allocated",
        "09:50  engineer delayed at an earlier job",
        "13:40  engineer on site",
        "14:05  boiler 2 pump replaced, both boilers running",
        "Response promised: 4 hours. Response given: 6 hours 35 minutes.",
    )
    return "\n".join(lines).encode()


FILES: Final = {"hall-thermometer.png": thermometer, "call-out-log.txt": call_out_log}


def pdf(lines: Iterable[str]) -> bytes:
    """One page with these lines of plain letters."""
    shown = " ".join(f"({line.translate(ESCAPED)}) Tj T*" for line in lines)
    text = f"BT /F1 12 Tf 18 TL 60 780 Td {shown} ET"
    parts = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(text)} >> stream\n{text}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    body, places = "%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{part}\nendobj\n"
    index = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"trailer << /Size {len(parts) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return f"{body}xref\n0 {len(parts) + 1}\n0000000000 65535 f \n{index}{end}".encode("ascii")


def _pixel(x: int, y: int) -> bytes:
    across, is_in_bulb = abs(x - 120), (x - 120) ** 2 + (y - 270) ** 2 < 32**2
    if is_in_bulb or (across < 8 and y > 215):
        return RED
    if across < 14 and 20 < y < 270:
        return GLASS
    if 18 < across < 40 and 20 < y < 240 and y % 20 < 2:
        return INK
    return WALL


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
