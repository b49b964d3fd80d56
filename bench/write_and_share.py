"""How long it takes, at a country's scale, to write a review and to share it with every school, entries in the trail included.

    VOUCH_DATABASE_URL=... VOUCH_DATA=... python bench/write_and_share.py [REVIEWS]

The settings name a database that bench/country.py filled; REVIEWS (200) come to it. People of schools in London write them
over the API, one after another, of suppliers that their school has not reviewed, after a fifth as many to warm up.
"""

import asyncio
import json
import os
import statistics
import sys
import time
from collections.abc import Sequence
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parent.parent))
os.environ["PICCOLO_CONF"] = "piccolo_conf"

import database
from base import settings
from bench import askers
from bench.served import service
from sharing.sign_in import sessions

WARMING: Final = 5  # for so many reviews one to warm up
EVERYONE: Final = {"grants": [{"kind": "everyone", "fields": ["rating", "praise"]}]}
REVIEW: Final = {"interest": None, "rating": 5, "praise": "Came when they said, and tidied up after themselves."}
_NOT_REVIEWED: Final = """SELECT s.id FROM suppliers_supplier s WHERE s.owner IS NULL AND s.joined_to IS NULL
    AND NOT EXISTS (SELECT 1 FROM suppliers_review r JOIN sharing_session i ON i.school = r.school WHERE r.supplier = s.id)
    ORDER BY s.id LIMIT $1"""


async def _prepared(many: int) -> tuple[list[str], list[str]]:
    await database.open(settings.current())
    try:
        asking = await askers.prepared()
        async with database.read():
            rows = await database.select(_NOT_REVIEWED, many)
        return [one.token for one in asking.london], [str(row["id"]) for row in rows]
    finally:
        await database.close()


def sent(connection: HTTPConnection, method: str, path: str, body: object, token: str) -> tuple[Any, float]:
    """The answer, and the milliseconds until it was read."""
    headers = {"Cookie": f"{sessions.cookie_name()}={token}", "Content-Type": "application/json"}
    began = time.perf_counter()
    connection.request(method, path, json.dumps(body), headers | {"Origin": f"http://{connection.host}:{connection.port}"})
    answer = connection.getresponse()
    told = answer.read()
    if answer.status not in (200, 201):
        raise SystemExit(f"{path}: {answer.status} {told[:300]!r}")
    return json.loads(told), (time.perf_counter() - began) * 1000


def main(reviews: str = "200") -> None:
    many = int(reviews)
    warming = many // WARMING
    tokens, suppliers = asyncio.run(_prepared(many + warming))
    written: list[float] = []
    shared: list[float] = []
    with service() as serving:
        connection = serving.connection()
        before = 0.0
        for n, supplier in enumerate(suppliers):
            if n == warming:
                before = serving.processor()
            token = tokens[n % len(tokens)]
            review, writing = sent(connection, "POST", f"/api/v1/suppliers/{supplier}/reviews", REVIEW, token)
            _, sharing = sent(connection, "PUT", f"/api/v1/reviews/{review['id']}/audience", EVERYONE, token)
            written.append(writing)
            shared.append(sharing)
        processor = (serving.processor() - before) / many
    print("| | p50 | p99 |\n|---|---|---|")
    both = [sum(two) for two in zip(written, shared, strict=True)]
    for what, times in (("a review is written", written), ("it is shared with every school", shared), ("both", both)):
        print(_row(what, times[warming:]))
    print(f"\nProcessor for both: {processor:.1f} ms")


def _row(what: str, times: Sequence[float]) -> str:
    return f"| {what} | {statistics.median(times):.1f} ms | {statistics.quantiles(times, n=100)[98]:.1f} ms |"


if __name__ == "__main__":
    main(*sys.argv[1:])
