"""The parts of a multipart body: texts in UTF-8 whatever a part says of itself, as browsers write a page in UTF-8; files cut off.

A part may name any of Python's hundred encodings: some of them take a minute for a megabyte, some give what no database keeps.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Final

from multipart import MultipartSegment, PushMultipartParser, parse_options_header  # type: ignore[import-untyped]

MOST_TEXT: Final = 1024 * 1024  # bytes of all texts together: as much as a form without a file may hold

File = tuple[str, str, bytes]  # the question, the name that was sent, the content


@dataclass(slots=True)
class Parts:
    """In the order they came."""

    texts: list[tuple[str, str]] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    is_too_much_text: bool = False  # more than MOST_TEXT: what was beyond is not here


async def read(chunks: AsyncIterator[bytes], content_type: str, *, most_parts: int, largest_file: int) -> Parts:
    """Reads to the end; of a file that is larger than ``largest_file`` bytes it keeps one byte more than that.

    Raises multipart.MultipartError for what is broken or has more parts, UnicodeDecodeError for a text that is not UTF-8.
    """
    parts, left = Parts(), MOST_TEXT
    part, content = None, bytearray()
    with PushMultipartParser(parse_options_header(content_type)[1].get("boundary", ""), max_segment_count=most_parts) as parser:
        async for chunk in chunks:
            for event in parser.parse(chunk):
                if isinstance(event, MultipartSegment):
                    part, content = event, bytearray()
                elif part is None or part.filename == "":  # where no file was chosen
                    continue
                elif event is None and part.filename is None:
                    parts.texts.append((part.name, content.decode()))
                elif event is None:
                    parts.files.append((part.name, part.filename, bytes(content)))
                elif part.filename is not None:
                    content += event[: largest_file + 1 - len(content)]
                elif (left := left - len(event)) >= 0:
                    content += event
    parts.is_too_much_text = left < 0
    return parts
