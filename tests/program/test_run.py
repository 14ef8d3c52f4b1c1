"""`dateline run` as operators run it: a process that is started, told things by signals, and ended."""

from __future__ import annotations

import signal
import sqlite3
from contextlib import closing

import pytest
from live_world import World, showing
from program_harness import Running

from bot.sandbox import Chat

FIRE = "The fire has spread to a second warehouse."
TOKEN = "7777777:AAsecretSECRETsecretSECRETsecret"


async def _subscribed(world: World, program: Running) -> Chat:
    """Somebody who follows a story that has been read."""
    await program.says("story_read")
    chat = world.sandbox.private("Ann")
    await chat.says("/subscribe harbour")
    await chat.until(lambda _: showing(chat, "Smoke rises"))
    return chat


async def test_it_subscribes_delivers_and_ends(world: World) -> None:
    program = await world.runs()
    assert world.sandbox.commands["default"]
    ann = await _subscribed(world, program)
    world.harbour.publish("19:16 GMT", FIRE)
    await ann.until(lambda _: showing(ann, FIRE))
    assert _listening(program.process.pid) == set(), "it opens no port of its own"

    assert await program.stops() == 0
    assert program.out == b""
    assert program.events("stopped")
    assert [line["chats"] for line in program.events("reach")] == [0]
    assert not [line for line in program.lines if not line.startswith("{")], "every line of the log is JSON"
    assert {line["level"] for line in map(_parsed, program.lines)} <= {"info"}


def _parsed(line: str) -> dict[str, str]:
    import json

    return json.loads(line)  # type: ignore[no-any-return]


async def test_it_goes_on_where_it_was(world: World) -> None:
    program = await world.runs()
    ann = await _subscribed(world, program)
    assert await program.stops() == 0
    world.harbour.publish("19:16 GMT", FIRE)

    await world.runs()
    await ann.until(lambda _: showing(ann, FIRE))
    await ann.says("/latest 1")
    await ann.until(lambda _: showing(ann, FIRE) == 2)
    assert showing(ann, "You now follow") == 1


async def test_what_is_in_flight_is_finished(world: World) -> None:
    """The call is under way when the signal comes: its answer is waited for and kept."""
    program = await world.runs()
    ann = await _subscribed(world, program)
    world.sandbox.faults.next("sendMessage", ann, kind="hold")
    world.harbour.publish("19:16 GMT", FIRE)
    await world.sandbox.until(lambda: world.sandbox.faults.held)

    program.signal(signal.SIGTERM)
    world.sandbox.faults.release()
    assert await program.ended() == 0
    assert showing(ann, FIRE) == 1

    again = await world.runs()
    await world.reads(world.harbour)
    await ann.says("/stories")
    await ann.until(lambda messages: "Fire in the harbour" in messages[-1].text)
    assert showing(ann, FIRE) == 1
    assert not again.events("outcome_unknown")


async def test_what_is_left_is_told_and_sent_after_the_next_start(world: World) -> None:
    people = [world.sandbox.private(f"Reader {number}") for number in range(40)]
    world.configure(rate=20)
    await world.follows(people)
    program = await world.runs()
    await program.says("story_read")
    world.harbour.publish("19:16 GMT", FIRE)
    await world.sandbox.until(lambda: world.calls("sendMessage") >= 3)

    assert await program.stops() == 0
    left = [chat for chat in people if not showing(chat, FIRE)]
    assert [(line["story"], line["chats_behind"]) for line in program.events("left")] == [("harbour", len(left))]

    world.configure()
    await world.runs()
    await world.sandbox.until(lambda: all(showing(chat, FIRE) for chat in people))
    assert {showing(chat, FIRE) for chat in people} == {1}


async def test_stories_are_read_again_on_a_signal(world: World) -> None:
    program = await world.runs()
    ann = await _subscribed(world, program)
    world.configure(world.summit)
    program.signal(signal.SIGHUP)
    await program.says("stories_read_again")
    assert [line["story"] for line in program.events("story_no_longer_watched")] == ["harbour"]
    await world.sandbox.until(lambda: world.summit.asked >= 2)

    await ann.says("/stories")
    await ann.until(lambda messages: "The summit" in messages[-1].text)
    asked = world.harbour.asked
    await world.reads(world.summit, 3)
    assert world.harbour.asked == asked, "what the configuration no longer names is not read"
    await ann.says("/latest 1")
    await ann.until(lambda _: showing(ann, "Smoke rises") == 2)
    assert await program.stops() == 0


