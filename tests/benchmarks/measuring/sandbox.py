"""The sandbox as a process of its own: a line of JSON in, a line out, until there are no more lines."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT), str(ROOT / "tests/benchmarks")]

from measuring.stage import Stage  # noqa: E402 - the path comes first: it runs as a script

LONGEST_LINE = 2**26


async def main() -> None:
    stage = Stage()
    reader = asyncio.StreamReader(LONGEST_LINE)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        answer = await stage.answer(**json.loads(line))
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    # Hundreds of thousands of messages are looked through at each collection: for as long as that takes no call would
    # be received, and then all of them within one moment, which is not the bot's doing.
    gc.disable()
    # Nor is it that two cores are shared by all who take part: the real Telegram has its own.
    with suppress(PermissionError):
        os.nice(-10)
    asyncio.run(main())
