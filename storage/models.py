"""The nouns of Dateline, as data.

Every other module speaks in these. They hold no behaviour beyond small derived facts, and import nothing of ours.

Text is plain: paragraphs parted by one empty line. What is bold, a link or a tweet is said by spans, whose offsets
count code points of that text, so that text can be cut, compared and searched without ever breaking a tag.

Times are aware and UTC inside; `stamp` keeps what the page printed.
"""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict


class Frozen(BaseModel):
    """Base of all nouns: values, not objects with a life of their own."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


# --- rich text ------------------------------------------------------------------------------------------------------

SpanKind = Literal["bold", "italic", "underline", "strike", "code", "pre", "link", "blockquote", "heading", "tweet"]


class Span(Frozen):
    """A stretch of a text with a meaning: `text[start:end]`, in code points.

    `url` is where a link leads; for a tweet it is the tweet's address, if the page names it. `author` is the account
    (or printed name) behind a tweet, as the page writes it, without a leading @.
    """

    start: int
    end: int
    kind: SpanKind
    url: str | None = None
    author: str | None = None


class Media(Frozen):
    """A picture or a video of an entry; `caption` is the page's, else empty."""

    kind: Literal["image", "video"]
    url: str
    caption: str = ""


class Link(Frozen):
    """A link of an entry, as other programs are shown it."""

    text: str
    url: str


# --- what one reading gives -----------------------------------------------------------------------------------------


class Content(Frozen):
    """What an update says at one moment: the part that a correction changes."""

    published_at: AwareDatetime
    stamp: str  # as printed: "19:16 GMT"
    title: str = ""
    text: str = ""
    spans: tuple[Span, ...] = ()
    media: tuple[Media, ...] = ()
    is_key: bool = False
    url: str | None = None  # the entry's own address on the page, where it has one

    @property
    def is_empty(self) -> bool:
        return not (self.title.strip() or self.text.strip() or self.media)

    @property
    def links(self) -> tuple[Link, ...]:
        return tuple(
            Link(text=self.text[span.start : span.end], url=span.url)
            for span in self.spans
            if span.kind == "link" and span.url
        )


class ParsedEntry(Content):
    """An entry as a page shows it, before the store is asked whether it is known.

    `key` is the source's own id, or one made from the stamp, an ordinal and the words; unique in its page.
    `withdrawn` is set where the page itself says that this entry was taken down.
    """

    key: str
    withdrawn: bool = False


class Page(Frozen):
    """What one reading of a source gave.

    `entries` are newest first. `covers_from` is the oldest moment of which the page shows everything (None: it makes no
    such promise, and nothing can be concluded from absence). `deleted` holds keys that the source says are gone
    (`is_withdrawn`: all that its pages ever showed), `absent` those that one of our own exports says were no longer on
    their page.
    `has_ids` tells whether keys come from the source and so survive an edit. `asks` is how many seconds the page itself
    wants between two readings (a feed's ttl, a widget's refresh interval). `elsewhere` names, by key, the entries whose
    words do not stand on the page, each with the address that it is asked for at (empty where nobody knows that).
    """

    title: str = ""
    format: str = ""
    entries: tuple[ParsedEntry, ...] = ()
    covers_from: AwareDatetime | None = None
    deleted: tuple[str, ...] = ()
    is_withdrawn: bool = False
    absent: tuple[str, ...] = ()
    has_ids: bool = False
    ended: bool | None = None
    asks: float | None = None
    elsewhere: dict[str, str] = {}
    warnings: tuple[str, ...] = ()


# --- what the store keeps -------------------------------------------------------------------------------------------


class StoryState(StrEnum):
    DRAFT = "draft"  # an administrator looks at it; nobody can follow it yet
    LIVE = "live"
    ENDED = "ended"


class Origin(StrEnum):
    """Where an entry came from; only what a page showed can be missing from it."""

    PAGE = "page"
    PUSHED = "pushed"


class Story(Frozen):
    """One live coverage and how its source is read. `head` is the newest `seq` of its log."""

    id: int
    slug: str
    title: str
    state: StoryState = StoryState.LIVE
    source: str
    format: str = "auto"
    found_format: str = ""  # what "auto" turned out to be
    every: float = 20.0  # seconds
    timezone: str = "GMT"
    show: Literal["full", "lead"] = "full"
    max_new: int = 10
    link_parameters: str = ""  # added to links to the page, for the newsroom's statistics: "utm_source=telegram"
    is_watched: bool = True  # false once the config no longer names it; its archive stays
    is_paused: bool = False  # an administrator holds it: it is neither read nor told
    opened_by: int | None = None  # the administrator who opened it in a chat; None: the config names it
    head: int = 0
    first_read_at: AwareDatetime | None = None
    read_at: AwareDatetime | None = None
    changed_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None
    next_poll_at: AwareDatetime | None = None
    failures: int = 0
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None

    @property
    def link(self) -> str | None:
        """The page's public address; a file has none."""
        return self.linked(self.source) if self.source.startswith(("http://", "https://")) else None

    def linked(self, address: str) -> str:
        """An address on the page with the story's parameters added."""
        if not self.link_parameters:
            return address
        place, mark, fragment = address.partition("#")
        return f"{place}{'&' if '?' in place else '?'}{self.link_parameters}{mark}{fragment}"


class Standing(StrEnum):
    """Whether an entry still stands on its page."""

    SHOWN = "shown"
    DELETED = "deleted"  # the source says so
    ABSENT = "absent"  # only missing from several readings


