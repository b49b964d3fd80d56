"""Addresses as settings have them: whether one can be used. Pure; none of it repeats an address, which may hold a password."""

import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

MAIL_SCHEMES: Final = frozenset({"smtp", "smtps", "smtp+starttls"})
# As browsers send it in Host: letters with accents as xn--…, an address of version 6 in brackets, nobody's name and password.
HOST_AND_PORT: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d+)?")


def is_origin(raw: str) -> bool:
    """A scheme and a host that a browser can say, with or without a port."""
    parts = _parts(raw)
    return (
        parts is not None
        and parts.scheme in ("http", "https")
        and HOST_AND_PORT.fullmatch(parts.netloc.lower()) is not None
        and not _goes_on(parts)
    )


def is_mail_server(raw: str) -> bool:
    parts = _parts(raw)
    return parts is not None and parts.scheme in MAIL_SCHEMES and bool(parts.hostname) and not _goes_on(parts)


def breaks_off(raw: str) -> bool:
    """A sign in its password ends the part with name and host too early: what is left would be told as a host or a port."""
    try:
        parts = urlsplit(raw)
    except ValueError:  # a bracket
        return True
    asked_too_early = "@" in parts.query and not parts.path and "@" not in parts.netloc
    return asked_too_early or "@" in f"{parts.path}{parts.fragment}"


def _parts(raw: str) -> SplitResult | None:
    """None for a bracket without its other, or a port that is none."""
    try:
        parts = urlsplit(raw)
        has_port = parts.port != 0
    except ValueError:
        return None
    return parts if has_port else None


def _goes_on(parts: SplitResult) -> bool:
    """Something follows the host: most often the rest of a password with a / in it, and then the host is none."""
    return bool(parts.path.strip("/") or parts.query or parts.fragment)
