"""The methods of the Bot API, in one table: a function from the world and the parameters to a result.

To add a method, write its function in the file of its subject and put it into METHODS. getUpdates waits, and is
therefore in server.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bot.sandbox.methods import (
    chats,
    copying,
    downloads,
    hooks,
    invitations,
    media,
    moderation,
    others,
    pinning,
    profile,
    queries,
    texts,
    topics,
)
from bot.sandbox.params import Params

if TYPE_CHECKING:
    from bot.sandbox.world import World

Method = Callable[["World", Params], Any]

METHODS: dict[str, Method] = {
    # the bot itself
    "getMe": profile.get_me,
    "close": profile.nothing_to_do,
    "logOut": profile.nothing_to_do,
    "setMyCommands": profile.set_my_commands,
    "getMyCommands": profile.get_my_commands,
    "deleteMyCommands": profile.delete_my_commands,
    "setMyName": profile.setter("name", 64),
    "getMyName": profile.getter("name"),
    "setMyDescription": profile.setter("description", 512),
    "getMyDescription": profile.getter("description"),
    "setMyShortDescription": profile.setter("short_description", 120),
    "getMyShortDescription": profile.getter("short_description"),
    "setChatMenuButton": profile.set_chat_menu_button,
    "getChatMenuButton": profile.get_chat_menu_button,
    "setMyDefaultAdministratorRights": profile.set_default_rights,
    "getMyDefaultAdministratorRights": profile.get_default_rights,
    # updates
    "setWebhook": hooks.set_webhook,
    "deleteWebhook": hooks.delete_webhook,
    "getWebhookInfo": hooks.get_webhook_info,
    # sending
    "sendMessage": texts.send_message,
    "sendPhoto": media.sender("photo"),
    "sendVideo": media.sender("video"),
    "sendAudio": media.sender("audio"),
    "sendDocument": media.sender("document"),
    "sendAnimation": media.sender("animation"),
    "sendVoice": media.sender("voice"),
    "sendVideoNote": media.sender("video_note"),
    "sendSticker": media.sender("sticker"),
    "sendMediaGroup": media.send_media_group,
    "sendLocation": others.send_location,
    "sendVenue": others.send_venue,
    "sendContact": others.send_contact,
    "sendDice": others.send_dice,
    "sendPoll": others.send_poll,
    "sendChatAction": chats.send_chat_action,
    "forwardMessage": copying.forward_message,
    "forwardMessages": copying.forward_messages,
    "copyMessage": copying.copy_message,
    "copyMessages": copying.copy_messages,
    # changing what was sent
    "editMessageText": texts.edit_message_text,
    "editMessageCaption": texts.edit_message_caption,
    "editMessageMedia": media.edit_message_media,
    "editMessageReplyMarkup": texts.edit_message_reply_markup,
    "editMessageLiveLocation": others.edit_live_location,
    "stopMessageLiveLocation": others.stop_live_location,
    "stopPoll": others.stop_poll,
    "deleteMessage": texts.delete_message,
    "deleteMessages": texts.delete_messages,
    "setMessageReaction": chats.set_message_reaction,
    "pinChatMessage": pinning.pin_chat_message,
    "unpinChatMessage": pinning.unpin_chat_message,
    "unpinAllChatMessages": pinning.unpin_all_chat_messages,
    # answering
    "answerCallbackQuery": queries.answer_callback_query,
    "answerInlineQuery": queries.answer_inline_query,
    # chats and people
    "getChat": chats.get_chat,
    "getChatMember": chats.get_chat_member,
    "getChatAdministrators": chats.get_chat_administrators,
    "getChatMemberCount": chats.get_chat_member_count,
    "getUserProfilePhotos": chats.get_user_profile_photos,
    "setChatTitle": chats.set_chat_title,
    "setChatDescription": chats.set_chat_description,
    "setChatPhoto": chats.set_chat_photo,
    "deleteChatPhoto": chats.delete_chat_photo,
    "setChatPermissions": moderation.set_chat_permissions,
    "banChatMember": moderation.ban_chat_member,
    "unbanChatMember": moderation.unban_chat_member,
    "restrictChatMember": moderation.restrict_chat_member,
    "promoteChatMember": moderation.promote_chat_member,
    "setChatAdministratorCustomTitle": moderation.set_custom_title,
    "leaveChat": moderation.leave_chat,
    "exportChatInviteLink": invitations.export_chat_invite_link,
    "createChatInviteLink": invitations.create_chat_invite_link,
    "editChatInviteLink": invitations.edit_chat_invite_link,
    "revokeChatInviteLink": invitations.revoke_chat_invite_link,
    "approveChatJoinRequest": invitations.approve_chat_join_request,
    "declineChatJoinRequest": invitations.decline_chat_join_request,
    # forums
    "createForumTopic": topics.create_forum_topic,
    "editForumTopic": topics.edit_forum_topic,
    "closeForumTopic": topics.shutter(closed=True, general=False),
    "reopenForumTopic": topics.shutter(closed=False, general=False),
    "deleteForumTopic": topics.delete_forum_topic,
    "unpinAllForumTopicMessages": pinning.unpin_all_forum_topic_messages,
    "editGeneralForumTopic": topics.edit_general_forum_topic,
    "closeGeneralForumTopic": topics.shutter(closed=True, general=True),
    "reopenGeneralForumTopic": topics.shutter(closed=False, general=True),
    "hideGeneralForumTopic": topics.hider(hidden=True),
    "unhideGeneralForumTopic": topics.hider(hidden=False),
    "unpinAllGeneralForumTopicMessages": pinning.unpin_all_general_forum_topic_messages,
    "getForumTopicIconStickers": topics.get_forum_topic_icon_stickers,
    # files
    "getFile": downloads.get_file,
}
# Telegram does not look at the case of a method's name.
BY_LOWER_NAME = {name.lower(): (name, method) for name, method in METHODS.items()}
