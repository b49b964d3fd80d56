"""Logs help whoever runs Vouch and tell nothing about whoever uses it."""

import json
import logging

import pytest
import structlog

from web.http import logs

pytestmark = pytest.mark.pure


def test_every_line_is_json_whoever_wrote_it(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json")
    structlog.get_logger("vouch").info("saved", path="/suppliers")
    logging.getLogger("uvicorn.error").warning("started on %s", "127.0.0.1")
    logging.getLogger("uvicorn.access").info("GET /join/secret?q=secret")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["event"], line["level"]) for line in lines] == [("saved", "info"), ("started on 127.0.0.1", "warning")]
    assert lines[0]["path"] == "/suppliers"
    assert lines[0]["timestamp"].endswith("Z")


def test_what_looks_like_a_secret_is_dropped(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json")
    structlog.get_logger("vouch").info(
        "x", password="hunter2", Set_Cookie="hunter2", api_key="hunter2", request_body="hunter2", ms=1
    )
    out = capsys.readouterr().out
    assert "hunter2" not in out
    assert json.loads(out)["ms"] == 1


def test_a_failure_is_told_by_types_and_places_and_not_in_its_own_words(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json")
    typed = "criticism that somebody typed"
    try:
        _fail(typed)
    except ValueError as error:
        structlog.get_logger("vouch").error("request failed", exc_info=error)
        logging.getLogger("uvicorn.error").exception("request failed")
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert first["error"] == second["error"] == "ValueError from KeyError"
    assert first["at"][-1].startswith("tests/web/test_http_logs.py:")
    assert typed not in json.dumps([first, second])


def _fail(typed: str) -> None:
    try:
        dict[str, str]()[typed]
    except KeyError as error:
        raise ValueError(typed) from error


def test_a_line_without_a_failure_stays_as_it_is() -> None:
    event = logs.tell_failure(None, "info", {"event": "x", "exc_info": None})
    assert event == {"event": "x"}
