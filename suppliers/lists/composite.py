"""A cell that holds a whole supplier, as Contracts Finder writes it: [Name|Address|Ref type|Ref Number|Is SME|Is VCSE]. Pure."""

import re
from collections.abc import Mapping
from typing import Final

from suppliers.lists.column_titles import SupplierField

_BLOCK: Final = re.compile(r"\[([^\[\]|]*(?:\|[^\[\]|]*)+)\]")
_NUMBERS: Final[Mapping[str, SupplierField]] = {
    "companies_house": SupplierField.COMPANY_NUMBER,
    "gb-coh": SupplierField.COMPANY_NUMBER,
    "charity_commission": SupplierField.CHARITY_NUMBER,
    "gb-chc": SupplierField.CHARITY_NUMBER,
}
NAME, ADDRESS, KIND, NUMBER = range(4)

Values = dict[SupplierField, list[str]]


def taken_apart(values: Values) -> tuple[Values, tuple[str, ...]]:
    """The values with the first supplier of such a cell in their places, and what is left out of it, a sentence each."""
    names = values.get(SupplierField.NAME)
    blocks = _BLOCK.findall(names[0]) if names and names[0].startswith("[") else []
    if not blocks:
        return values, ()
    parts = [part.strip() for part in blocks[0].split("|")]
    found = values | {SupplierField.NAME: [parts[NAME]]}
    if len(parts) > ADDRESS and parts[ADDRESS]:
        found[SupplierField.ADDRESS] = [*values.get(SupplierField.ADDRESS, []), parts[ADDRESS]]
    field = _NUMBERS.get(parts[KIND].casefold().replace(" ", "_")) if len(parts) > KIND else None
    if field and len(parts) > NUMBER and parts[NUMBER]:
        found[field] = [*values.get(field, []), parts[NUMBER]]
    others = ", ".join(block.split("|")[NAME].strip() for block in blocks[1:])
    return found, (f"The cell names more suppliers, which are not read: {others}.",) if others else ()
