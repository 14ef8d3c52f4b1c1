"""What a bot does in groups and channels and with files, and the words with which it is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sandbox_client import PNG, Api

from bot.sandbox import Chat, Clock, Sandbox

BOB, NOBODY = "Bob", 77


@pytest.fixture
def desk(sandbox: Sandbox) -> Chat:
    """A supergroup with Bob in it, where the bot is an administrator; Ann owns it."""
    desk = sandbox.supergroup("Desk", owner="Ann", members=[sandbox.user(BOB)])
    desk.promote()
    return desk


def nothing(_: Chat) -> None:
    pass


def without(right: str) -> Callable[[Chat], None]:
    return lambda chat: chat.take_rights(right)


def mute(chat: Chat) -> None:
    chat.forbid()


ALBUM = [{"type": "photo", "media": "https://e.org/1.jpg"}, {"type": "audio", "media": "https://e.org/2.mp3"}]
LONG = {"photo": "https://e.org/1.jpg", "caption": "x" * 1025}
Act = Callable[[Chat], object]
REFUSALS: list[tuple[Act, str, dict[str, Any], str]] = [
    (without("can_restrict_members"), "banChatMember", {"user": BOB},
     "not enough rights to restrict/unrestrict chat member"),
    (nothing, "banChatMember", {"user": "Ann"}, "can't remove chat owner"),
    (nothing, "banChatMember", {"user_id": NOBODY}, "user not found"),
    (lambda chat: chat.promote(chat.world.person(BOB)), "restrictChatMember", {"user": BOB, "permissions": {}},
     "user is an administrator of the chat"),
    (without("can_promote_members"), "promoteChatMember", {"user": BOB}, "not enough rights"),
    (nothing, "setChatAdministratorCustomTitle", {"user": BOB, "custom_title": "x"}, "user is not an administrator"),
    (without("can_pin_messages"), "pinChatMessage", {"message_id": 1},
     "not enough rights to manage pinned messages in the chat"),
    (nothing, "pinChatMessage", {"message_id": 77}, "message to pin not found"),
    (nothing, "unpinChatMessage", {}, "message to unpin not found"),
    (without("can_change_info"), "setChatTitle", {"title": "x"}, "not enough rights to change chat title"),
    (nothing, "setChatTitle", {"title": "Desk"}, "chat title is not modified"),
    (without("can_change_info"), "setChatDescription", {"description": "x"},
     "not enough rights to set chat description"),
    (nothing, "setChatDescription", {}, "chat description is not modified"),
    (without("can_invite_users"), "createChatInviteLink", {}, "not enough rights to manage chat invite link"),
    (nothing, "revokeChatInviteLink", {"invite_link": "https://t.me/+x"}, "INVITE_HASH_EXPIRED"),
    (nothing, "approveChatJoinRequest", {"user": BOB}, "USER_ALREADY_PARTICIPANT"),
    (nothing, "declineChatJoinRequest", {"user": BOB}, "HIDE_REQUESTER_MISSING"),
    (nothing, "createForumTopic", {"name": "x"}, "the chat is not a forum"),
    (nothing, "setMessageReaction", {"message_id": 77}, "message to react not found"),
    (nothing, "copyMessage", {"message_id": 77}, "message to copy not found"),
    (nothing, "forwardMessage", {"message_id": 77}, "message to forward not found"),
    (nothing, "forwardMessages", {"message_ids": [2, 1]}, "message identifiers must be in a strictly increasing order"),
    (mute, "sendPhoto", {"photo": "https://e.org/a.jpg"}, "not enough rights to send photos to the chat"),
    (mute, "sendPoll", {"question": "?", "options": ["a"]}, "not enough rights to send polls to the chat"),
    (nothing, "sendPhoto", {"photo": "gibberish"}, "wrong file identifier/HTTP URL specified"),
    (nothing, "sendPhoto", LONG, "message caption is too long"),
    (nothing, "sendMediaGroup", {"media": ALBUM}, "can't use the media of the specified type in the album"),
    (nothing, "sendMediaGroup", {"media": ALBUM[:1] * 11}, "too many messages to send as an album"),
    (nothing, "sendMediaGroup", {"media": []}, "there are no messages to send"),
    (nothing, "sendPoll", {"question": "?", "options": []}, "poll must have an option"),
    (nothing, "sendDice", {"emoji": "🥚"}, "DICE_EMOJI_INVALID"),
    (nothing, "editMessageCaption", {"message_id": 2, "caption": "x"}, "there is no caption in the message to edit"),
    (nothing, "getFile", {"file_id": "gibberish"}, "invalid file_id"),
    (nothing, "answerInlineQuery", {"inline_query_id": "5", "results": []},
     "query is too old and response timeout expired or query ID is invalid"),
]  # fmt: skip


@pytest.mark.parametrize(("act", "method", "params", "reason"), REFUSALS)
async def test_refusals(
    sandbox: Sandbox, api: Api, desk: Chat, act: Act, method: str, params: dict[str, Any], reason: str
) -> None:
    await desk.says("/latest")
    await api.result("sendMessage", chat_id=desk.id, text="hi")
    act(desk)
    user = {"user_id": sandbox.user(params["user"]).id} if "user" in params else {}
    given = {name: value for name, value in params.items() if name != "user"}
    answer = await api(method, chat_id=desk.id, from_chat_id=desk.id, **user, **given)
    assert (answer["error_code"], answer["description"]) == (400, f"Bad Request: {reason}")


async def test_a_pin_is_told_and_is_gone_with_its_message(sandbox: Sandbox, api: Api, desk: Chat) -> None:
    one, two = [await api.result("sendMessage", chat_id=desk.id, text=text) for text in ("one", "two")]
    for message in (one, two):
        await api.result("pinChatMessage", chat_id=desk.id, message_id=message["message_id"])
    assert (await api.result("getChat", chat_id=desk.id))["pinned_message"]["text"] == "two"
    await api.result("deleteMessage", chat_id=desk.id, message_id=two["message_id"])
    assert (await api.result("getChat", chat_id=desk.id))["pinned_message"]["text"] == "one"
    await api.result("unpinAllChatMessages", chat_id=desk.id)
    assert "pinned_message" not in await api.result("getChat", chat_id=desk.id)
    told = [update["message"]["pinned_message"]["text"] for update in await api.updates() if "message" in update]
    assert told == ["one", "two"]


async def test_who_is_banned_stays_out_until_he_is_let_in(sandbox: Sandbox, api: Api, desk: Chat) -> None:
    bob = sandbox.user(BOB)
    target = {"chat_id": desk.id, "user_id": bob.id}
    await api.result("banChatMember", **target, until_date=1_500_000_000)
    member = await api.result("getChatMember", **target)
    assert (member["status"], member["until_date"]) == ("kicked", 1_500_000_000)
    with pytest.raises(Exception, match="Bob may not write in 'Desk'"):
        await desk.says("hello", by=bob)
    await api.result("unbanChatMember", **target, only_if_banned=True)
    desk.joins(bob)
    assert (await api.result("getChatMember", **target))["status"] == "member"
    await api.result("restrictChatMember", **target, permissions={"can_send_messages": False})
    with pytest.raises(Exception, match="Bob may not write in 'Desk'"):
        await desk.says("hello", by=bob)


async def test_links_expire_and_are_revoked(sandbox: Sandbox, api: Api, desk: Chat, clock: Clock) -> None:
    eve, expires = sandbox.user("Eve"), int(clock().timestamp()) + 60
    link = await api.result("createChatInviteLink", chat_id=desk.id, name="press", expire_date=expires)
    clock.advance(61)
    with pytest.raises(Exception, match="The link has expired"):
        desk.follows(eve, link["invite_link"])
    first = await api.result("exportChatInviteLink", chat_id=desk.id)
    second = await api.result("exportChatInviteLink", chat_id=desk.id)
    with pytest.raises(Exception, match="The link has expired"):
        desk.follows(eve, first)
    assert (await api.result("getChat", chat_id=desk.id))["invite_link"] == second
    desk.follows(eve, second)
    assert eve.id in desk.members


async def test_the_members_of_a_group_that_moved_stay(sandbox: Sandbox, api: Api) -> None:
    group = sandbox.group("Desk", owner="Ann", members=[sandbox.user(BOB)])
    moved = group.migrate()
    target = {"chat_id": moved.id, "user_id": sandbox.user(BOB).id}
    assert (await api.result("getChatMember", **target))["status"] == "member"
    refused = await api("sendPhoto", chat_id=group.id, photo="https://e.org/a.jpg")
    assert refused["parameters"] == {"migrate_to_chat_id": moved.id}


# --- files ------------------------------------------------------------------------------------------------------------


async def test_only_pictures_are_photos(sandbox: Sandbox, api: Api) -> None:
    chat = sandbox.private("Ann")
    form = {"chat_id": chat.id}
    photo = await api.uploads("sendPhoto", {"photo": PNG}, **form)
    assert photo["photo"][-1] | {"width": 3, "height": 2, "file_size": len(PNG)} == photo["photo"][-1]
    for data, reason in ((b"no picture", "IMAGE_PROCESS_FAILED"), (b"", "file must be non-empty")):
        with pytest.raises(AssertionError, match=reason):
            await api.uploads("sendPhoto", {"photo": data}, **form)
    mismatch = await api("sendDocument", chat_id=chat.id, document=photo["photo"][-1]["file_id"])
    assert mismatch["description"] == "Bad Request: type of file mismatch"


async def test_an_album_takes_its_files_from_the_form(sandbox: Sandbox, api: Api) -> None:
    chat = sandbox.private("Ann")
    media = [{"type": "photo", "media": "attach://a", "caption": "one"}, {"type": "photo", "media": "attach://b"}]
    sent = await api.uploads("sendMediaGroup", {"a": PNG, "b": PNG, "c": PNG}, chat_id=chat.id, media=media)
    assert [message.get("caption") for message in sent] == ["one", None]
    assert sent[0]["media_group_id"] == sent[1]["media_group_id"]
    assert sandbox.calls[-1].warnings == ("nothing refers to the file c",)
    missing = await api("sendMediaGroup", chat_id=chat.id, media=media)
    assert missing["description"] == "Bad Request: wrong file identifier/HTTP URL specified"


async def test_copies_forget_where_they_come_from(sandbox: Sandbox, api: Api, desk: Chat) -> None:
    ann = sandbox.private("Ann")
    photo = await api.uploads("sendPhoto", {"photo": PNG}, chat_id=ann.id, caption="seen")
    there = {"chat_id": desk.id, "from_chat_id": ann.id, "message_id": photo["message_id"]}
    forwarded = await api.result("forwardMessage", **there)
    assert forwarded["forward_origin"]["sender_user"]["is_bot"]
    assert forwarded["caption"] == "seen"
    await api.result("copyMessage", **there, caption="copied")
    assert "forward_origin" not in desk.shown[-1].raw
    assert desk.shown[-1].text == "copied"
    await api.result("sendMessage", chat_id=ann.id, text="secret", protect_content=True)
    refused = await api("forwardMessage", **there | {"message_id": ann.shown[-1].id})
    assert refused["description"] == "Bad Request: message has protected content and can't be forwarded"
    assert await api.result("deleteMessages", chat_id=ann.id, message_ids=[photo["message_id"], 77]) is True
    assert [message.text for message in ann.shown] == ["secret"]


async def test_a_reply_to_another_chat_is_external(sandbox: Sandbox, api: Api, desk: Chat) -> None:
    question = await desk.says("/latest news")
    ann = sandbox.private("Ann")
    reply = {"message_id": question.id, "chat_id": desk.id, "quote": "news", "quote_position": 8}
    sent = await api.result("sendMessage", chat_id=ann.id, text="here", reply_parameters=reply)
    assert sent["external_reply"]["message_id"] == question.id
    assert sent["quote"] == {"text": "news", "position": 8, "is_manual": True}
    assert "reply_to_message" not in sent


# --- the bot itself ---------------------------------------------------------------------------------------------------


async def test_menu_button_rights_and_photos(sandbox: Sandbox, api: Api) -> None:
    ann = sandbox.private("Ann")
    assert await api.result("getChatMenuButton", chat_id=ann.id) == {"type": "commands"}
    await api.result("setChatMenuButton", chat_id=ann.id, menu_button={"type": "default"})
    assert await api.result("getChatMenuButton", chat_id=ann.id) == {"type": "default"}
    await api.result("setMyDefaultAdministratorRights", rights={"can_pin_messages": True})
    rights = await api.result("getMyDefaultAdministratorRights")
    assert [name for name, has in rights.items() if has] == ["can_pin_messages"]
    assert not any((await api.result("getMyDefaultAdministratorRights", for_channels=True)).values())
    photos = await api.result("getUserProfilePhotos", user_id=ann.owner.id)
    assert photos == {"total_count": 0, "photos": []}
