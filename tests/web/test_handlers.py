from uuid import UUID

import pytest

from base import cursor
from base.refusals import Invalid
from web.pages.handlers import an_id, chosen_id, name_and_id

pytestmark = pytest.mark.pure

ONE = UUID("0195d3c0-0000-7000-8000-000000000001")


def test_an_id_that_was_typed_is_read_and_anything_else_is_none() -> None:
    assert an_id(str(ONE)) == ONE
    assert [an_id(typed) for typed in ("", "nobody", f"{ONE}x", "٣" * 31)] == [None] * 4


def test_what_is_no_choice_of_the_list_is_refused_in_the_lists_own_words() -> None:
    sentence = Invalid("Choose a supplier from the list.")
    assert chosen_id(str(ONE), sentence) == ONE
    with pytest.raises(Invalid) as refused:
        chosen_id("the first", sentence)
    assert refused.value is sentence


def test_the_next_page_starts_after_a_name_and_an_id() -> None:
    assert name_and_id("") is None
    assert name_and_id(cursor.encode("bolton boilers", str(ONE))) == ("bolton boilers", str(ONE))


@pytest.mark.parametrize("broken", ["x", cursor.encode("bolton"), cursor.encode("bolton", "x"), cursor.encode("bolton", None)])
def test_a_cursor_without_a_name_and_an_id_is_refused(broken: str) -> None:
    with pytest.raises(Invalid, match="next page is not whole"):
        name_and_id(broken)
