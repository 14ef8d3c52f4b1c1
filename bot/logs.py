"""Structured log lines on standard error, the token in none of them.

A terminal gets readable lines, anything else one JSON object a line. What other libraries log passes through the same
formatter, and the secrets are taken out of the finished line: whatever wrote them, whatever the level.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Sequence
from typing import TextIO

import structlog

SHARED: tuple[structlog.types.Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


class Redacting(logging.Formatter):
    """Another formatter's lines without the secrets."""

    def __init__(self, inner: logging.Formatter, secrets: Sequence[str]) -> None:
        super().__init__()
        self._inner = inner
        written = [json.dumps(secret, ensure_ascii=False)[1:-1] for secret in secrets]  # as a JSON line has it
        self._secrets = [secret for secret in (*secrets, *written) if secret]

    def format(self, record: logging.LogRecord) -> str:
        line = self._inner.format(record)
        for secret in self._secrets:
            line = line.replace(secret, "[secret]")
        return line


def set_up(level: str = "INFO", secrets: Sequence[str] = (), stream: TextIO | None = None) -> None:
    """Send every log line of the program to `stream` (standard error)."""
    out = stream or sys.stderr
    final: list[structlog.types.Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if out.isatty():
        final.append(structlog.dev.ConsoleRenderer())
    else:
        final += [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    inner = structlog.stdlib.ProcessorFormatter(foreign_pre_chain=SHARED, processors=final)
    handler = logging.StreamHandler(out)
    handler.setFormatter(Redacting(inner, secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for noisy in ("httpx", "httpcore", "telegram", "aiosqlite", "alembic", "asyncio"):
        logging.getLogger(noisy).setLevel(
            max(logging.WARNING, root.level) if root.level > logging.DEBUG else logging.DEBUG
        )
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
