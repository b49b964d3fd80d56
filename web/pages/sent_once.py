"""Which sending a request is, so that what it does is done once: a form by the number that was drawn with its page, for a day on
routes with the option ``once=True``, otherwise for a moment; of the API any POST, by its header ``Idempotency-Key``. With
``once=False`` it is done as often as it is sent.
"""

import hashlib
from collections.abc import Mapping
from typing import Final

import msgspec

from base.refusals import Invalid
from base.viewer import Viewer
from database import sending
from web.pages import marks
from web.pages.handlers import AnyRequest
from web.pages.marks import Typed

Files = Mapping[str, tuple[str, bytes]]  # by field: name and content

HEADER: Final = "Idempotency-Key"  # draft-ietf-httpapi-idempotency-key-header
SHORTEST: Final = 16  # characters, so that nobody numbers requests 1, 2, 3 and begins anew; a UUID has 36
LONGEST: Final = 200
REFUSED: Final = f"Send from {SHORTEST} to {LONGEST} characters that you use for this request alone, such as a random UUID."


async def require_first(request: AnyRequest, viewer: Viewer) -> None:
    """Before a request is looked at, of which all but files was read. Raises SentBefore for what was done already, Invalid for
    what is no key.
    """
    if request.method != "POST" or _is_read_later(request):
        return
    if _is_api(request):
        await _begin(request, viewer, "", await request.body())
    elif typed := marks.noted(request.scope):
        await _begin(request, viewer, typed.once, _content(typed, {}))


async def note_form(request: AnyRequest, viewer: Viewer | None, typed: Typed, files: Files) -> None:
    """Once a form with files was read by its handler, who knows how large they may be. Raises as ``require_first``."""
    if viewer is not None and _is_read_later(request):
        await _begin(request, viewer, typed.once, _content(typed, files))


async def _begin(request: AnyRequest, viewer: Viewer, number: str, content: bytes) -> None:
    once = request.route_handler.opt.get("once")
    address = marks.address(request.scope)
    if once is False:
        return
    if _is_api(request):
        if (sent := request.headers.get(HEADER)) is not None:
            await sending.begin(sending.of_program(viewer, address, _key(sent), content))
    elif number:
        await sending.begin(sending.of_page(viewer, address, number, content, sending.LASTS if once else sending.A_MOMENT))


def _key(sent: str) -> str:
    """A string of RFC 8941, as the draft wants it, or the same without quotation marks. Raises Invalid."""
    key = sent.strip()
    if key.startswith('"') and key.endswith('"'):
        key = key[1:-1]
    if not SHORTEST <= len(key) <= LONGEST or not key.isprintable():
        raise Invalid(REFUSED, **{HEADER: REFUSED})
    return key


def _is_api(request: AnyRequest) -> bool:
    return request.url.path.startswith("/api/")


def _is_read_later(request: AnyRequest) -> bool:
    return request.content_type[0] == "multipart/form-data"


def _content(typed: Typed, files: Files) -> bytes:
    """What was said, without what the page is known by."""
    told = [(field, name, hashlib.sha256(content).hexdigest()) for field, (name, content) in files.items()]
    return msgspec.json.encode((typed.fields, told))
