"""Which state of a thing a program has read (RFC 9110, 8.8.3 and 13.1.1): an answer's ETag, and If-Match of what changes it.

A tag is served to the school that a thing belongs to and to nobody else: it moves with what other schools may not see.
"""

from typing import Annotated, Final

from litestar.datastructures import ResponseHeader
from litestar.params import HeaderParameter

from base.refusals import Invalid, VersionNeeded

LONGEST: Final = 24  # characters of a tag with its quotes

IfMatch = Annotated[
    str | None,
    HeaderParameter(name="If-Match", max_length=LONGEST, description="The ETag that you read. It is 409 when it moved."),
]
# For `response_headers` of a handler that serves one.
ETAG: Final = ResponseHeader(
    name="ETag",
    value='"1"',  # tells that it is text, and nothing else
    description="What If-Match takes, quotes and all",
    documentation_only=True,
)


def etag(tag: object) -> dict[str, str]:
    """The header that says it."""
    return {"ETag": f'"{tag}"'}


def tag_in(if_match: str | None) -> str | None:
    """The tag without its quotes; None where there is none."""
    return None if if_match is None else if_match.strip().strip('"')


def version_of(if_match: str | None) -> int:
    """The version that was read, from If-Match: "3" (quotes and all)."""
    if if_match is None:
        raise VersionNeeded('Say which version you read: If-Match: "1".')
    digits = tag_in(if_match) or ""
    if not (digits.isascii() and digits.isdigit()):
        raise Invalid('If-Match must hold the version that you read, such as "1".')
    return int(digits)
