"""What was typed into a form that was refused unread: its text, the names of its files, and never a second look at the body."""

from collections.abc import Iterable
from typing import Any, Final, cast

import pytest
from litestar.types import HTTPScope

from web.http import bodies, unread
from web.pages.parts import MOST_TEXT

pytestmark = pytest.mark.pure

SENT: Final = (
    b'--x\r\nContent-Disposition: form-data; name="body"\r\n\r\nTwo\r\nlines\r\n'
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="a day out.jpg"\r\n\r\n' + b"\xff\x00--" * 2_000 + b"\r\n"
    b'--x\r\nContent-Disposition: form-data; name="other"; filename=""\r\n\r\n\r\n--x--\r\n'
)


class Sender:
    """Sends the pieces once; whoever asks on waits for ever, as in a browser that waits for its answer."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self.pieces = list(pieces)

    async def __call__(self) -> Any:
        assert self.pieces, "asked for more than there is"
        return {"type": "http.request", "body": self.pieces.pop(0), "more_body": bool(self.pieces)}


def scope(kind: str = "multipart/form-data; boundary=x") -> HTTPScope:
    headers = [(b"content-type", kind.encode())]
    return cast(HTTPScope, {"type": "http", "method": "POST", "path": "/notes", "query_string": b"", "headers": headers})


@pytest.mark.parametrize("size", [1_000, 3, 500_000])
async def test_text_and_names_are_read_in_pieces_of_any_size_and_files_are_not_kept(size: int) -> None:
    typed = await unread.read(scope(), Sender(SENT[at : at + size] for at in range(0, len(SENT), size)))
    assert typed is not None
    assert typed.fields == (("body", "Two\nlines"),)
    assert typed.files == ("a day out.jpg",)


async def test_a_body_that_was_read_is_not_asked_for_again() -> None:
    receive = bodies.Limited(scope(), Sender([b"body=words"]), 100)
    await receive()
    assert await unread.read(scope("application/x-www-form-urlencoded"), receive) is None


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        ("application/x-www-form-urlencoded", b"body=" + b"x" * (MOST_TEXT + 1)),
        ("application/x-www-form-urlencoded", b"body=%FF"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="body"\r\n\r\ncut sho'),
        ("multipart/form-data", b"--x--"),
        ("text/plain", b"body=words"),
    ],
)
async def test_what_is_too_long_or_broken_or_no_form_is_nothing(kind: str, sent: bytes) -> None:
    typed = await unread.read(scope(kind), Sender([sent]))
    assert typed is None or typed.is_empty
