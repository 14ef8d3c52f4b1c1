"""What Telegram answers when it refuses: the code, the exact words, and what a client can read from them.

All texts of the sandbox stand here, so that they can be compared with Telegram's in one place.
"""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """A refusal. Becomes `{"ok": false, "error_code", "description", "parameters"?}` with the code as HTTP status."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    @property
    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(reason: str, **parameters: Any) -> ApiError:
    """400: the request is wrong, or what it speaks of is not there."""
    return ApiError(400, f"Bad Request: {reason}", **parameters)


def forbidden(reason: str) -> ApiError:
    """403: the bot may not write there any more."""
    return ApiError(403, f"Forbidden: {reason}")


def too_many_requests(retry_after: int) -> ApiError:
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


def not_carried_out(method: str) -> ApiError:
    """The Bot API has the method, and the sandbox does not."""
    return bad_request(f"the sandbox does not carry out {method}")


def migrated(to_chat_id: int) -> ApiError:
    return bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=to_chat_id)


def unauthorized() -> ApiError:
    return ApiError(401, "Unauthorized")


def not_found() -> ApiError:
    """No such method."""
    return ApiError(404, "Not Found")


def conflict() -> ApiError:
    """The answer to the older of two pollers."""
    return ApiError(
        409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )


def conflict_with_webhook() -> ApiError:
    """The answer to a poller while a webhook is set."""
    return ApiError(
        409,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    )


def conflict_of_webhook() -> ApiError:
    """The answer to a poller that waits while a webhook is being set."""
    return ApiError(409, "Conflict: terminated by setWebhook request")


def cannot_parse(reason: str) -> ApiError:
    return bad_request(f"can't parse entities: {reason}")


CHAT_ID_IS_EMPTY = "chat_id is empty"
CHAT_NOT_FOUND = "chat not found"
USER_NOT_FOUND = "user not found"
THREAD_NOT_FOUND = "message thread not found"
TOPIC_CLOSED = "TOPIC_CLOSED"
REPLY_NOT_FOUND = "message to be replied not found"
QUOTE_INVALID = "QUOTE_TEXT_INVALID"
NOT_A_FORUM = "the chat is not a forum"
TOPIC_NOT_FOUND = "TOPIC_ID_INVALID"
TOPIC_NOT_MODIFIED = "TOPIC_NOT_MODIFIED"

TEXT_IS_EMPTY = "message text is empty"
TEXT_IS_BLANK = "text must be non-empty"
TEXT_IS_TOO_LONG = "message is too long"
CAPTION_IS_TOO_LONG = "message caption is too long"
NOT_UTF8 = "strings must be encoded in UTF-8"
PARSE_MODE = "unsupported parse_mode"

MESSAGE_ID_IS_EMPTY = "message identifier is not specified"
EDIT_NOT_FOUND = "message to edit not found"
EDIT_REFUSED = "message can't be edited"
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
NO_TEXT_TO_EDIT = "there is no text in the message to edit"
NO_CAPTION_TO_EDIT = "there is no caption in the message to edit"
COPY_NOT_FOUND = "message to copy not found"
COPY_REFUSED = "message can't be copied"
FORWARD_NOT_FOUND = "message to forward not found"
FORWARD_REFUSED = "message can't be forwarded"
FORWARD_PROTECTED = "message has protected content and can't be forwarded"
PIN_NOT_FOUND = "message to pin not found"
UNPIN_NOT_FOUND = "message to unpin not found"
REACT_NOT_FOUND = "message to react not found"
DELETE_NOT_FOUND = "message to delete not found"
DELETE_REFUSED = "message can't be deleted"

WRONG_FILE = "wrong file identifier/HTTP URL specified"
FILE_TYPE = "type of file mismatch"
IMAGE_FAILED = "IMAGE_PROCESS_FAILED"
FILE_IS_EMPTY = "file must be non-empty"
ALBUM_IS_EMPTY = "there are no messages to send"
ALBUM_IS_TOO_LONG = "too many messages to send as an album"
ALBUM_IS_MIXED = "can't use the media of the specified type in the album"

BUTTON_DATA_INVALID = "BUTTON_DATA_INVALID"
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"

NO_RIGHT_TO_SEND = "not enough rights to send {} to the chat"
NEED_ADMIN = "need administrator rights in the channel chat"
NO_RIGHT_TO_PIN = "not enough rights to manage pinned messages in the chat"
NO_RIGHT_TO_RESTRICT = "not enough rights to restrict/unrestrict chat member"
NO_RIGHT_TO_PROMOTE = "not enough rights"
NO_RIGHT_TO_INVITE = "not enough rights to manage chat invite link"
NO_RIGHT_TO_CHANGE_TITLE = "not enough rights to change chat title"
NO_RIGHT_TO_DESCRIBE = "not enough rights to set chat description"
NO_RIGHT_TO_CHANGE_PHOTO = "not enough rights to change chat photo"
NO_RIGHT_TO_PERMIT = "not enough rights to change chat permissions"
NO_RIGHT_TO_TOPICS = "not enough rights to create a topic"
NOT_IN_PRIVATE = "method is available for supergroup and channel chats only"
IS_OWNER = "can't remove chat owner"
IS_ADMINISTRATOR = "user is an administrator of the chat"
NO_ADMINISTRATORS = "there are no administrators in the private chat"

BLOCKED = "bot was blocked by the user"
DEACTIVATED = "user is deactivated"
NOT_STARTED = "bot can't initiate conversation with a user"
GROUP_DELETED = "the group chat was deleted"


def was_kicked(kind: str) -> ApiError:
    """`kind` is a chat type: group, supergroup or channel."""
    return forbidden(f"bot was kicked from the {kind} chat")


def is_not_a_member(kind: str) -> ApiError:
    return forbidden(f"bot is not a member of the {kind} chat")
