"""Schools like ours: of the same kind, half to twice as large, as rural or urban; what is not known tells nobody apart."""

from dataclasses import replace

import pytest

from sharing.schools.like_ours import SchoolKind, SchoolProfile, is_like, kind_of

pytestmark = pytest.mark.pure

OURS = SchoolProfile(SchoolKind.PRIMARY, 211, is_rural=True)


@pytest.mark.parametrize(
    ("other", "is_one"),
    [
        (OURS, True),
        (replace(OURS, kind=SchoolKind.SPECIAL), False),
        (replace(OURS, kind=None), False),
        (replace(OURS, pupils=106), True),
        (replace(OURS, pupils=105), False),
        (replace(OURS, pupils=422), True),
        (replace(OURS, pupils=423), False),
        (replace(OURS, is_rural=False), False),
        (replace(OURS, pupils=None, is_rural=None), True),
    ],
)
def test_a_school_is_like_ours_in_all_that_is_known_of_both(other: SchoolProfile, is_one: bool) -> None:
    assert is_like(OURS, other) is is_one


def test_no_school_is_like_one_whose_kind_nobody_knows() -> None:
    assert not is_like(SchoolProfile(None), SchoolProfile(None))


def test_what_schools_like_ours_are_is_said_in_words() -> None:
    assert OURS.words == "primary schools with 106 to 422 pupils, in the country"
    assert replace(OURS, pupils=0, is_rural=False).words == "primary schools, in a town"
    assert replace(OURS, kind=None).words == ""


@pytest.mark.parametrize(
    ("phase", "kind"),
    [
        ("Middle deemed primary", SchoolKind.PRIMARY),
        ("Academy special converter", SchoolKind.SPECIAL),
        ("Pupil referral unit", SchoolKind.ALTERNATIVE),
        ("British schools overseas", None),
        ("", None),
    ],
)
def test_a_kind_is_told_from_the_phase_or_type_of_the_register(phase: str, kind: SchoolKind | None) -> None:
    assert kind_of(phase) is kind
