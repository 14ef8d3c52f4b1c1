"""A replay as others meet it: the live page, and `/api/replay`, where the chat page (or a test) steers it.

GET  /live/<name>    the page as it stands now
GET  /api/replay     what was published, what waits
POST /api/replay     {"action": "pause" | "resume" | "next" | "correct" | "withdraw", "number", "text", "speed"}
"""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any

from aiohttp import web

from bot.sandbox.jsonhttp import answer, body_of, integer_in, refusal, text_in
from bot.sandbox.replay import Happening, Replay
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.signals import Signal

SECONDS_AN_ENTRY = 3.0
_HEADERS = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
# The page is another site's, though this server serves it: it gets an origin of its own, and can ask for nothing.
_FOREIGN = (
    "sandbox allow-scripts allow-popups; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'"
)


class Live:
    """Serves a replay. `next` gives what happens, in its time or by hand; whoever asks must then let it be read."""

    def __init__(self, replay: Replay, sandbox: Sandbox, name: str, title: str) -> None:
        self.replay = replay
        self.title = title
        self.path = f"/live/{name}"
        self._sandbox = sandbox
        self._by_hand: list[Happening] = []
        self._touched = Signal()
        sandbox.mount(
            [
                web.get(self.path, self._page),
                web.get("/api/replay", self._state),
                web.post("/api/replay", self._steer),
            ]
        )

    @property
    def address(self) -> str:
        return self._sandbox.address.rstrip("/") + self.path

    @property
    def is_touched(self) -> bool:
        """Something was done by hand that `next` has not given yet."""
        return bool(self._by_hand)

    async def next(self, after: float | None = None) -> list[Happening]:
        """What happens next: all that was done by hand, or else what is due (`after` seconds, else by the replay's
        speed).

        Waits as long as the replay is paused, or over and untouched.
        """
        clock = asyncio.get_running_loop()
        since = clock.time()
        while not self._by_hand:
            pause = SECONDS_AN_ENTRY / self.replay.speed if after is None else after
            left = None if self.replay.is_paused or self.replay.is_over else since + pause - clock.time()
            if left is not None and left <= 0:
                if happening := self.replay.step():
                    self._tell()
                    return [happening]
                continue
            try:
                async with asyncio.timeout(left):
                    await self._touched.wait()
            except TimeoutError:
                pass
        done, self._by_hand = list(self._by_hand), []
        return done

    def _tell(self) -> None:
        """The replay has changed: those who wait and those who watch look again."""
        self._touched.fire()
        self._sandbox.world.events.add("replay")
        self._sandbox.world.changed.fire()

    # --- over HTTP ------------------------------------------------------------------------------------------------

    async def _page(self, request: web.Request) -> web.Response:
        body = self.replay.page.encode("utf-8", "replace")
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        headers = {**_HEADERS, "ETag": etag, "Content-Security-Policy": _FOREIGN}
        return web.Response(body=body, content_type=self.replay.content_type, charset="utf-8", headers=headers)

    async def _state(self, _: web.Request) -> web.Response:
        return answer({"title": self.title, "address": self.address, **self.replay.view})

    async def _steer(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        speed = body.get("speed")
        if speed is not None and not _is_speed(speed):
            raise refusal(400, "'speed' is not a number above 0.")
        action = body.get("action")
        if action is None and speed is None:
            raise refusal(400, "'action' is missing: pause, resume, next, correct or withdraw.")
        if action is not None:
            self._act(action, body)
        if speed is not None:
            self.replay.set_speed(speed)
        self._tell()
        return await self._state(request)

    def _act(self, action: object, body: dict[str, Any]) -> None:
        """Do it. Raises ImpossibleError, which is answered with 409."""
        if action in ("pause", "resume"):
            self.replay.is_paused = action == "pause"
        elif action == "next":
            self._by_hand += self.replay.next_entry()
        elif action in ("correct", "withdraw"):
            number = integer_in(body, "number")
            if number is None:
                raise refusal(400, "'number' is missing: the entry that is meant.")
            text = text_in(body, "text") if body.get("text") is not None else None
            done = self.replay.withdraw(number) if action == "withdraw" else self.replay.correct(number, text)
            self._by_hand.append(done)
        else:
            raise refusal(400, "'action' is not one of pause, resume, next, correct and withdraw.")


def _is_speed(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < float("inf")
