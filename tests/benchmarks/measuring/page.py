"""A live page over HTTP: an Atom feed, since that says itself what was corrected and what was taken down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from aiohttp import web

from measuring.marks import mark
from measuring.truth import Expected

OLD = 0  # the entry that is there from the beginning, and no news to anybody
TEXT = (
    "The fire on the quay is marked {mark} in the harbour's log; {people} people were brought to safety and the crews "
    "of three towns keep the water on the roofs of the warehouses while the wind from the sea is falling."
)


@dataclass
class _Update:
    published: datetime
    updated: datetime
    revision: int = 0
    people: int = 12
    is_withdrawn: bool = False


class Page:
    """Entries by number, 1 and up. What changes is on the page at its next reading."""

    def __init__(self) -> None:
        now = datetime.now(UTC)
        self._updates: dict[int, _Update] = {OLD: _Update(now, now)}
        self._runner: web.AppRunner | None = None
        self.asked: list[float] = []  # when it was read

    async def start(self) -> str:
        """Its address."""
        app = web.Application()
        app.router.add_get("/live", self._serve)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}/live"

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def publish(self) -> int:
        """A new entry; returns its number."""
        now, number = datetime.now(UTC), len(self._updates)
        self._updates[number] = _Update(now, now)
        return number

    def correct(self, number: int, *, matters: bool = False) -> None:
        """The next revision; where it `matters` a number has changed, which is told beside the edit."""
        update = self._updates[number]
        update.revision += 1
        update.people += int(matters)
        update.updated = datetime.now(UTC)

    def withdraw(self, number: int) -> None:
        update = self._updates[number]
        update.is_withdrawn, update.updated = True, datetime.now(UTC)

    def expected(self) -> dict[int, Expected]:
        """What every chat should show."""
        return {
            number: Expected(update.revision, update.is_withdrawn)
            for number, update in self._updates.items()
            if number != OLD
        }

    async def _serve(self, _: web.Request) -> web.Response:
        self.asked.append(datetime.now(UTC).timestamp())
        updates = "".join(_entry(number, update) for number, update in reversed(self._updates.items()))
        feed = (
            '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0">'
            f"<id>urn:harbour</id><title>Fire in the harbour</title>{updates}</feed>"
        )
        return web.Response(text=feed, content_type="application/atom+xml")


def _entry(number: int, update: _Update) -> str:
    if update.is_withdrawn:
        return f'<at:deleted-entry ref="urn:harbour:{number}" when="{update.updated.isoformat()}"/>'
    text = TEXT.format(mark=mark(number, update.revision), people=update.people)
    return (
        f"<entry><id>urn:harbour:{number}</id><title/><published>{update.published.isoformat()}</published>"
        f"<updated>{update.updated.isoformat()}</updated><content>{text}</content></entry>"
    )
