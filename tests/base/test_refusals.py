"""A form is told all that is wrong with it, and nothing wrong is lost where it has no field of its own."""

import pytest

from base.refusals import Invalid, read_together, refuse_together

pytestmark = pytest.mark.pure


def wrong(sentence: str, **fields: str) -> object:
    raise Invalid(sentence, **fields)


def test_every_check_is_made_and_each_says_what_is_wrong_at_its_field() -> None:
    with pytest.raises(Invalid) as refused:
        refuse_together(lambda: wrong("No day.", day="No day."), lambda: None, lambda: wrong("No name.", name="No name."))
    assert (refused.value.sentence, refused.value.fields) == ("No day.", {"day": "No day.", "name": "No name."})


def test_what_is_wrong_without_a_field_refuses_too() -> None:
    with pytest.raises(Invalid, match=r"Not like this\."):
        refuse_together(lambda: None, lambda: wrong("Not like this."))


def test_where_nothing_is_wrong_nothing_is_refused() -> None:
    refuse_together(lambda: None)


def test_what_is_read_together_comes_in_the_order_of_the_readers() -> None:
    assert read_together(lambda: "first", lambda: None, lambda: 3) == ["first", None, 3]
