"""Settings: their page lists each one and no other, and what can't work is refused by name."""

import re
from pathlib import Path

import pytest

from base import settings
from base.settings import SettingsError
from tests.given.checkout import ROOT

pytestmark = pytest.mark.pure

PAGE = ROOT / "docs" / "reference" / "settings.md"
NAME = re.compile(r"\bVOUCH_[A-Z]+(?:_[A-Z]+)*\b")


def test_the_page_lists_every_setting_that_is_read_and_no_other() -> None:
    read_from = [
        ROOT / "base/settings.py",
        ROOT / "tests" / "conftest.py",
        ROOT / "tests" / "given" / "examples.py",
        ROOT / "tests" / "given" / "postgres.py",
    ]
    read = {name for path in read_from for name in NAME.findall(path.read_text())}
    assert set(re.findall(r"^\| `(VOUCH_\w+)` \|", PAGE.read_text(), re.MULTILINE)) == read


@pytest.mark.parametrize(
    ("variable", "default"),
    [("VOUCH_HOST", "host"), ("VOUCH_PORT", "port"), ("VOUCH_POOL_SIZE", "pool_size"), ("VOUCH_SEAL_EVERY", "seal_every")],
)
def test_the_page_gives_the_true_defaults(variable: str, default: str) -> None:
    assert f"| `{variable}` | `{getattr(settings.read({}), default)}` |" in PAGE.read_text()


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("VOUCH_PORT", "0"),
        ("VOUCH_PORT", "65536"),
        ("VOUCH_PORT", "http"),
        ("VOUCH_POOL_SIZE", "101"),
        ("VOUCH_ORIGIN", "vouch.example.org"),
        ("VOUCH_ORIGIN", "https://vouch.example.org/schools"),
        ("VOUCH_ORIGIN", "https://vouch example.org"),
        ("VOUCH_ORIGIN", "https://ann:secret@vouch.example.org"),
        ("VOUCH_ORIGIN", "https://vouch.example.org:99999"),
        ("VOUCH_ORIGIN", "https://büro.example"),
        ("VOUCH_ORIGIN", "https://[::1"),
        ("VOUCH_DATABASE_URL", "mysql://host/vouch"),
        ("VOUCH_LOG", "xml"),
        ("VOUCH_SEAL_EVERY", "-1"),
        ("VOUCH_SEAL_EVERY", "10081"),
        ("VOUCH_SMTP", "mail.example.org"),
        ("VOUCH_SMTP", "http://mail.example.org"),
        ("VOUCH_SMTP", "smtps://mail.example.org:99999"),
        ("VOUCH_SMTP", "smtps://vouch:se/cret@mail.example.org"),
        ("VOUCH_SMTP", "smtps://vouch:p@se/cret@mail.example.org"),
        ("VOUCH_SMTP", "smtps://vouch:p@se?cret@mail.example.org"),
        ("VOUCH_HSTS_SUBDOMAINS", "yes"),
        ("VOUCH_DEMO", "true"),
        ("VOUCH_SMTP", "smtp://vouch:secret@mail.example.org"),
        ("VOUCH_TRUSTED_PROXIES", "10.0.0.1, proxy.example.org"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_the_name_of_its_variable(variable: str, value: str) -> None:
    with pytest.raises(SettingsError, match=variable):
        settings.read({variable: value})


@pytest.mark.parametrize(
    "value", ["https://vouch.example.org", "HTTPS://Vouch.Example.org/", "http://[::1]:8000", "http://vouch_1:80"]
)
def test_an_address_as_people_type_it_is_taken_without_its_stroke_and_in_small_letters(value: str) -> None:
    assert settings.read({"VOUCH_ORIGIN": value}).origin == value.lower().rstrip("/")


def test_a_name_that_sets_nothing_is_found_and_every_name_of_the_page_is_known() -> None:
    page = set(re.findall(r"^\| `(VOUCH_\w+)` \|", PAGE.read_text(), re.MULTILINE))
    assert settings.unknown(dict.fromkeys(page | {"VOUCH_TRUSTED_PROXY", "HOME"}, "")) == ["VOUCH_TRUSTED_PROXY"]


def test_a_mail_server_needs_a_sender_and_its_password_is_never_repeated() -> None:
    with pytest.raises(SettingsError, match="VOUCH_MAIL_FROM"):
        settings.read({"VOUCH_SMTP": "smtps://vouch:secret@mail.example.org"})
    with pytest.raises(SettingsError) as refused:
        settings.read({"VOUCH_SMTP": "smtp://vouch:secret@mail.example.org"})
    chosen = settings.read({"VOUCH_SMTP": "smtps://vouch:secret@mail.example.org", "VOUCH_MAIL_FROM": "vouch@mail.example.org"})
    assert "secret" not in f"{refused.value}{chosen}"


def test_the_key_lies_in_the_data_folder_unless_it_is_said() -> None:
    assert settings.read({"VOUCH_DATA": "/data"}).keys == Path("/data/keys")
    assert settings.read({"VOUCH_DATA": "/data", "VOUCH_KEYS": "/safe"}).keys == Path("/safe")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::"])  # noqa: S104
def test_the_demo_town_is_for_this_computer_only(host: str) -> None:
    with pytest.raises(SettingsError, match="VOUCH_HOST must be"):
        settings.read({"VOUCH_DEMO": "1", "VOUCH_HOST": host})


def test_the_origin_follows_host_and_port_unless_it_is_said() -> None:
    assert settings.read({"VOUCH_HOST": "::1", "VOUCH_PORT": "8080"}).origin == "http://[::1]:8080"
    assert settings.read({"VOUCH_ORIGIN": "https://Vouch.Example.org/"}).origin == "https://vouch.example.org"
