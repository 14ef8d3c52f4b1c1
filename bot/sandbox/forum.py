"""The topics of a forum: made, renamed, closed, opened and deleted, by people or by the bot."""

from __future__ import annotations

from bot.sandbox.belonging import Belonging
from bot.sandbox.model import ImpossibleError, Message, Topic, User


class Forum(Belonging):
    """A chat that may have topics."""

    # --- as people do it, without a word --------------------------------------------------------------------------

    def topic(self, name: str) -> int:
        """The id of the topic of that name; it is made if there is none."""
        for topic in self.topics.values():
            if topic.name == name:
                return topic.id
        self.is_forum = True
        if self.next_id == 1:
            self.take_id()  # 1 is the General topic
        made = Topic(self.take_id(), name)
        self.topics[made.id] = made
        self.announce()
        return made.id

    def close_topic(self, topic_id: int) -> None:
        self._topic(topic_id).closed = True
        self.announce()

    def open_topic(self, topic_id: int) -> None:
        self._topic(topic_id).closed = False
        self.announce()

    def delete_topic(self, topic_id: int) -> None:
        """The topic goes, and its messages with it."""
        del self.topics[self._topic(topic_id).id]
        for message in self.in_topic(topic_id):
            self.remove(message)
        self.announce()

    def in_topic(self, topic_id: int | None) -> list[Message]:
        """What stands in a topic; None is the General topic."""
        return [message for message in self.messages if message.thread == topic_id]

    def _topic(self, topic_id: int) -> Topic:
        if topic_id not in self.topics:
            raise ImpossibleError(f"There is no topic {topic_id} in {self.title!r}.")
        return self.topics[topic_id]

    # --- with the service message that Telegram writes ------------------------------------------------------------

    def found_topic(self, by: User, name: str, icon_color: int, icon_custom_emoji_id: str) -> Topic:
        """A new topic; its thread is the id of the message that tells of it."""
        topic = Topic(self.next_id, name, False, icon_color, icon_custom_emoji_id)
        self.topics[topic.id] = topic
        self.notes(by, {"forum_topic_created": topic.described}, topic.id)
        self.announce()
        return topic

    def change_topic(self, by: User, topic: Topic, name: str | None, icon_custom_emoji_id: str | None) -> None:
        """None leaves it as it is."""
        changed = {"name": name, "icon_custom_emoji_id": icon_custom_emoji_id}
        topic.name = name or topic.name
        if icon_custom_emoji_id is not None:
            topic.icon_custom_emoji_id = icon_custom_emoji_id
        edited = {field: value for field, value in changed.items() if value is not None}
        self.notes(by, {"forum_topic_edited": edited}, self._thread(topic))
        self.announce()

    def shut_topic(self, by: User, topic: Topic, closed: bool) -> None:
        topic.closed = closed
        what = "forum_topic_closed" if closed else "forum_topic_reopened"
        self.notes(by, {what: {}}, self._thread(topic))
        self.announce()

    def hide_general(self, by: User, hidden: bool) -> None:
        """The General topic is hidden, and closed with it."""
        self.is_general_hidden = hidden
        self.general.closed = hidden or self.general.closed
        self.notes(by, {"general_forum_topic_hidden" if hidden else "general_forum_topic_unhidden": {}})
        self.announce()

    def _thread(self, topic: Topic) -> int | None:
        return None if topic is self.general else topic.id
