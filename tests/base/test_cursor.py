import json
from base64 import urlsafe_b64encode
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base import cursor
from base.refusals import Invalid

pytestmark = pytest.mark.pure

TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=25)
NUMBERS = st.integers(-cursor.LARGEST_NUMBER, cursor.LARGEST_NUMBER) | st.floats(allow_nan=False, allow_infinity=False)
KEYS = st.lists(TEXT | NUMBERS | st.none(), min_size=1, max_size=6)


@given(KEYS)
def test_the_keys_of_the_last_row_come_back(keys: list[cursor.CursorKey]) -> None:
    assert cursor.decode(cursor.encode(*keys), keys=len(keys)) == tuple(keys)


@given(st.text() | st.binary().map(lambda raw: urlsafe_b64encode(raw).decode()))
def test_nonsense_is_refused_or_read_as_keys(sent: str) -> None:
    with suppress(Invalid):
        assert len(cursor.decode(sent, keys=2)) == 2


@pytest.mark.parametrize(
    "keys",
    [
        '["a"]',
        '["a",["b"]]',
        '["a",true]',
        '["a",NaN]',
        '["a","\\u0000"]',
        '["a","\\ud800"]',
        '["a",1e999]',
        '["a",9223372036854775808]',
        "{}",
    ],
)
def test_what_we_never_made_is_refused(keys: str) -> None:
    with pytest.raises(Invalid):
        cursor.decode(urlsafe_b64encode(keys.encode()).decode(), keys=2)


def test_an_endless_cursor_is_refused_unread() -> None:
    with pytest.raises(Invalid):
        cursor.decode(urlsafe_b64encode(json.dumps(["x" * 1000, 1]).encode()).decode(), keys=2)
