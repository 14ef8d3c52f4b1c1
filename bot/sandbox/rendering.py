"""Entities, rendered back into Telegram's HTML: what a test compares and a person reads."""

from __future__ import annotations

from html import escape

from bot.sandbox.entities import Entity, end_of, sort_key

_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
    "code": "code",
    "blockquote": "blockquote",
}


def render_html(text: str, entities: list[Entity]) -> str:
    """`text` as Telegram HTML. What Telegram finds by itself (addresses, commands, names) gets no tag."""
    marks = [(entity, *_tags(entity)) for entity in sorted(entities, key=sort_key)]
    marks = [mark for mark in marks if mark[1]]
    if not marks:
        return escape(text, quote=False)
    units = text.encode("utf-16-le", "surrogatepass")
    out: list[str] = []
    stack: list[tuple[int, str]] = []
    at = 0

    def up_to(position: int) -> None:
        nonlocal at
        if position > at:
            out.append(escape(units[2 * at : 2 * position].decode("utf-16-le", "surrogatepass"), quote=False))
            at = position

    def close_until(position: int) -> None:
        while stack and stack[-1][0] <= position:
            end, tag = stack.pop()
            up_to(end)
            out.append(tag)

    for entity, opening, closing in marks:
        close_until(entity["offset"])
        up_to(entity["offset"])
        out.append(opening)
        stack.append((end_of(entity), closing))
    close_until(len(units))
    up_to(len(units) // 2)
    return "".join(out)


def _tags(entity: Entity) -> tuple[str, str]:
    kind = entity["type"]
    if kind in _TAGS:
        return f"<{_TAGS[kind]}>", f"</{_TAGS[kind]}>"
    if kind == "text_link":
        return f'<a href="{escape(entity["url"])}">', "</a>"
    if kind == "text_mention":
        return f'<a href="tg://user?id={entity["user"]["id"]}">', "</a>"
    if kind == "pre":
        return _pre(entity.get("language", ""))
    if kind == "expandable_blockquote":
        return "<blockquote expandable>", "</blockquote>"
    if kind == "date_time":
        return _time(entity), "</tg-time>"
    if kind == "custom_emoji":
        return f'<tg-emoji emoji-id="{entity["custom_emoji_id"]}">', "</tg-emoji>"
    return "", ""


def _pre(language: str) -> tuple[str, str]:
    if language:
        return f'<pre><code class="language-{escape(language)}">', "</code></pre>"
    return "<pre>", "</pre>"


def _time(entity: Entity) -> str:
    form = entity.get("date_time_format", "")
    return f'<tg-time unix="{entity["unix_time"]}"' + (f' format="{escape(form)}">' if form else ">")
