"""The log: one JSON object a line for machines, the secrets in none of them."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot import logs

TOKEN = "7777777:AAsecretSECRETsecret"
AWKWARD = 'a "quoted" \\ secret'  # JSON writes it otherwise


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for noisy in ("httpx", "httpcore", "telegram", "aiosqlite", "alembic", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.NOTSET)
    structlog.reset_defaults()


@pytest.fixture
def out() -> io.StringIO:
    """Where the log goes."""
    stream = io.StringIO()
    logs.set_up("debug", secrets=[TOKEN, "", AWKWARD], stream=stream)
    return stream


def test_a_line_is_an_object_with_its_time_and_level(out: io.StringIO) -> None:
    structlog.get_logger("bot.x").warning("source_failed", story="harbour", reason="no – route")
    line = json.loads(out.getvalue())
    assert (line["event"], line["story"], line["reason"]) == ("source_failed", "harbour", "no – route")
    assert line["level"] == "warning"
    assert line["timestamp"].endswith("Z")


@pytest.mark.parametrize("secret", [TOKEN, AWKWARD])
def test_no_secret_gets_into_a_line(out: io.StringIO, secret: str) -> None:
    log = structlog.get_logger("bot.x")
    log.info("sending", address=f"https://api.telegram.org/bot{secret}/sendMessage", nested={"a": [secret]})
    log.info(secret)
    logging.getLogger("httpx").debug("HTTP Request: POST %s", f"https://api/bot{secret}/getMe")
    try:
        raise RuntimeError(secret)
    except RuntimeError:
        log.exception("odd")
        logging.getLogger("telegram.ext").exception("odd too")
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert len(lines) == 5
    for line in lines:
        assert secret not in str(line)
        assert "[secret]" in str(line)


def test_libraries_are_heard_only_where_it_matters() -> None:
    stream = io.StringIO()
    logs.set_up("info", stream=stream)
    logging.getLogger("httpx").info("HTTP Request")
    logging.getLogger("telegram.Bot").warning("odd")
    assert [json.loads(line)["event"] for line in stream.getvalue().splitlines()] == ["odd"]
