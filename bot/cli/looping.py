"""What keeps the loop of a program quick that runs for days and speaks to many.

Each measured with 10,000 chats at 1,000 messages a second (`make benchmark ARGS=10000`), together about a fifth of the
processor's time: uvloop, fewer looks for garbage of which there is hardly any, and none among what the start imported.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Coroutine
from typing import Any

NEW_OBJECTS = 10_000  # between two looks for garbage in circles; Python's own is 700
LONGEST_TURN = 0.001  # seconds for which the loop keeps the database's thread waiting; Python's own is 5 ms


def run_long(work: Coroutine[Any, Any, Any]) -> Any:
    """Like `asyncio.run`."""
    gc.set_threshold(NEW_OBJECTS)
    sys.setswitchinterval(LONGEST_TURN)
    try:
        import uvloop
    except ImportError:  # it is not made for every system
        return asyncio.run(work)
    return uvloop.run(work)


def leave_to_stay() -> None:
    """What is there by now is needed to the end: no look for garbage goes through it any more."""
    gc.collect()
    gc.freeze()
