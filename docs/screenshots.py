"""Takes the pictures in docs/images anew, from a demo town of its own: `.venv/bin/python docs/screenshots.py`.

Needs Chromium and what `./run test` installs.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from playwright.sync_api import Page, sync_playwright

ROOT: Final = Path(__file__).parents[1]
IMAGES: Final = ROOT / "docs" / "images"
DESK: Final = (1200, 1000)
PHONE: Final = (390, 844)
LARGEST: Final = 300_000  # bytes of a picture: a README is read on phones


@dataclass(frozen=True, slots=True)
class Picture:
    """``follow`` is the link to click after opening ``path``; ``top`` the element that the picture begins with."""

    name: str
    path: str
    size: tuple[int, int] = DESK
    follow: str = ""
    top: str = ""


SEARCH: Final = "/search?need=boiler+servcing&miles=10"
FOUND: Final = "Caldbeck Heating Services Ltd"  # reviewed, and shared, by several schools of the town
COPIERS: Final = "Photocopiers: service and copies"
PICTURES: Final = (
    Picture("search", SEARCH, (1200, 1150), top="main h1"),
    Picture("search-phone", SEARCH, PHONE, top="main .vouch-card"),
    Picture("supplier-phone", SEARCH, PHONE, follow=FOUND, top="main h1"),
    Picture("contract-phone", "/contracts", PHONE, follow=COPIERS, top="#happened"),
    Picture("shared", "/shared"),
    Picture("trail", "/trail"),
    Picture("contracts", "/contracts", (1200, 1150), top="main h1"),
    Picture("contract", "/contracts", (1200, 1150), follow=COPIERS, top="main h1"),
)


def main() -> None:
    with TemporaryDirectory() as folder, demo_town(Path(folder)) as told, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(locale="en-GB", timezone_id="Europe/London")
        sign_in(page, told["url"], told["people"][0])
        for picture in PICTURES:
            take(page, told["url"], picture)
        check_a_pack(page, told["url"])
        import_a_list(page, told["url"])
        page.context.clear_cookies()
        sign_in(page, told["url"], next(one for one in told["people"] if one["role"] == "trust_lead"))
        take(page, told["url"], Picture("trust", "/contracts/trust", (1200, 1150), top="main h1"))
        browser.close()


@contextmanager
def demo_town(folder: Path) -> Iterator[dict[str, Any]]:
    """What a `vouch demo --json` of its own says once it serves: its address, and who can sign in."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    env = os.environ | {"VOUCH_DATA": str(folder), "VOUCH_PORT": str(port)}
    command = [sys.executable, str(ROOT), "demo", "--json"]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as process:
        if process.stdout is None:
            raise RuntimeError("the demo town has no output to read")
        try:
            yield json.loads(next(line for line in process.stdout if '"url"' in line))
        finally:
            process.terminate()


def sign_in(page: Page, origin: str, person: dict[str, str]) -> None:
    page.goto(f"{origin}/sign-in")
    page.fill("#email", person["email"])
    page.fill("#password", person["password"])
    page.click("main button[type=submit]")
    page.wait_for_url(f"{origin}/")


def take(page: Page, origin: str, picture: Picture) -> None:
    page.set_viewport_size({"width": picture.size[0], "height": picture.size[1]})
    page.goto(origin + picture.path)
    if picture.follow:
        page.get_by_role("link", name=picture.follow).first.click()
        page.wait_for_load_state()
    if picture.top:
        page.locator(picture.top).first.evaluate("element => element.scrollIntoView()")
    save(page, picture.name)


def check_a_pack(page: Page, origin: str) -> None:
    """The whole trail's pack, taken away and then given to the page that checks it."""
    page.goto(f"{origin}/trail/packs")
    with page.expect_download() as download:
        page.get_by_role("button", name="Make the pack").click()
    pack = download.value.path().with_name(download.value.suggested_filename)
    download.value.save_as(pack)
    page.goto(f"{origin}/verify")
    page.set_input_files("#pack", pack)
    page.get_by_role("button", name="Check the pack").click()
    page.get_by_role("heading", name="This pack holds").evaluate("element => element.scrollIntoView({block: 'center'})")
    save(page, "verify")


def import_a_list(page: Page, origin: str) -> None:
    """What Vouch makes of a list's columns."""
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    page.goto(f"{origin}/suppliers/import")
    page.set_input_files("#file", ROOT / "tests" / "data" / "messy_suppliers.csv")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="What do the columns hold?").evaluate("element => element.scrollIntoView()")
    save(page, "import-columns")


def save(page: Page, name: str) -> None:
    path = IMAGES / f"{name}.png"
    page.screenshot(path=path)
    if path.stat().st_size > LARGEST:
        raise ValueError(f"{path.name} has {path.stat().st_size:,} bytes; at most {LARGEST:,} are meant to be")


if __name__ == "__main__":
    main()
