"""A program doesn't take one piece of criticism to several schools by writing it anew for each."""

from base.settings import Settings
from base.viewer import KeyScope, Role
from sharing.sign_in import api_keys
from suppliers.directory import directory
from tests.given.builders import a_person, a_school, program


async def test_the_same_criticism_in_another_note_goes_to_no_second_school(db: Settings) -> None:
    oakfield, elm, fern = [await a_school(name) for name in ("Oakfield", "Elm", "Fern")]
    hal = await a_person(oakfield, Role.HEAD, "Hal Hart")
    supplier = (await directory.add(hal, name="Ashby Boilers")).id
    key = await api_keys.create(hal, name="Sharer", days=30, scopes={KeyScope.READ, KeyScope.WRITE, KeyScope.SHARE})
    answers = []
    async with program(key) as client:
        for school in (elm, fern):
            said = {"about": "problem", "body": "Left dust in the hall."}
            note = await client.post(f"/api/v1/suppliers/{supplier}/notes", json=said)
            grants = [{"kind": "school", "subject": str(school.id), "fields": ["criticism"]}]
            answers.append(await client.put(f"/api/v1/notes/{note.json()['id']}/audience", json={"grants": grants}))
    assert [answer.status_code for answer in answers] == [200, 422]
    assert "one school at most" in answers[1].json()["errors"]["fields"]
