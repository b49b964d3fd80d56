"""A row of a register file, with every value that the register has."""

from datetime import date

from sharing.schools.register import RegisterRow
from sharing.schools.register_values import Status

CASTLE = RegisterRow(
    urn=900001,
    name="Castle Primary School",
    local_authority="Dunmere",
    phase="Primary",
    status=Status.OPEN,
    town="Westport",
    postcode="ZZ1 1AA",
    lat=53.8,
    lon=-1.5,
    trust_uid="2044",
    trust_name="Dragon & Partners Trust",
    ukprn=10079319,
    open_date=date(1998, 9, 1),
    close_date=None,
    pupils=211,
    is_rural=True,
)
