"""Chats, and the positions of their subscriptions in the stories' logs.

pick_up    behind the head and free to be served     (story_id, cursor, chat_id) WHERE active = 1 AND next_at IS NULL
waiting    has to wait until next_at                 (next_at) WHERE active = 1 AND next_at IS NOT NULL
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.locks import alone
from storage.models import Chat, Recap, Settings, StoryState, Subscription
from storage.schema import chats, message_entries, messages, stories, subscriptions

ONE: sa.ColumnClause[int] = sa.literal_column("1")  # see schema: a bound 1 would lose the partial indexes
ZERO: sa.ColumnClause[int] = sa.literal_column("0")

_with_chat: sa.Select[Any] = sa.select(
    *(column for column in subscriptions.c if column.name not in ("wanted", "active")),
    subscriptions.c.active.label("is_active"),
    chats.c.type.label("chat_type"),
).join(chats, chats.c.id == subscriptions.c.chat_id)
_served = (subscriptions.c.active == ONE) & (subscriptions.c.next_at.is_(None))


# --- chats ----------------------------------------------------------------------------------------------------------


async def meet(connection: AsyncConnection, chat: Chat) -> bool:
    """Note that the chat has spoken. Returns True if it had been given up: its subscriptions are served again."""
    query = sa.select(chats).where(chats.c.id == chat.id)
    row = (await connection.execute(query)).first()
    if row is None:
        await alone(connection, "chat", chat.id)
        row = (await connection.execute(query)).first()
    if row is None:
        await connection.execute(chats.insert().values(id=chat.id, type=chat.type, title=chat.title, is_active=1))
        return False
    if row.is_active and (row.type, row.title) == (chat.type, chat.title):
        return False
    values = {"type": chat.type, "title": chat.title, "is_active": 1}
    await connection.execute(chats.update().where(chats.c.id == chat.id).values(**values))
    if row.is_active:
        return False
    back = (subscriptions.c.chat_id == chat.id) & (subscriptions.c.wanted == ONE)
    revived = {"active": 1, "recap": int(Recap.MISSED), "next_at": None, "failures": 0}
    await connection.execute(subscriptions.update().where(back).values(**revived))
    return True


async def give_up(connection: AsyncConnection, chat_id: int) -> None:
    """The chat cannot be reached any more; what it chose is kept for when it comes back."""
    await connection.execute(chats.update().where(chats.c.id == chat_id).values(is_active=0))
    await connection.execute(subscriptions.update().where(subscriptions.c.chat_id == chat_id).values(active=0))


async def migrate(connection: AsyncConnection, old: int, new: int) -> None:
    """A group became the supergroup `new`: rewrite its id, merge where that one follows a story already.

    What was shown under the old id stays on record as shown, but can never be edited.
    """
    for chat_id in sorted((old, new)):  # the service message and the refused call may come at the same time
        await alone(connection, "chat", chat_id)
    title = await _title(connection, old)
    if title is None:  # told twice: by a service message and by a refused call
        return
    await meet(connection, Chat(id=old, type="group", title=title))  # it may seem to have put the bot out before
    await meet(connection, Chat(id=new, type="supergroup", title=title))
    await connection.execute(
        messages.update()
        .where(messages.c.subscription_id.in_(sa.select(subscriptions.c.id).where(subscriptions.c.chat_id == old)))
        .values(is_frozen=1)
    )
    for row in await connection.execute(sa.select(subscriptions).where(subscriptions.c.chat_id == old)):
        same = (
            (subscriptions.c.chat_id == new)
            & (subscriptions.c.thread_id == row.thread_id)
            & (subscriptions.c.story_id == row.story_id)
            & (subscriptions.c.speaker == row.speaker)
        )
        twin = (await connection.execute(sa.select(subscriptions).where(same))).first()
        if twin is None:
            here = subscriptions.update().where(subscriptions.c.id == row.id)
            await connection.execute(here.values(chat_id=new, next_at=None, failures=0))
        else:
            await _merge(connection, row, twin)
    await connection.execute(chats.delete().where(chats.c.id == old))


async def _title(connection: AsyncConnection, chat_id: int) -> str | None:
    """None if the chat is not known."""
    title: str | None = (await connection.execute(sa.select(chats.c.title).where(chats.c.id == chat_id))).scalar()
    return title


async def _merge(connection: AsyncConnection, old: sa.Row[Any], kept: sa.Row[Any]) -> None:
    """Both were served up to some cursor; from the lower one on, what either has shown is left out again.

    What was chosen in the supergroup was chosen later: one that stopped there is not started again.
    """
    for table in (messages, message_entries):
        moved = table.update().where(table.c.subscription_id == old.id).values(subscription_id=kept.id)
        await connection.execute(moved)
    if old.active and kept.active:
        here = subscriptions.update().where(subscriptions.c.id == kept.id)
        await connection.execute(here.values(cursor=min(old.cursor, kept.cursor)))
    await connection.execute(subscriptions.delete().where(subscriptions.c.id == old.id))


# --- what a chat chooses --------------------------------------------------------------------------------------------


async def subscribe(connection: AsyncConnection, chat_id: int, thread_id: int, story_id: int) -> bool:
    """Follow the story from its head on, with a recap to send. Returns False if the chat follows it already."""
    await alone(connection, "chat", chat_id)
    head = (await connection.execute(sa.select(stories.c.head).where(stories.c.id == story_id))).scalar_one()
    row = (await connection.execute(sa.select(subscriptions).where(_place(chat_id, thread_id, story_id)))).first()
    if row is None:
        values = {"chat_id": chat_id, "thread_id": thread_id, "story_id": story_id, "settings": {}}
        fresh = {"wanted": 1, "active": 1, "cursor": head, "since": head, "recap": int(Recap.WELCOME)}
        await connection.execute(subscriptions.insert().values(**values, **fresh))
        return True
    if row.active:
        return False
    # The cursor moves to the head when the recap of what lies between is sent.
    back = {"wanted": 1, "active": 1, "recap": int(Recap.MISSED), "next_at": None, "failures": 0}
    await connection.execute(subscriptions.update().where(subscriptions.c.id == row.id).values(**back))
    return True


async def unsubscribe(connection: AsyncConnection, chat_id: int, thread_id: int, story_id: int) -> bool:
    """Stop, keeping cursor and messages. Returns False if the chat did not follow the story."""
    here = _place(chat_id, thread_id, story_id) & (subscriptions.c.wanted == ONE)
    query = subscriptions.update().where(here).values(wanted=0, active=0).returning(subscriptions.c.id)
    return (await connection.execute(query)).first() is not None


async def choose(connection: AsyncConnection, chat_id: int, thread_id: int, story_id: int, settings: Settings) -> None:
    here = _place(chat_id, thread_id, story_id)
    await connection.execute(subscriptions.update().where(here).values(settings=settings.model_dump()))


async def of_chat(connection: AsyncConnection, chat_id: int, thread_id: int) -> list[Subscription]:
    """The stories that this chat (or topic) follows."""
    rows = await connection.execute(_with_chat.where(_here(chat_id, thread_id), subscriptions.c.active == ONE))
    return [_subscription(row) for row in rows]


def _place(chat_id: int, thread_id: int, story_id: int) -> sa.ColumnElement[bool]:
    return _here(chat_id, thread_id) & (subscriptions.c.story_id == story_id)


def _here(chat_id: int, thread_id: int, speaker: str = "") -> sa.ColumnElement[bool]:
    return (
        (subscriptions.c.chat_id == chat_id)
        & (subscriptions.c.thread_id == thread_id)
        & (subscriptions.c.speaker == speaker)
    )


# --- whom a chat follows --------------------------------------------------------------------------------------------


async def follow_speaker(connection: AsyncConnection, chat_id: int, thread_id: int, speaker: str) -> bool:
    """Be told of every entry that quotes the speaker, in any story, from now on. False if the chat is already."""
    await alone(connection, "chat", chat_id)
    here = subscriptions.update().where(_here(chat_id, thread_id, speaker))
    again = {"wanted": 1, "active": 1, "next_at": None, "recap": 0}
    query = here.where(subscriptions.c.wanted == ZERO).values(**again, cursor=_head_of_story, since=_head_of_story)
    did = (await connection.execute(query.returning(subscriptions.c.id))).all()
    missing = sa.select(stories.c.id).where(
        stories.c.id.not_in(sa.select(subscriptions.c.story_id).where(_here(chat_id, thread_id, speaker)))
    )
    rows = [
        {"chat_id": chat_id, "thread_id": thread_id, "story_id": story_id, "speaker": speaker, **FOLLOWING}
        for story_id in (await connection.execute(missing)).scalars().all()
    ]
    await _insert_at_head(connection, rows)
    return bool(did or rows)


_head_of_story = (
    sa.select(stories.c.head).where(stories.c.id == subscriptions.c.story_id).correlate(subscriptions).scalar_subquery()
)
FOLLOWING = {"wanted": 1, "active": 1, "settings": {}, "recap": 0}


async def _insert_at_head(connection: AsyncConnection, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        head = sa.select(stories.c.head).where(stories.c.id == row["story_id"]).scalar_subquery()
        await connection.execute(subscriptions.insert().values(**row, cursor=head, since=head))


async def unfollow_speaker(connection: AsyncConnection, chat_id: int, thread_id: int, speaker: str) -> bool:
    """Stop being told of the speaker. False if the chat was not."""
    here = _here(chat_id, thread_id, speaker) & (subscriptions.c.wanted == ONE)
    query = subscriptions.update().where(here).values(wanted=0, active=0).returning(subscriptions.c.id)
    return (await connection.execute(query)).first() is not None


async def speakers_of(connection: AsyncConnection, chat_id: int, thread_id: int) -> list[str]:
    """Whom this chat follows, by name."""
    here = (subscriptions.c.chat_id == chat_id) & (subscriptions.c.thread_id == thread_id)
    wanted = (subscriptions.c.wanted == ONE) & (subscriptions.c.speaker != "")
    query = sa.select(subscriptions.c.speaker).where(here, wanted).distinct()
    return sorted((await connection.execute(query)).scalars())  # here: the databases sort by rules of their own


async def extend_to(connection: AsyncConnection, story_id: int) -> None:
    """A story is new: whoever follows a speaker follows him there too."""
    followed = (subscriptions.c.speaker != "") & (subscriptions.c.wanted == ONE)
    query = sa.select(
        subscriptions.c.chat_id, subscriptions.c.thread_id, subscriptions.c.speaker, chats.c.is_active
    ).join(chats, chats.c.id == subscriptions.c.chat_id)
    rows = [
        {
            **FOLLOWING,
            "chat_id": row.chat_id,
            "thread_id": row.thread_id,
            "speaker": row.speaker,
            "story_id": story_id,
            "active": row.is_active,
        }
        for row in await connection.execute(query.where(followed).distinct())
    ]
    await _insert_at_head(connection, rows)


async def follows_story(connection: AsyncConnection, subscription: Subscription) -> bool:
    """Whether the chat follows all of that story beside this subscription about a speaker."""
    place = _place(subscription.chat_id, subscription.thread_id, subscription.story_id)
    query = sa.select(subscriptions.c.id).where(place, subscriptions.c.active == ONE)
    return (await connection.execute(query)).first() is not None


# --- serving --------------------------------------------------------------------------------------------------------


async def by_id(connection: AsyncConnection, subscription_id: int) -> Subscription | None:
    row = (await connection.execute(_with_chat.where(subscriptions.c.id == subscription_id))).first()
    return _subscription(row) if row else None


async def by_ids(connection: AsyncConnection, ids: Collection[int]) -> dict[int, Subscription]:
    rows = await connection.execute(_with_chat.where(subscriptions.c.id.in_(ids)))
    return {row.id: _subscription(row) for row in rows}


async def stories_behind(connection: AsyncConnection) -> list[tuple[int, int]]:
    """(id, head) of the stories that somebody is to be told of."""
    is_behind = _served & (subscriptions.c.story_id == stories.c.id) & (subscriptions.c.cursor < stories.c.head)
    is_told = (stories.c.state != StoryState.DRAFT.value) & (stories.c.is_paused == ZERO)
    query = sa.select(stories.c.id, stories.c.head).where(is_told, sa.exists().where(is_behind))
    return [(row.id, row.head) for row in await connection.execute(query.order_by(stories.c.id))]


def behind_query(story_id: int, head: int, limit: int) -> sa.Select[Any]:
    """(id, chat) of those that are behind, the lowest cursor first; of one cursor groups and channels first.

    Where several processes ask at the same moment each is told others.
    """
    query = sa.select(subscriptions.c.id, subscriptions.c.chat_id).where(subscriptions.c.story_id == story_id, _served)
    query = query.where(subscriptions.c.cursor < head)
    query = query.order_by(subscriptions.c.cursor, subscriptions.c.chat_id)
    return query.limit(limit).with_for_update(skip_locked=True)


async def behind(connection: AsyncConnection, story_id: int, head: int, limit: int) -> list[tuple[int, int]]:
    """(id, chat) of up to `limit` subscriptions to serve."""
    return [(row.id, row.chat_id) for row in await connection.execute(behind_query(story_id, head, limit))]


def recaps_query(limit: int) -> sa.Select[Any]:
    """(id, chat) of subscriptions that wait for a recap of a story that has been read."""
    ready = sa.select(stories.c.id).where(stories.c.first_read_at.is_not(None))
    query = sa.select(subscriptions.c.id, subscriptions.c.chat_id).where(_served, subscriptions.c.recap > ZERO)
    # Not by id alone: for the few that wait PostgreSQL would walk through all that do not, in the order of their ids.
    query = query.where(subscriptions.c.story_id.in_(ready))
    return query.order_by(subscriptions.c.story_id, subscriptions.c.id).limit(limit)


async def is_recap_due(connection: AsyncConnection) -> bool:
    return (await connection.execute(recaps_query(1))).first() is not None


async def recaps_due(connection: AsyncConnection, limit: int) -> list[tuple[int, int]]:
    """(id, chat) of up to `limit` subscriptions to serve with a recap."""
    rows = await connection.execute(recaps_query(limit).with_for_update(skip_locked=True))
    return [(row.id, row.chat_id) for row in rows]


async def count_active(connection: AsyncConnection) -> dict[int, int]:
    """How many subscriptions each story has."""
    whole = (subscriptions.c.active == ONE) & (subscriptions.c.speaker == "")
    query = sa.select(subscriptions.c.story_id, sa.func.count()).where(whole)
    return {row[0]: row[1] for row in await connection.execute(query.group_by(subscriptions.c.story_id))}


async def move(
    connection: AsyncConnection, subscription_id: int, cursor: int, sounded_at: datetime | None = None
) -> None:
    """It has been served up to `cursor`, its recap included."""
    values: dict[str, Any] = {"cursor": cursor, "recap": 0, "failures": 0}
    if sounded_at is not None:
        values["sounded_at"] = sounded_at
    await connection.execute(subscriptions.update().where(subscriptions.c.id == subscription_id).values(**values))


async def wait(
    connection: AsyncConnection, subscription_id: int, until: datetime, *, failures: int | None = None
) -> None:
    """Leave the subscription alone until then."""
    values: dict[str, Any] = {"next_at": until}
    if failures is not None:
        values["failures"] = failures
    await connection.execute(subscriptions.update().where(subscriptions.c.id == subscription_id).values(**values))


async def hold_chat(connection: AsyncConnection, chat_id: int, until: datetime) -> None:
    """Leave all subscriptions of the chat alone until then; a longer wait stays."""
    here = (subscriptions.c.chat_id == chat_id) & (subscriptions.c.active == ONE)
    shorter = (subscriptions.c.next_at.is_(None)) | (subscriptions.c.next_at < until)
    await connection.execute(subscriptions.update().where(here, shorter).values(next_at=until))


async def stop_topic(connection: AsyncConnection, chat_id: int, thread_id: int) -> None:
    """The topic is closed or gone: its subscriptions rest."""
    here = (subscriptions.c.chat_id == chat_id) & (subscriptions.c.thread_id == thread_id)
    await connection.execute(subscriptions.update().where(here).values(wanted=0, active=0))


_waiting = (subscriptions.c.active == ONE) & (subscriptions.c.next_at.is_not(None))


async def wake(connection: AsyncConnection, now: datetime) -> None:
    """Free those whose wait is over."""
    over = _waiting & (subscriptions.c.next_at <= now)
    await connection.execute(subscriptions.update().where(over).values(next_at=None))


def next_wake_query() -> sa.Select[Any]:
    return sa.select(subscriptions.c.next_at).where(_waiting).order_by(subscriptions.c.next_at).limit(1)


async def next_wake(connection: AsyncConnection) -> datetime | None:
    """When the next wait ends; None if nobody waits."""
    moment: datetime | None = (await connection.execute(next_wake_query())).scalar()
    return moment


def _subscription(row: sa.Row[Any]) -> Subscription:
    return Subscription.model_validate(dict(row._mapping))
