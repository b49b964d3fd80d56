"""Clients generated from the published description, in Python and TypeScript, go through the demo town as it is served.

Each goes three ways: one school's word to another and back, a list from a file to suppliers, the trail read and taken away.
"""

import importlib
import io
import os
import pkgutil
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from types import ModuleType
from typing import Any, Final, Self
from uuid import UUID

import httpx
import pytest

from tests.given import api_document
from tests.given.checkout import ROOT, VOUCH
from tests.given.command import environment, free_port, told_by
from tests.given.patience import PATIENCE

pytestmark = [pytest.mark.pure, pytest.mark.program]

NODE: Final = ROOT / "node_modules"
CLIENTS: Final = ROOT / "tests" / "clients"
OPTIONAL: Final = ("--default-non-nullable", "false")  # what has a default may be left out
PACKAGE: Final = "vouch_client_generated"
LIST: Final = b"Supplier name,Postcode\nWrenbeck Glazing,LN9 5AB\nHollowmere Fencing,LN9 5AC\n"


@dataclass(frozen=True, slots=True)
class Town:
    """The demo town as it is served, and an API key of somebody at each of two schools."""

    origin: str
    ann: str
    bob: str


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder, port = tmp_path_factory.mktemp("demo"), free_port()
    env = environment(folder, VOUCH_PORT=port)
    with subprocess.Popen([*VOUCH, "demo", "--json"], env=env, cwd=folder, stdout=subprocess.PIPE, text=True) as process:
        try:
            told: dict[str, Any] = told_by(process)
            writers = [one for one in told["people"] if one["role"] in ("head", "business_manager")]
            other = next(one for one in writers if one["school"] != writers[0]["school"])
            yield Town(told["url"], *(_key_of(told["url"], person) for person in (writers[0], other)))
        finally:
            process.kill()