async def test_what_goes_wrong_when_stories_are_read_again_changes_nothing(world: World) -> None:
    program = await world.runs()
    await program.says("story_read")
    with closing(sqlite3.connect(world.folder / "dateline.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        program.signal(signal.SIGHUP)
        line = await program.says("stories_not_read")
    assert "is locked: another program is writing to it" in line["reason"]

    program.signal(signal.SIGHUP)
    await program.says("stories_read_again")

    world.config.write_text("[telegramm]\n")
    program.signal(signal.SIGHUP)
    line = await program.says("configuration_not_read")
    assert line["reason"].endswith("telegramm is not a key that Dateline knows.")
    await world.reads(world.harbour)
    program.signal(signal.SIGINT)
    assert await program.ended() == 0


# --- the token ------------------------------------------------------------------------------------------------------


async def test_a_wrong_token_ends_it_with_one_sentence(world: World) -> None:
    world.configure(token=TOKEN)
    program = await world.runs(ready=False)
    assert await program.ended() == 1
    assert program.err == (
        "dateline: Telegram does not accept telegram.token: ask @BotFather for it again and correct "
        "the configuration.\n"
    )
    assert program.out == b""


async def test_a_token_that_is_taken_back_ends_it_with_one_sentence(world: World) -> None:
    program = await world.runs()
    await world.reads(world.harbour)
    world.sandbox.faults.next("getUpdates", kind="401", reason="Unauthorized")
    await world.sandbox.private("Ann").says("/help")  # ends the long poll; the next one is refused
    assert await program.ended() == 1
    assert program.lines[-1].startswith("dateline: ")
    assert "telegram.token" in program.lines[-1]
    assert "Traceback" not in program.lines[-1]


async def test_the_token_is_in_no_line_at_any_level(world: World) -> None:
    program = await world.runs("--log-level", "debug")
    ann = await _subscribed(world, program)
    world.harbour.publish("19:16 GMT", FIRE)
    world.sandbox.faults.next("sendMessage", ann, kind="502")
    world.sandbox.faults.next("getUpdates", kind="cut-after")
    await ann.until(lambda _: showing(ann, FIRE))
    assert await program.stops() == 0
    token = world.sandbox.token
    secret = token.partition(":")[2]
    assert "sendMessage" in program.err, "debug lines do show the calls"
    for said in (program.err, program.out.decode()):
        assert token not in said
        assert secret not in said
        assert "Traceback" not in "".join(line for line in said.splitlines() if not line.startswith("{"))


# --- an imperfect world ---------------------------------------------------------------------------------------------


async def test_telegram_is_away_at_the_start(world: World) -> None:
    address = world.sandbox.address
    await world.sandbox.stop()
    program = await world.runs(ready=False)
    line = await program.says("telegram_not_reached")
    assert line["retry_in"] == 1.0

    await world.sandbox.start(port=int(address.rstrip("/").rpartition(":")[2]))
    await program.says("running")
    await _subscribed(world, program)
    assert await program.stops() == 0


async def test_it_can_be_ended_while_telegram_is_away(world: World) -> None:
    world.configure(base_url="http://127.0.0.1:9/bot")
    program = await world.runs(ready=False)
    await program.says("telegram_not_reached")
    program.signal(signal.SIGTERM)
    assert await program.ended(within=5) == 0


async def test_telegram_asks_to_wait_at_the_start(world: World) -> None:
    world.sandbox.faults.next("getMe", kind="429", retry_after=1)
    program = await world.runs(ready=False)
    line = await program.says("telegram_not_reached")
    assert line["retry_in"] >= 1
    await program.says("running")
    assert await program.stops() == 0


def _listening(pid: int) -> set[str]:
    """The sockets on which a process listens, as Linux tells."""
    from pathlib import Path

    folder = Path(f"/proc/{pid}")
    if not folder.exists():
        pytest.skip("there is no /proc here")
    own = {link.readlink().name.removeprefix("socket:[").rstrip("]") for link in (folder / "fd").iterdir()}
    rows = [line.split() for name in ("tcp", "tcp6") for line in (folder / "net" / name).read_text().splitlines()[1:]]
    return {row[9] for row in rows if row[3] == "0A"} & own
