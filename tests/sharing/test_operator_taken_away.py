"""What whoever runs the installation takes away of a school by a command is told to its heads before."""

from pathlib import Path

import pytest

from base import settings
from base.refusals import Invalid
from base.settings import Settings
from base.viewer import Role
from sharing.operator import taken_away
from tests.given.builders import a_person, a_school, email_of
from tests.given.letters import letters, letters_are_sent, text_of


async def test_every_head_is_written_to_with_what_is_taken_and_why(
    db: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elm = await a_school("Elm Primary")
    heads = [await a_person(elm, Role.HEAD, name) for name in ("Eve Elm", "Ivo Elm")]
    await a_person(elm)
    monkeypatch.setenv("VOUCH_DATA", str(tmp_path))
    settings.current.cache_clear()
    with letters_are_sent():
        with pytest.raises(Invalid):
            await taken_away.tell(elm.id, "an audit pack", reason=" ", posted=False)
        await taken_away.tell(elm.id, "an audit pack", reason="The chair asked", posted=False)
        assert {letter["To"] for letter in letters()} == {await email_of(head) for head in heads}
        assert all("an audit pack of Elm Primary" in text_of(letter) for letter in letters())
        assert all("The chair asked" in text_of(letter) for letter in letters())


async def test_without_mail_nothing_is_taken_before_the_letters_were_posted(
    db: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    elm = await a_school("Elm Primary")
    await taken_away.tell(elm.id, "an audit pack", reason="Nobody is there to be told", posted=False)
    await a_person(elm, Role.HEAD, "Eve Elm")
    with pytest.raises(Invalid, match="Nothing was done yet"):
        await taken_away.tell(elm.id, "an audit pack", reason="The chair asked", posted=False)
    assert "Dear Eve Elm" in capsys.readouterr().err
    await taken_away.tell(elm.id, "an audit pack", reason="The chair asked", posted=True)
