"""What the tests of the sandbox hold in their hands: a clock to turn, and a bare client of the Bot API."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp

from bot.sandbox import Sandbox


class Clock:
    """Stands still until it is turned."""

    def __init__(self) -> None:
        self.time = datetime(2016, 3, 14, 19, 16, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def turn(self, **by: float) -> None:
        self.time += timedelta(**by)


class Api:
    """Calls methods with JSON bodies, and gives back what was answered."""

    def __init__(self, http: aiohttp.ClientSession, sandbox: Sandbox) -> None:
        self.http = http
        self.url = f"{sandbox.base_url}{sandbox.token}/"

    async def __call__(self, method: str, **params: Any) -> dict[str, Any]:
        async with self.http.post(self.url + method, json=params) as response:
            answer: dict[str, Any] = await response.json()
            assert response.status == answer.get("error_code", 200)
            return answer

    async def result(self, method: str, **params: Any) -> Any:
        answer = await self(method, **params)
        assert answer["ok"], answer
        return answer["result"]

    async def updates(self, **params: Any) -> list[dict[str, Any]]:
        """The waiting updates, without their ids."""
        found = await self.result("getUpdates", **params)
        return [{kind: body for kind, body in update.items() if kind != "update_id"} for update in found]
