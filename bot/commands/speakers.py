"""/follow and /unfollow: a chat is told whenever somebody is quoted, in any story."""

from __future__ import annotations

from bot.callbacks import Act, pack
from bot.commands.asking import Ask, Desk, Reply, say
from bot.commands.following import NOT_ALLOWED
from bot.commands.quoting import known_speakers
from bot.delivery.answers import choose_name, choose_speaker
from bot.quotes import matching
from bot.quotes.persons import same_person
from storage import quotes as quote_store
from storage import stories as story_store
from storage import subscriptions
from storage.models import Speaker

LONGEST_NAME = 80


async def on_follow(desk: Desk, ask: Ask) -> Reply:
    """`/follow lavrov`; without a name it says whom the chat follows."""
    if not ask.words:
        return await _followed(desk, ask)
    if len(ask.text) > LONGEST_NAME:
        return say("That is too long for a name.")
    async with desk.database.read() as connection:
        known = await known_speakers(connection, await story_store.all_of(connection))
    people = _people([speaker for _, speaker, _ in known])
    found = matching(ask.text, people).found
    if len(found) == 1:
        return await _follow(desk, ask, people[found[0]].name)
    if not found:  # not quoted yet: told from the first time on
        return await _follow(desk, ask, ask.text)
    ids = {speaker.name: speaker_id for speaker_id, speaker, _ in known}
    names = [people[place].name for place in found]
    return Reply(choose_speaker(ask.text, names, lambda place: pack(Act.FOLLOW_SPEAKER, ids[names[place]])))


def _people(speakers: list[Speaker]) -> list[Speaker]:
    """Everybody once, by the fullest name, however many stories quote him."""
    people: list[Speaker] = []
    for speaker in sorted(speakers, key=lambda one: -len(one.name)):
        if not any(same_person(speaker.name, other.name) for other in people):
            people.append(speaker)
    return people


async def on_unfollow(desk: Desk, ask: Ask) -> Reply:
    async with desk.database.read() as connection:
        names = await subscriptions.speakers_of(connection, ask.chat.id, ask.thread_id)
    if not names:
        return say("This chat follows nobody. /follow and a name begins it.")
    found = matching(ask.text, [Speaker(name=name) for name in names]).found if ask.words else range(len(names))
    if len(found) == 1:
        return await _unfollow(desk, ask, names[found[0]])
    question = "Whom should this chat stop following?"
    return Reply(choose_name(names, lambda place: pack(Act.UNFOLLOW_SPEAKER, place), question))


async def _followed(desk: Desk, ask: Ask) -> Reply:
    async with desk.database.read() as connection:
        names = await subscriptions.speakers_of(connection, ask.chat.id, ask.thread_id)
    if not names:
        return say("Say whom: /follow and any part of a name. /speakers lists who is quoted.")
    return say(f"This chat follows {', '.join(names)}. /unfollow and a name stops it.")


# --- buttons --------------------------------------------------------------------------------------------------------


async def press_follow(desk: Desk, ask: Ask, numbers: tuple[int, ...]) -> Reply:
    async with desk.database.read() as connection:
        found = await quote_store.speaker(connection, numbers[0])
    if found is None:
        return Reply(toast="That speaker is not in the archive any more.")
    return await _follow(desk, ask, found[1].name)


async def press_unfollow(desk: Desk, ask: Ask, numbers: tuple[int, ...]) -> Reply:
    async with desk.database.read() as connection:
        names = await subscriptions.speakers_of(connection, ask.chat.id, ask.thread_id)
    if numbers[0] >= len(names):
        return Reply(toast="This chat does not follow that speaker.")
    return await _unfollow(desk, ask, names[numbers[0]])


async def _follow(desk: Desk, ask: Ask, name: str) -> Reply:
    if not await ask.may_change():
        return Reply(toast=NOT_ALLOWED)
    async with desk.database.write() as connection:
        is_new = await subscriptions.follow_speaker(connection, ask.chat.id, ask.thread_id, name)
    if not is_new:
        return say(f"This chat follows {name} already.")
    return say(f"This chat is told from now on whenever {name} is quoted, in any story. /unfollow {name} stops it.")


async def _unfollow(desk: Desk, ask: Ask, name: str) -> Reply:
    if not await ask.may_change():
        return Reply(toast=NOT_ALLOWED)
    async with desk.database.write() as connection:
        await subscriptions.unfollow_speaker(connection, ask.chat.id, ask.thread_id, name)
    return say(f"This chat follows {name} no longer.")
