"""The columns of Vouch's own sheets, in their order: what a row of the export and of the template holds. Pure.

Every field of `contracts/fields/contract_fields.py` has one; before and behind them stand what a contract has besides.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from contracts.fields.contract_fields import FIELDS, ContractField, Kind, Opened, Part

NUMBER, KEPT_BY, SUPPLIER, EXTENSIONS, COVERS = "id", "kept_by", "supplier", "extensions", "covers"
CFR, CFR_LABEL = "cfr", "CFR heading"  # follows from the category: an export tells it, an import leaves it alone


def _beside(name: str, label: str, kind: Kind, part: Part, hint: str) -> ContractField:
    return ContractField(name, label, kind, part, Opened.NEVER, hint)


BESIDE: Final[Mapping[str, ContractField]] = {
    one.name: one
    for one in (
        _beside(
            NUMBER, "Vouch number", Kind.LINE, Part.IDENTITY, "By which Vouch knows the contract again. Empty for a new one."
        ),
        _beside(
            KEPT_BY, "Kept by", Kind.LINE, Part.IDENTITY, "Whose contract it is. Empty for your own: only those are imported."
        ),
        _beside(SUPPLIER, "Supplier", Kind.LINE, Part.IDENTITY, "As it is called in your list of suppliers, or in the directory"),
        _beside(
            COVERS, "Schools covered", Kind.PROSE, Part.IDENTITY, "Of a trust's contract: names or URNs, with “;” between them"
        ),
        _beside(EXTENSIONS, "Extensions", Kind.PROSE, Part.DATES, "12 months; to 31/08/2030. Behind one that was taken: (taken)"),
        _beside("is_draft", "Draft", Kind.YES_NO, Part.SIGNING, "Not signed yet"),
        _beside("notice_given_on", "Notice received by the supplier on", Kind.DAY, Part.NOTICE, "Only once we gave notice"),
        _beside("ceased_on", "Ended on", Kind.DAY, Part.END, "Only where it ended on another day than its dates say"),
        _beside(CFR, CFR_LABEL, Kind.LINE, Part.IDENTITY, "Follows from the category. Nothing that you write here is imported."),
    )
}
_FIRST: Final = (NUMBER, KEPT_BY)
_AFTER: Final[Mapping[str, tuple[str, ...]]] = {
    "title": (SUPPLIER,),
    "site": (COVERS,),
    "ends_on": (EXTENSIONS,),
    "notice_signed_by": ("notice_given_on",),
    "signed_on": ("is_draft",),
}


def _in_order() -> Iterator[ContractField]:
    yield from (BESIDE[name] for name in _FIRST)
    for one in FIELDS:
        yield one
        yield from (BESIDE[name] for name in _AFTER.get(one.name, ()))
    yield BESIDE["ceased_on"]
    yield BESIDE[CFR]


COLUMNS: Final[tuple[ContractField, ...]] = tuple(_in_order())
BY_NAME: Final[Mapping[str, ContractField]] = {one.name: one for one in COLUMNS}
_BY_HEADING: Final[Mapping[str, str]] = {one.label.casefold(): one.name for one in COLUMNS if one.name != CFR}


def recognised(cells: Sequence[str]) -> dict[int, str] | None:
    """The names of the columns under headings of ours, by their places; None where the cells are no such headings."""
    found = {at: _BY_HEADING[cell.casefold()] for at, cell in enumerate(cells) if cell.casefold() in _BY_HEADING}
    is_ours = {NUMBER, "title"} <= set(found.values()) and len(set(found.values())) == len(found)
    return found if is_ours else None
