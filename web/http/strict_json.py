"""A JSON body is taken as its description says: a boolean is true or false, and neither 0 nor "no".

Litestar reads bodies as it reads query strings, where everything is text and has to be taken for what it looks like.
"""

from typing import Any

import msgspec
from litestar import Request
from litestar.exceptions import ValidationException


class StrictRequest(Request[Any, Any, Any]):
    """Gives handlers their body as what they ask for. Raises ValidationException for one that only looks like it."""

    async def json(self) -> Any:
        sent = await super().json()
        wanted = self.route_handler.parsed_fn_signature.parameters.get("data")
        if wanted is None:
            return sent
        try:
            return msgspec.convert(sent, wanted.annotation)
        except msgspec.ValidationError as fault:
            if _is_taken_for(sent, wanted.annotation):
                what, _, where = str(fault).partition(" - at `$.")
                raise ValidationException(extra=[{"key": where.rstrip("`"), "message": what}]) from fault
            return sent  # and Litestar says what is wrong with all of it


def _is_taken_for(sent: Any, wanted: Any) -> bool:
    try:
        msgspec.convert(sent, wanted, strict=False)
    except msgspec.ValidationError:
        return False
    return True