class Revision(Content):
    """One state of an entry. Nothing is overwritten: a correction adds the next number."""

    entry_id: int
    number: int
    at: AwareDatetime  # when we learnt of it
    standing: Standing = Standing.SHOWN

    @property
    def is_sendable(self) -> bool:
        """There is something to show, and it stands."""
        return self.standing is Standing.SHOWN and not self.is_empty


class Entry(Revision):
    """An update as it is now: its newest revision, with what belongs to the entry for good.

    `is_late`: the page inserted it between entries that were known already; `added_at` is when we first saw it.
    `absences` counts the readings in a row that should have shown it and did not.
    """

    story_id: int
    key: str
    added_at: AwareDatetime
    origin: Origin = Origin.PAGE
    published_seq: int | None = None  # its place in the log; None where the first reading brought it
    is_late: bool = False
    absences: int = 0

    @property
    def id(self) -> int:
        return self.entry_id


class EventKind(StrEnum):
    PUBLISHED = "published"
    CORRECTED = "corrected"
    RETRACTED = "retracted"
    ENDED = "ended"  # the coverage; the entry is its last


class Event(Frozen):
    """A row of a story's log. `revision` is the one that this event brought about.

    `is_bulk`: one of suspiciously many unknown entries in one reading; such events go out together as one recap.
    """

    story_id: int
    seq: int
    kind: EventKind
    entry_id: int
    revision: int
    at: AwareDatetime
    is_bulk: bool = False


# --- chats ----------------------------------------------------------------------------------------------------------

ChatType = Literal["private", "group", "supergroup", "channel"]


class Chat(Frozen):
    """A Telegram chat that has spoken to the bot. Inactive: it blocked the bot, removed it, or is gone."""

    id: int
    type: ChatType
    title: str = ""
    is_active: bool = True


class Settings(Frozen):
    """What a subscriber may choose."""

    only_key: bool = False  # corrections and key events only


class Recap(IntEnum):
    """The recap that a subscription waits for, if any."""

    NONE = 0
    WELCOME = 1  # it has just subscribed
    MISSED = 2  # it has come back, or was behind for too long


class Subscription(Frozen):
    """A chat (or a topic of a chat) that follows a story, and its position in the story's log.

    `thread_id` is 0 outside topics. `since` is the head at which it (last) subscribed: what was published up to there
    is old to it. `next_at` is set only while it has to wait. `failures` counts the attempts in a row that brought no
    answer. It `owes_corrections` where its last turn was cut short behind its news. With a `speaker` it is about the
    entries that quote that person only: a chat that follows somebody has one in every story.
    """

    id: int
    chat_id: int
    thread_id: int = 0
    story_id: int
    chat_type: ChatType = "private"
    is_active: bool = True
    cursor: int = 0
    since: int = 0
    next_at: AwareDatetime | None = None
    recap: Recap = Recap.NONE
    sounded_at: AwareDatetime | None = None
    failures: int = 0
    settings: Settings = Settings()
    owes_corrections: bool = False
    speaker: str = ""


class MessageKind(StrEnum):
    NEWS = "news"
    RECAP = "recap"
    NOTE = "note"  # tells of a correction, as a reply
    ENDED = "ended"


class Shown(Frozen):
    """What a message shows of one entry.

    `first` is the revision it was sent with, `revision` the one it shows now, `told` the one up to which corrections
    that matter have been told.
    """

    entry_id: int
    first: int
    revision: int
    told: int


class Message(Frozen):
    """Something the bot sent for a subscription. `message_id` is None where the outcome stayed unknown.

    A frozen message can no longer be edited (too old for its chat's new id, deleted by the reader). `missed` is the
    number of entries that a recap stands for, 0 in a welcome.
    """

    id: int
    subscription_id: int
    chat_id: int
    message_id: int | None
    kind: MessageKind
    sent_at: AwareDatetime
    is_frozen: bool = False
    missed: int = 0
    shows: tuple[Shown, ...] = ()


# --- who said what --------------------------------------------------------------------------------------------------

Confidence = Literal["explicit", "resolved", "none"]


class FoundQuote(Frozen):
    """Words between quote marks, and whom the text gives them to.

    Offsets are code points of the entry's text, quote marks included. `parts` holds `(start, end)` of each string of a
    quote that is re-opened at each paragraph (one for most). `speaker` is the fullest name known, None where the text
    does not say. `role` is the words printed with the name, `cue` the verb or phrase that gives the quote away.
    """

    text: str
    start: int
    end: int
    parts: tuple[tuple[int, int], ...]
    speaker: str | None = None
    role: str | None = None
    cue: str | None = None
    kind: Literal["direct", "partial"] = "direct"
    confidence: Confidence = "none"


class SeenRole(Frozen):
    role: str
    seen_at: AwareDatetime | None = None


class Speaker(Frozen):
    """A person or an office that a story quotes or names, as far as the story has told.

    `name` is the fullest form seen; `aliases` are the other forms. `gender` is "m", "f" or "" for unknown;
    `is_person` is false for organisations and documents.
    """

    name: str
    aliases: tuple[str, ...] = ()
    roles: tuple[SeenRole, ...] = ()
    gender: Literal["m", "f", ""] = ""
    is_person: bool = True

    @property
    def role(self) -> str | None:
        """The role seen last."""
        return self.roles[-1].role if self.roles else None


class StoredQuote(FoundQuote):
    """A quote in the archive, with what an answer shows beside it."""

    id: int
    story_id: int
    entry_id: int
    speaker_id: int | None
    published_at: AwareDatetime
    stamp: str


def utc_timestamp(moment: datetime) -> int:
    """Seconds since 1970, as Telegram counts them."""
    return int(moment.timestamp())
