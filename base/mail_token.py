"""The token that a mail server of Microsoft 365 or Google wants in place of a password (OAuth 2.0, RFC 6749).

Asked for at each connection, of the address that the operator named and of no other; kept nowhere. With a refresh token the
service writes as the person who granted it (section 6), without one as itself (client credentials, section 4.4).
"""

import asyncio
import json
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

from base import settings
from base.settings import Settings

SECONDS: Final = 30
LARGEST_ANSWER: Final = 65_536  # bytes: a token has 2,000
NO_TOKEN: Final = "the address of VOUCH_SMTP_TOKEN_URL answered without a token"  # noqa: S105 - a sentence


class NoToken(OSError):
    """What was answered is no token: the mail server could not be reached, as it were."""


class _NeverElsewhere(HTTPRedirectHandler):
    """Who asks with a secret asks one address."""

    def redirect_request(self, *_: Any) -> None:
        return None


async def fetch() -> str:
    """A new access token. Raises OSError: the address can't be reached, refuses, or answers something else."""
    return await asyncio.to_thread(_fetched, settings.current())


def _fetched(chosen: Settings) -> str:
    request = Request(chosen.smtp_token_url, urlencode(_asked(chosen)).encode(), {"Accept": "application/json"})  # noqa: S310 - https, by the settings
    try:
        with build_opener(_NeverElsewhere).open(request, timeout=SECONDS) as answer:
            raw = answer.read(LARGEST_ANSWER)
    except HTTPError as refused:
        refused.close()  # or its connection stays open for as long as the error is told on
        raise
    try:
        token = json.loads(raw)["access_token"]
    except (ValueError, KeyError, TypeError) as error:
        raise NoToken(NO_TOKEN) from error
    if not isinstance(token, str) or not token:
        raise NoToken(NO_TOKEN)
    return token


def _asked(chosen: Settings) -> dict[str, str]:
    grant = (
        {"grant_type": "refresh_token", "refresh_token": chosen.smtp_refresh_token}
        if chosen.smtp_refresh_token
        else {"grant_type": "client_credentials"}
    )
    who = {"client_id": chosen.smtp_client_id, "client_secret": chosen.smtp_client_secret}
    return {name: value for name, value in {**grant, **who, "scope": chosen.smtp_scope}.items() if value}
