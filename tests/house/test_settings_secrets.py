"""A password may stand in a file, and then nowhere else; what is said of the operator is a line each."""

import re
from pathlib import Path

import pytest

from base import settings
from base.settings import SettingsError
from database import opening
from tests.given.checkout import ROOT

pytestmark = pytest.mark.pure

SECRET = re.compile(r"://[^/\s:@]+:(?!password|PASSWORD@)[^@\s]+@")


@pytest.mark.parametrize(("name", "field"), [("VOUCH_DATABASE_URL", "database_url"), ("VOUCH_SMTP", "smtp")])
def test_a_file_counts_before_the_setting_itself(tmp_path: Path, name: str, field: str) -> None:
    value = {"database_url": "postgresql://vouch:secret@127.0.0.1/vouch", "smtp": "smtps://vouch:secret@mail.example.org"}[field]
    (tmp_path / "url").write_text(f"{value}\n")
    env = {f"{name}_FILE": str(tmp_path / "url"), name: "nonsense", "VOUCH_MAIL_FROM": "vouch@example.org"}
    assert getattr(settings.read(env), field) == value


@pytest.mark.parametrize("name", ["VOUCH_DATABASE_URL", "VOUCH_SMTP"])
def test_a_file_that_is_not_there_is_refused_by_its_setting(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsError, match=f"{name}_FILE"):
        settings.read({f"{name}_FILE": str(tmp_path / "none")})


@pytest.mark.parametrize("name", settings.SECRETS)
def test_a_file_that_is_empty_is_refused_and_not_taken_as_nothing(tmp_path: Path, name: str) -> None:
    """Otherwise a start would make a new database, and print the link to its first account."""
    (tmp_path / "url").write_text("\n")
    with pytest.raises(SettingsError, match=f"{name}_FILE names a file that is empty"):
        settings.read({f"{name}_FILE": str(tmp_path / "url")})


@pytest.mark.parametrize("sign", "/?#[")
def test_a_password_that_ends_the_address_too_early_is_refused_and_not_repeated(sign: str) -> None:
    with pytest.raises(SettingsError, match="VOUCH_DATABASE_URL") as refused:
        settings.read({"VOUCH_DATABASE_URL": f"postgresql://vouch:sec{sign}ret@127.0.0.1/vouch"})
    assert "sec" not in str(refused.value)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://vouch:se%2Fcret@127.0.0.1/vouch?sslmode=require",
        "postgresql://one,two:5433/vouch?user=vouch&password=se@cret",
        "postgresql:///vouch?host=/run/postgresql",
        "postgresql://vouch:secret@[::1]:5432/vouch",
    ],
)
def test_other_addresses_of_a_database_are_taken_and_shown_without_the_password(address: str) -> None:
    chosen = settings.read({"VOUCH_DATABASE_URL": address})
    assert chosen.database_url == address
    told = str(opening.refusal_of(OSError("there is none"), chosen))
    assert "vouch" in told
    assert "cret" not in told


@pytest.mark.parametrize("name", settings.WHO_RUNS_THIS)
def test_what_is_said_of_the_operator_is_one_line(name: str) -> None:
    assert settings.read({name: "Ashby Trust"}).unsaid_of_operator == tuple(one for one in settings.WHO_RUNS_THIS if one != name)
    for value in ("Ashby\nTrust", "A" * 301):
        with pytest.raises(SettingsError, match=name):
            settings.read({name: value})


def test_whom_to_tell_of_a_weakness_is_an_address() -> None:
    with pytest.raises(SettingsError, match="VOUCH_SECURITY_CONTACT"):
        settings.read({"VOUCH_SECURITY_CONTACT": "the IT office"})


def test_no_page_of_the_documentation_puts_a_password_on_a_command_line() -> None:
    """In a block of commands, everything before the name of a command is on its line as well."""
    for page in (ROOT / "docs").rglob("*.md"):
        for block in re.findall(r"^ *```sh\n(.*?)^ *```", page.read_text(), re.MULTILINE | re.DOTALL):
            assert "PASSWORD" not in block, page.name
            assert not SECRET.search(block), page.name
