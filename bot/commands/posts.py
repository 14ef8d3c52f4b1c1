"""A post in a chat that is a story's source, as a page with one entry."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import Message, MessageEntity

from storage.models import Page, ParsedEntry, Span, SpanKind

KINDS: dict[str, SpanKind] = {
    MessageEntity.BOLD: "bold",
    MessageEntity.ITALIC: "italic",
    MessageEntity.UNDERLINE: "underline",
    MessageEntity.STRIKETHROUGH: "strike",
    MessageEntity.CODE: "code",
    MessageEntity.PRE: "pre",
    MessageEntity.BLOCKQUOTE: "blockquote",
    MessageEntity.EXPANDABLE_BLOCKQUOTE: "blockquote",
    MessageEntity.URL: "link",
    MessageEntity.TEXT_LINK: "link",
}


def page_of(message: Message) -> Page:
    """The post as a reading that shows this one entry, and says nothing of others."""
    text = message.text or message.caption or ""
    entry = ParsedEntry(
        key=f"post-{message.chat.id}-{message.message_id}",
        published_at=message.date,
        stamp=f"{message.date:%H:%M} GMT",
        text=text,
        spans=_spans(text, message.entities or message.caption_entities),
        is_key=text.startswith("BREAKING"),
        url=message.link,
    )
    return Page(title=message.chat.effective_name or "", format="telegram", entries=(entry,), has_ids=True)


def _spans(text: str, entities: Sequence[MessageEntity]) -> tuple[Span, ...]:
    """Telegram counts UTF-16 units, we count code points."""
    spans = []
    for entity in entities:
        kind = KINDS.get(entity.type)
        if kind is None:
            continue
        start = _code_points(text, entity.offset)
        end = _code_points(text, entity.offset + entity.length)
        address = entity.url or text[start:end]
        url = address if "://" in address else f"https://{address}"
        spans.append(Span(start=start, end=end, kind=kind, url=url if kind == "link" else None))
    return tuple(spans)


def _code_points(text: str, units: int) -> int:
    """How many code points the first UTF-16 units of the text make."""
    return len(text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", errors="ignore"))