def _key_of(origin: str, person: dict[str, str]) -> str:
    """Made on the page for keys, with every right that it offers."""
    with httpx.Client(base_url=origin, headers={"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}) as browser:
        signed_in = browser.post("/sign-in", data={"email": person["email"], "password": person["password"]})
        assert signed_in.status_code == 303
        offered = re.findall(r"<input[^>]*type=\"checkbox\"[^>]*>", browser.get("/api-keys").text)
        rights = [[unescape(value) for value in re.findall(r'(?:name|value)="([^"]*)"', box)] for box in offered]
        ticked: dict[str, Any] = {}
        for name, value in (pair for pair in rights if len(pair) == 2):
            ticked.setdefault(name, []).append(value)
        made = browser.post("/api-keys", data={"name": "Client", "days": "30", **ticked})
        found = re.search(r"<code>(vk_\S+)</code>", made.text)
        assert found is not None, made.text
        return found[1]


class Client:
    """One person's generated client: ``call`` finds an operation by its name and gives what its description says."""

    def __init__(self, town: Town, key: str, operations: dict[str, ModuleType], models: ModuleType) -> None:
        package = importlib.import_module(PACKAGE)
        self._made = package.AuthenticatedClient(base_url=town.origin, token=key)
        self._operations, self.models = operations, models

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._made.get_httpx_client().close()

    def answer(self, name: str, *args: Any, **given: Any) -> Any:
        return self._operations[name].sync_detailed(*args, client=self._made, **given)

    def call(self, name: str, *args: Any, **given: Any) -> Any:
        answered = self.answer(name, *args, **given)
        assert answered.status_code < 400, (name, answered.content)
        return answered.parsed

    def a(self, model: str, **fields: Any) -> Any:
        """What is sent, made of its JSON as the description has it."""
        return getattr(self.models, model).from_dict(fields)


@pytest.fixture(scope="module")
def clients(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Client, Client]]:
    """Generated once; a warning of the generator, which leaves an operation or an answer out, fails."""
    folder = tmp_path_factory.mktemp("generated")
    overridden = "content_type_overrides: {application/zip: application/octet-stream}"  # it has no name for a zip
    (folder / "config.yaml").write_text(f"post_hooks: []\n{overridden}\n")
    command = [
        *(sys.executable, "-m", "openapi_python_client", "generate", "--path", str(ROOT / "docs/openapi.json"), "--meta", "none"),
        *("--output-path", str(folder / PACKAGE), "--config", str(folder / "config.yaml"), "--fail-on-warning"),
    ]
    made = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    sys.path.insert(0, str(folder))
    try:
        api, models = importlib.import_module(f"{PACKAGE}.api"), importlib.import_module(f"{PACKAGE}.models")
        names = [found.name for found in pkgutil.walk_packages(api.__path__, f"{PACKAGE}.api.") if not found.ispkg]
        operations = {name.rpartition(".")[2]: importlib.import_module(name) for name in names}
        with Client(town, town.ann, operations, models) as ann, Client(town, town.bob, operations, models) as bob:
            yield ann, bob
    finally:
        sys.path.remove(str(folder))
        for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
            del sys.modules[name]


def test_every_operation_is_there_in_python(clients: tuple[Client, Client]) -> None:
    described = [one["operationId"] for item in api_document.document()["paths"].values() for one in item.values()]
    assert len(clients[0]._operations) == len(described)


def test_a_client_in_python_goes_three_ways(clients: tuple[Client, Client]) -> None:
    ann, bob = clients
    one_word_goes_to_another_school(ann, bob)
    a_list_is_imported(ann)
    the_trail_is_read_and_taken_away(ann)


def one_word_goes_to_another_school(ann: Client, bob: Client) -> None:
    supplier: UUID = ann.call("add_supplier", body=ann.a("SupplierIn", name="Copperleaf Boilers", aliases=["Copperleaf"])).id
    said = {"interest": None, "rating": 4, "praise": "Came within the hour."}
    review: UUID = ann.call("write_review", supplier, body=ann.a("ReviewIn", **said)).id
    tag = ann.answer("get_review", review).headers["etag"]
    better = ann.a("ReviewIn", **(said | {"rating": 5}))
    assert ann.call("revise_review", review, body=better, if_match=tag).version == 2
    stale = ann.answer("revise_review", review, body=better, if_match=tag)
    assert (stale.status_code, stale.parsed.status) == (409, 409)
    everyone = ann.a("AudienceIn", grants=[{"kind": "everyone", "fields": ["rating", "praise"]}])
    assert "Every school on Vouch can see the rating" in ann.call("set_review_audience", review, body=everyone).sentence
    (seen,) = bob.call("list_opinions", supplier).reviews
    assert (seen.rating, seen.praise, seen.criticism) == (5, "Came within the hour.", None)
    ann.call("end_review_sharing", review)
    assert bob.call("list_opinions", supplier).reviews == []
    assert bob.answer("get_review", review).parsed.title == "Page not found"


def a_list_is_imported(ann: Client) -> None:
    types = importlib.import_module(f"{PACKAGE}.types")
    (form,) = [one for name, one in vars(ann.models).items() if name.startswith("UploadSuppliers")]
    file = types.File(payload=io.BytesIO(LIST), file_name="list.csv", mime_type="text/csv")
    made: UUID = ann.call("upload_suppliers", body=form(file=file)).id
    _until(ann, made, "mapping")
    ann.call("choose_columns", made, body=ann.a("ColumnsIn", holds=["name", "postcode"]))
    assert _until(ann, made, "checked").ready == 2
    ann.call("start_import", made, body=ann.a("StartIn", all_or_nothing=True))
    _until(ann, made, "done")
    rows = ann.call("list_import_rows", made, list_="added").rows
    assert [row.name for row in rows] == ["Wrenbeck Glazing", "Hollowmere Fencing"]


def the_trail_is_read_and_taken_away(ann: Client) -> None:
    entries = ann.call("list_trail_entries", limit=100).entries
    assert "suppliers.imported" in {entry.type_ for entry in entries}
    subject = next(entry.subject for entry in entries if entry.type_ == "review.revised")
    then = {field.field: field.value for field in ann.call("get_record_as_of", subject=subject).fields}
    assert then["rating"] == 5
    pack = ann.call("take_audit_pack", body=ann.a("PackIn", grade="complete"))
    assert pack.payload.read(2) == b"PK"


def _until(client: Client, made: UUID, state: str) -> Any:
    ends = time.monotonic() + PATIENCE
    while (found := client.call("get_import", made)).state != state:
        assert found.state not in ("refused", "stopped"), found.sentence
        assert time.monotonic() < ends, f"still {found.state}"
        time.sleep(0.05)
    return found


@pytest.mark.skipif(
    not (NODE / ".bin/tsc").exists() and not os.environ.get("CI"), reason="no node_modules: ./run check makes it, where npm is"
)
def test_a_client_in_typescript_goes_the_same_ways(town: Town, tmp_path: Path) -> None:
    """Types first: what the journeys send and read is what the description promises."""
    for name in ("journeys.ts", "tsconfig.json"):
        shutil.copy(CLIENTS / name, tmp_path)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "node_modules").symlink_to(NODE)
    env = {**os.environ, "VOUCH_AT": town.origin, "KEY_OF_ANN": town.ann, "KEY_OF_BOB": town.bob}
    for command in (
        [str(NODE / ".bin/openapi-typescript"), str(ROOT / "docs/openapi.json"), "-o", "schema.d.ts", *OPTIONAL],
        [str(NODE / ".bin/tsc"), "-p", "."],
        ["node", "journeys.js"],
    ):
        ended = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=PATIENCE, check=False)
        assert ended.returncode == 0, ended.stdout + ended.stderr
    assert ended.stdout == "three journeys\n"
