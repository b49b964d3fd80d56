"""What a program sends is taken as the description of the API says, and not for what it looks like."""

import pytest

from base.viewer import KeyScope
from sharing.sign_in import api_keys
from tests.given.builders import a_person, a_school, program

pytestmark = pytest.mark.usefixtures("db")


@pytest.mark.parametrize("uses", [0, 1, "false", "no", "1"])
async def test_a_number_or_a_word_is_no_boolean(uses: object) -> None:
    viewer = await a_person(await a_school("Oakfield Primary"))
    async with program(await api_keys.create(viewer, name="Writes", days=30, scopes=tuple(KeyScope))) as asking:
        made = await asking.post("/api/v1/suppliers", json={"name": "Fenland Boilers"})
        said = {"rating": 5, "would_use_again": uses, "interest": None}
        answer = await asking.post(f"/api/v1/suppliers/{made.json()['id']}/reviews", json=said)
        right = await asking.post(f"/api/v1/suppliers/{made.json()['id']}/reviews", json=said | {"would_use_again": False})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["would_use_again"]), answer.text
    assert (right.status_code, right.json()["would_use_again"]) == (201, False)
