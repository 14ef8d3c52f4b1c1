"""The program as people run it: another process, its two streams, its exit status."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

HARBOUR = """\
Fire in the harbour Live updates

14/03/2016

- 14 March 2016

- **19:16 GMT**

"We have 12 engines on the quay," Mayor Ana Duarte said.

The [port](https://example.org/port) is closed.

- **19:00 GMT**

Smoke rises over the harbour – a “large” fire.
"""

ROOT = Path(__file__).parents[2]
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 24, 1, 2


@dataclass(frozen=True)
class Outcome:
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output, which must hold one JSON value and nothing else."""
        return json.loads(self.out)

    def refused(self) -> str:
        """The one sentence of a program that could not."""
        assert self.status == 1, f"{self.status}: {self.err or self.out}"
        lines = [line for line in self.err.splitlines() if not line.startswith("{")]  # log lines are JSON
        assert len(lines) == 1, self.err
        assert lines[0].startswith("dateline: ")
        assert lines[0].endswith((".", "?"))
        assert "Traceback" not in self.err
        return lines[0].removeprefix("dateline: ")


def environment(**more: str) -> dict[str, str]:
    """Ours, without what could configure Dateline or colour its output."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DATELINE_", "COV_", "FORCE_"))}
    return {**kept, "PYTHONPATH": str(ROOT), "COLUMNS": "200", "TERM": "dumb", **more}


def dateline(
    *words: str | Path, folder: Path | None = None, stdin: bytes = b"", env: Mapping[str, str] | None = None
) -> Outcome:
    """Run a command to its end in this process, for speed: starting Python takes longer than what is tested."""
    from bot.cli import main

    out, err = _Stream(), _Stream()
    with ExitStack() as stack:
        stack.enter_context(contextlib.chdir(folder or Path.cwd()))
        stack.enter_context(mock.patch.dict(os.environ, environment(**(env or {})), clear=True))
        for name, stream in (("stdin", _Stream(stdin)), ("stdout", out), ("stderr", err)):
            stack.enter_context(mock.patch.object(sys, name, stream))
        stack.enter_context(mock.patch.object(sys, "argv", ["dateline", *map(str, words)]))
        try:
            main()
            status = 0
        except SystemExit as ending:
            status = ending.code if isinstance(ending.code, int) else 0
    return Outcome(status, out.said(), err.said())


class _Stream(io.TextIOWrapper):
    def __init__(self, data: bytes = b"") -> None:
        super().__init__(io.BytesIO(data), encoding="utf-8")

    def said(self) -> str:
        self.flush()
        assert isinstance(self.buffer, io.BytesIO)
        return self.buffer.getvalue().decode()


def process(
    *words: str | Path,
    folder: Path | None = None,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    as_anybody: bool = False,
) -> Outcome:
    """Run it to its end in a process. `as_anybody`: without the superuser's right to write what is write-protected."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", *map(str, words)],
        cwd=folder,
        input=stdin,
        capture_output=True,
        env=environment(**(env or {})),
        timeout=60,
        check=False,
        preexec_fn=_without_override if as_anybody else None,
    )
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())


def _without_override() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)


# --- one that keeps running -----------------------------------------------------------------------------------------


@dataclass
class Running:
    """`dateline run` in a process of its own; its log lines are read as they come."""

    process: asyncio.subprocess.Process
    lines: list[str] = field(default_factory=list)
    out: bytes = b""
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _readers: list[asyncio.Task[None]] = field(default_factory=list)

    @classmethod
    async def start(cls, config: Path, *words: str, **env: str) -> Running:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run", "--config", str(config), *words),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=config.parent,
            env=environment(**env),
            limit=2**24,
        )
        running = cls(process)
        running._readers = [asyncio.create_task(running._read_log()), asyncio.create_task(running._read_out())]
        running._readers[0].add_done_callback(lambda _: running._changed.set())
        return running

    async def _read_log(self) -> None:
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            self.lines.append(line.decode())
            self._changed.set()

    async def _read_out(self) -> None:
        assert self.process.stdout is not None
        self.out = await self.process.stdout.read()

    @property
    def err(self) -> str:
        return "".join(self.lines)

    def events(self, name: str) -> list[dict[str, Any]]:
        """The log lines of that name."""
        parsed = [json.loads(line) for line in self.lines if line.startswith("{")]
        return [line for line in parsed if line.get("event") == name]

    async def says(
        self, name: str, *, times: int = 1, where: Callable[[dict[str, Any]], bool] = bool
    ) -> dict[str, Any]:
        """Wait until the log has that line (that often), and return the last."""
        try:
            async with asyncio.timeout(30):
                while len(found := [line for line in self.events(name) if where(line)]) < times:
                    assert not self._readers[0].done(), f"it has ended:\n{self.err}"
                    self._changed.clear()
                    await self._changed.wait()
                return found[-1]
        except TimeoutError:
            raise AssertionError(f"no {name!r} in the log:\n{self.err[-3000:]}") from None

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    async def ended(self, within: float = 15) -> int:
        """Its exit status, once it has ended by itself."""
        async with asyncio.timeout(within):
            status = await self.process.wait()
            await asyncio.gather(*self._readers)
        return status

    async def stops(self) -> int:
        self.signal(signal.SIGTERM)
        return await self.ended()

    async def is_killed(self) -> None:
        if self.process.returncode is None:
            self.process.kill()
        await self.ended()
