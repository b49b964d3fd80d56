"""A JSON body is taken as its description says: a boolean is true or false, and neither 0 nor "no".

Litestar reads bodies as it reads query strings, where everything is text and has to be taken for what it looks like. It also
takes a fault in a field for a fault of ours where the field has the name of something that a handler asks for, such as `words`.
"""

import re
from typing import Any, Final

import msgspec
from litestar import Request
from litestar.exceptions import ValidationException

WHERE: Final = re.compile(r" - at `\$\.?(.+)`$")
NAMED: Final = re.compile(r"(?:required|unknown) field `(.+)`$")  # what is missing or too much has no place of its own


class StrictRequest(Request[Any, Any, Any]):
    """Gives handlers their body as what they ask for. Raises ValidationException, by its field, for anything else."""

    async def json(self) -> Any:
        sent = await super().json()
        wanted = self.route_handler.parsed_fn_signature.parameters.get("data")
        if wanted is None:
            return sent
        try:
            return msgspec.convert(sent, wanted.annotation)
        except msgspec.ValidationError as fault:
            raise ValidationException(extra=[_told(str(fault))]) from fault


def _told(fault: str) -> dict[str, str]:
    """The field, as it was sent, and what is wrong with it."""
    found = WHERE.search(fault) or NAMED.search(fault)
    return {"key": found.group(1) if found else "data", "message": fault.partition(" - at `")[0]}
