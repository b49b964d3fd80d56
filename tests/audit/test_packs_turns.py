"""One copy of a trail at a time, one for a person, and never so many that nobody else gets one."""

from dataclasses import replace
from uuid import uuid4

import pytest

from audit.packs import takeaway
from base.refusals import Busy
from base.viewer import Role, Viewer

pytestmark = pytest.mark.pure

ANN = Viewer(person=uuid4(), name="Ann Archer", school=uuid4(), school_name="Oakfield", role=Role.BUSINESS_MANAGER)
BOB = replace(ANN, person=uuid4(), name="Bob Brown")


def test_a_person_of_several_schools_takes_one_copy_at_a_time_and_leaves_the_other_turn_to_others() -> None:
    with takeaway.one_at_a_time("oakfield", ANN):
        with pytest.raises(Busy, match="You are taking another copy"), takeaway.one_at_a_time("elmwood", ANN):
            pass
        with pytest.raises(Busy, match="Another copy of this trail"), takeaway.one_at_a_time("oakfield", BOB):
            pass
        with takeaway.one_at_a_time("elmwood", BOB), pytest.raises(Busy), takeaway.one_at_a_time("dale", None):
            pass
    with takeaway.one_at_a_time("elmwood", ANN):
        pass
