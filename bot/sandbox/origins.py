"""Where a forwarded message comes from."""

from __future__ import annotations

from bot.sandbox.model import Json, Message


def origin_of(message: Message) -> Json:
    """The MessageOrigin; a message that was itself forwarded keeps its first one."""
    if "forward_origin" in message.service:
        return dict(message.service["forward_origin"])
    date = int(message.sent_at.timestamp())
    if message.sender is None:
        return {"type": "channel", "date": date, "chat": message.chat.raw, "message_id": message.id}
    return {"type": "user", "date": date, "sender_user": message.sender.raw}
