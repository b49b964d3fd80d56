"""Who one is comes before what one sent: a stranger learns nothing of a route by how it judges parameters and bodies."""

from tests.given.examples import whole_on_sqlite
from tests.given.routes import NO_IDS, Route, path_of, routes
from tests.given.town import Town, rows_of_everything

ODD = "x" * 3_000  # no number, id, day, choice or text that any route takes
BODIES: tuple[dict[str, object], ...] = (
    {},
    {"content": b"{", "headers": {"content-type": "application/json"}},
    {"content": b"null", "headers": {"content-type": "application/json"}},
    {"content": b"--", "headers": {"content-type": "multipart/form-data; boundary=x"}},
    {"content": b"%FF=%FF", "headers": {"content-type": "application/x-www-form-urlencoded"}},
)


def requests(route: Route, town: Town) -> list[tuple[str, dict[str, object]]]:
    """The route with an odd value for each name that it takes, without any, and with odd bodies and versions."""
    path = path_of(route, town, NO_IDS)
    queries = ["", *(f"?{name}={ODD}" for name in (*route.queries, "nonsense"))]
    bodies = [body | {"headers": {**dict(body.get("headers") or {}), "If-Match": "x" * 90}} for body in BODIES]  # type: ignore[call-overload]
    return [(path + query, {}) for query in queries] + [(path, body) for body in bodies if route.method != "GET"]


async def test_a_stranger_is_asked_who_they_are_whatever_they_send(town: Town) -> None:
    before, judged = await rows_of_everything(), []
    async with town.browser("") as browser:
        for route in whole_on_sqlite(routes()):
            for address, body in requests(route, town) if not route.is_public else ():
                answer = await browser.request(route.method, address, **body)  # type: ignore[arg-type]
                is_asked = answer.status_code == (401 if route.is_api else 303)
                if not is_asked or not (route.is_api or answer.headers["location"].startswith("/sign-in")):
                    judged.append(f"{route.method} {address[:90]}: {answer.status_code}")
    assert not judged, "\n".join(judged)
    assert await rows_of_everything() == before


async def test_so_is_whoever_has_a_dead_key(town: Town) -> None:
    async with town.program(town.keys["revoked"]) as program:
        for route in whole_on_sqlite(routes()):
            if not route.is_public and route.is_api:
                for address, body in requests(route, town)[:2]:
                    answer = await program.request(route.method, address, **body)  # type: ignore[arg-type]
                    assert answer.status_code == 401, f"{route.key}: {answer.status_code}"


async def test_an_auditor_is_told_that_it_is_not_for_them_whatever_they_send(town: Town) -> None:
    """As what fits is, in test_isolation_auditors.py."""
    async with town.browser("iris") as browser:
        for route in whole_on_sqlite(routes()):
            if not route.is_open_to_auditors:
                for address, body in requests(route, town)[1:2]:
                    answer = await browser.request(route.method, address, **body)  # type: ignore[arg-type]
                    assert answer.status_code == 403, f"{route.key}: {answer.status_code}"
