"""Our end of the line to the sandbox's process."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from measuring.truth import Expected

SCRIPT = Path(__file__).with_name("sandbox.py")
LONGEST_LINE = 2**26
SLACK = 60.0  # seconds, for what takes no time of its own


class Telegram:
    """The other process; `ask` names one of the stage's verbs."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self.token = self.base_url = ""

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(SCRIPT),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=LONGEST_LINE,
        )
        answer = await self.ask("start")
        self.token, self.base_url = answer["token"], answer["base_url"]

    async def stop(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def ask(self, do: str, **values: Any) -> dict[str, Any]:
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": do, **values}).encode() + b"\n")
        async with asyncio.timeout(values.get("timeout", 0.0) + SLACK):
            line = await self._process.stdout.readline()
        answer: dict[str, Any] = json.loads(line)
        return answer

    async def comes_true(self, expected: dict[int, Expected], timeout: float) -> bool:  # noqa: ASYNC109
        """Wait until every living chat shows this."""
        return bool((await self.ask("true", expected=_plain(expected), timeout=timeout))["came"])

    async def judge(self, expected: dict[int, Expected]) -> dict[str, Any]:
        return await self.ask("judge", expected=_plain(expected))


def _plain(expected: dict[int, Expected]) -> dict[int, list[Any]]:
    return {number: list(one) for number, one in expected.items()}
