"""A form is told all that is wrong with it, and nothing wrong is lost where it has no field of its own."""

import pytest

from base.refusals import Invalid, read_apart, read_together, refuse_together, refuse_unread

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


def test_what_cannot_be_read_is_said_with_what_is_wrong_in_the_rest() -> None:
    (day, name), unread = read_apart(lambda: wrong("No such day.", day="No such day."), lambda: "Ann")
    assert (day, name) == (None, "Ann")
    with pytest.raises(Invalid) as refused:
        refuse_unread(unread, lambda: wrong("Not so.", day="Enter the day.", why="Say why."))
    assert refused.value.fields == {"day": "No such day.", "why": "Say why."}
    refuse_unread([], lambda: wrong("Not looked at, for the verb says it.", why="Say why."))


def test_what_is_read_together_comes_in_the_order_of_the_readers() -> None:
    assert read_together(lambda: "first", lambda: None, lambda: 3) == ["first", None, 3]
