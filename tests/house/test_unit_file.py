"""The unit of systemd that is shipped: what it names exists, what it keeps apart stays apart, and systemd takes it."""

import re
import shutil
import subprocess
import sys
from configparser import RawConfigParser
from pathlib import Path

import pytest

from base import settings
from tests.given.checkout import ROOT
from tests.given.patience import PATIENCE
from vouch import serving

pytestmark = pytest.mark.pure

UNIT = ROOT / "docs" / "how-to" / "vouch.service"
PAGE = (ROOT / "docs" / "how-to" / "host-vouch.md").read_text()
HARDENED = (
    "NoNewPrivileges", "PrivateTmp", "PrivateDevices", "ProtectHome", "ProtectKernelLogs", "ProtectKernelModules",
    "ProtectKernelTunables", "ProtectControlGroups", "ProtectClock", "RestrictNamespaces", "RestrictSUIDSGID", "LockPersonality",
)  # fmt: skip


@pytest.fixture(scope="module")
def unit() -> RawConfigParser:
    read = RawConfigParser(strict=False)
    read.optionxform = str  # type: ignore[method-assign, assignment] # systemd tells capitals apart
    read.read_string(UNIT.read_text())
    return read


def test_it_starts_the_code_of_the_checkout_and_installs_nothing(unit: RawConfigParser) -> None:
    python, code, command = unit["Service"]["ExecStart"].split()
    assert (python, command) == (f"{code}/.venv/bin/python", "serve")  # not ./run, which brings .venv up to date
    assert code == unit["Service"]["WorkingDirectory"] == "/opt/vouch"
    assert (ROOT / "__main__.py").is_file()
    assert f"sudo {code}/run vouch --help" in PAGE


def test_the_service_may_write_its_data_and_nothing_else(unit: RawConfigParser) -> None:
    service = unit["Service"]
    assert service["ProtectSystem"] == "strict"
    assert service["StateDirectory"] == "vouch"
    assert "ReadWritePaths" not in service
    assert "Environment=VOUCH_DATA=/var/lib/vouch" in UNIT.read_text()
    assert (service["UMask"], service["StateDirectoryMode"], service["CapabilityBoundingSet"]) == ("0077", "0700", "")
    assert service["RestrictAddressFamilies"].split() == ["AF_UNIX", "AF_INET", "AF_INET6"]
    assert {name: service[name] for name in HARDENED} == dict.fromkeys(HARDENED, "yes")


def test_it_is_started_again_however_often_and_has_room_for_every_connection(unit: RawConfigParser) -> None:
    service = unit["Service"]
    assert (service["Restart"], service["RestartSec"], unit["Unit"]["StartLimitIntervalSec"]) == ("on-failure", "5", "0")
    assert int(service["LimitNOFILE"]) > 2 * serving.CONNECTIONS_MAX
    assert int(service["TimeoutStopSec"]) > serving.SHUTDOWN_SECONDS
    assert service["MemoryMax"] == "2G"
    assert int(service["TasksMax"]) > 64


def test_every_setting_it_names_is_one_of_ours_and_no_secret_stands_in_it() -> None:
    text = UNIT.read_text()
    known = (ROOT / "docs" / "reference" / "settings.md").read_text()
    assert all(f"`{name}`" in known for name in re.findall(r"VOUCH_\w+", text))
    assert "PASSWORD" not in text.upper().replace("PASSWORDS", "")
    assert "EnvironmentFile=/etc/vouch.env" in text
    assert settings.read({"VOUCH_DATA": "/var/lib/vouch"}).keys == Path("/var/lib/vouch/keys")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_takes_it(tmp_path: Path) -> None:
    """On a copy whose program and user are there."""
    text = UNIT.read_text().replace("/opt/vouch/.venv/bin/python", sys.executable).replace("User=vouch", "User=root")
    here = tmp_path / "vouch.service"
    here.write_text(re.sub(r"^(After|Wants)=.*\n", "", text, flags=re.MULTILINE))
    ended = subprocess.run(
        ["systemd-analyze", "verify", str(here)], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")
