"""What the tests of the sandbox hold in their hands: a clock to turn, and a bare client of the Bot API."""

from __future__ import annotations

import json
import struct
import zlib
from typing import Any

import aiohttp

from bot.sandbox import Sandbox


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


# A picture of 3 by 2 grey points.
PNG = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 3, 2, 8, 0, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress(b"\0\x80\x80\x80" * 2))
    + _chunk(b"IEND", b"")
)


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

    async def uploads(self, method: str, files: dict[str, bytes], **params: Any) -> Any:
        """Call with files in a multipart form; returns the result."""
        form = aiohttp.FormData()
        for name, value in params.items():
            form.add_field(name, value if isinstance(value, str) else json.dumps(value))
        for name, data in files.items():
            form.add_field(name, data, filename=f"{name}.bin", content_type="application/octet-stream")
        async with self.http.post(self.url + method, data=form) as response:
            answer: dict[str, Any] = await response.json()
            assert answer["ok"], answer
            return answer["result"]

    async def result(self, method: str, **params: Any) -> Any:
        answer = await self(method, **params)
        assert answer["ok"], answer
        return answer["result"]

    async def updates(self, **params: Any) -> list[dict[str, Any]]:
        """The waiting updates, without their ids."""
        found = await self.result("getUpdates", **params)
        return [{kind: body for kind, body in update.items() if kind != "update_id"} for update in found]
