"""What of a contract somebody is shown: what the register says, without what their standing and the shares keep back. Pure."""

from dataclasses import replace

from contracts.access import access
from contracts.access.access import Standing
from contracts.fields.contract_fields import Opened
from contracts.fields.dates_asked import Extension
from contracts.fields.said import Said


def shown(said: Said, as_what: Standing, mask: int) -> Said:
    """What the register says of a contract, without what somebody with this standing and mask does not read."""
    if as_what is Standing.OURS:
        return said
    groups = access.opened(mask)
    names = access.fields_read(as_what, groups, is_price_confidential=bool(said.values["is_price_confidential"]))
    said = replace(said, values={name: value if name in names else None for name, value in said.values.items()})
    if as_what is not Standing.SHARED:
        return said
    if Opened.DATES in groups:
        said = replace(said, extensions=tuple(map(_without_who_decided, said.extensions)))
    else:
        said = replace(said, extensions=(), notice_given_on=None, ceased_on=None)
    if Opened.TERMS not in groups:
        said = replace(said, supplier=None, covers=())
    return replace(said, is_draft=False, officer_person=None, deputy_person=None)


def _without_who_decided(one: Extension) -> Extension:
    return Extension(length=one.length, to_day=one.to_day, is_taken=one.is_taken, decided_on=one.decided_on)
