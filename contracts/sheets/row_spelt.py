"""A contract of the register as a row of our own sheet: a cell for each column of `own_columns`. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from contracts.fields.contract_fields import FIELDS
from contracts.lists.whole import Whole
from contracts.sheets import extension_text, spelling
from contracts.sheets.own_columns import BY_NAME as COLUMNS
from contracts.sheets.own_columns import CFR, COVERS, EXTENSIONS, KEPT_BY, NUMBER, SUPPLIER
from suppliers.record import headings
from suppliers.record.headings import System


@dataclass(frozen=True, slots=True)
class SchoolNamed:
    name: str
    urn: int | None = None

    def __str__(self) -> str:
        """The URN first, by which it is known again."""
        name = self.name.replace(";", ",")
        return f"{self.urn} {name}" if self.urn else name


Schools = Mapping[UUID, SchoolNamed]


def cells(one: Whole, schools: Schools, *, kept_by: str = "") -> dict[str, str]:
    """By the name of the column; "" where there is nothing."""
    said = one.said
    beside = {
        NUMBER: str(one.id),
        KEPT_BY: kept_by,
        SUPPLIER: one.supplier,
        EXTENSIONS: extension_text.spelt_extensions(said.extensions),
        COVERS: "; ".join(sorted(str(schools[each]) for each in said.covers if each in schools)),
        "is_draft": "Yes" if said.is_draft else "",
        "notice_given_on": spelling.spelt(COLUMNS["notice_given_on"], said.notice_given_on),
        "ceased_on": spelling.spelt(COLUMNS["ceased_on"], said.ceased_on),
        CFR: headings.spelt(str(said.values["category"] or ""), System.CFR),
    }
    return {each.name: spelling.spelt(each, said.values[each.name]) for each in FIELDS} | beside
