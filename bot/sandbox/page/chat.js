/* The chat page of the sandbox: a Telegram that a person enjoys, in one file and without a build.

     GET  /api/state  ──▶ world ──▶ draw             once, and again after every break of the line
     SSE  /api/events ──▶ apply ──▶ world + the one row that the event touches
     keys and clicks  ──▶ POST  ──▶ what comes of it arrives as an event

   Two rules hold everywhere: what others wrote is only ever text (textContent, never innerHTML), and an
   event never redraws more than its own rows, so that a chat of 5,000 messages stays smooth. */

const $ = (id) => document.getElementById(id);

const world = { event: 0, bot: { first_name: "Bot", username: "" }, users: new Map(), commands: [], chats: new Map() };

/* What is on the screen: `list` are the messages of the open chat and topic, drawn from `first` on. */
const view = { chat: null, topic: 0, list: [], rows: new Map(), first: 0, pinned: true, top: 0, fresh: 0, replyTo: null };

const GENERAL = 1; // Telegram's own number of the topic that every forum has
const FIRST_ROWS = 60;
const OLDER_ROWS = 150;

/* ---------- small helpers ---------- */

function el(tag, className = "", ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

function button(className, ...children) {
  const node = el("button", className, ...children);
  node.type = "button";
  return node;
}

function hiddenText(text) {
  return el("span", "hidden-text", text);
}

/* Storage can be switched off in a browser; the page then simply forgets. */
function recall(key, fallback) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? fallback;
  } catch {
    return fallback;
  }
}

function remember(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    /* nothing is lost but comfort */
  }
}

/* Formatters are expensive to make and there may be thousands of messages: make each once. */
const formats = {
  clock: new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" }),
  day: new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long" }),
  dayAndYear: new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long", year: "numeric" }),
  short: new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" }),
  full: new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" }),
};

const dateOf = (seconds) => new Date(seconds * 1000);
const clock = (seconds) => formats.clock.format(dateOf(seconds));
const dayKey = (seconds) => dateOf(seconds).toDateString();

function dayName(seconds) {
  const now = Date.now() / 1000;
  if (dayKey(seconds) === dayKey(now)) return "Today";
  if (dayKey(seconds) === dayKey(now - 86400)) return "Yesterday";
  const sameYear = dateOf(seconds).getFullYear() === new Date().getFullYear();
  return (sameYear ? formats.day : formats.dayAndYear).format(dateOf(seconds));
}

function listTime(seconds) {
  return dayKey(seconds) === dayKey(Date.now() / 1000) ? clock(seconds) : formats.short.format(dateOf(seconds));
}

function plural(count, one, many) {
  return `${count} ${count === 1 ? one : many}`;
}

/* ---------- the server ---------- */

async function call(method, path, body) {
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: body ? { "Content-Type": "application/json" } : {},
      body: body ? JSON.stringify(body) : undefined,
    });
  } catch {
    throw new Error("The sandbox cannot be reached. Is it still running?");
  }
  const data = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(data?.error || `The sandbox answered with ${response.status}.`);
  return data;
}

/* Runs something the reader asked for; what goes wrong is told in a sentence, never thrown. */
async function attempt(action) {
  try {
    return await action();
  } catch (error) {
    toast(error.message);
    return null;
  }
}

let retryDelay = 500;

function connect() {
  const stream = new EventSource(`/api/events?after=${world.event}`);
  stream.onopen = () => {
    retryDelay = 500;
    $("notice").textContent = "";
  };
  stream.onmessage = (event) => {
    if (event.lastEventId) world.event = Number(event.lastEventId);
    apply(JSON.parse(event.data));
  };
  // The browser would retry by itself, but not after every kind of error, and not with a new state.
  stream.onerror = () => {
    stream.close();
    reconnect();
  };
}

/* After a break the whole state is read again: a server that was restarted counts its events anew. */
function reconnect() {
  $("notice").textContent = "Connection lost. Trying again…";
  setTimeout(async () => {
    try {
      await load();
      connect();
    } catch {
      reconnect();
    }
  }, retryDelay);
  retryDelay = Math.min(retryDelay * 2, 4000);
}

async function load() {
  const state = await call("GET", "/api/state");
  world.event = state.event;
  world.bot = state.bot ?? world.bot;
  world.users = new Map((state.users ?? []).map((user) => [user.id, user]));
  world.commands = state.commands ?? [];
  world.chats = new Map((state.chats ?? []).map((chat) => [chat.id, { messages: [], topics: [], members: [], ...chat }]));
  $("brand").textContent = world.bot.first_name;
  for (const chat of world.chats.values()) countUnread(chat);
  drawChatList();
  route();
  loadReplay(state.replay);
}

/* ---------- events ---------- */

const handlers = {
  message: (event) => receive(event.chat_id, event.message),
  edited: (event) => receive(event.chat_id, event.message),
  deleted: (event) => remove(event.chat_id, event.message_id),
  chat: (event) => updateChat(event.chat),
  answer: (event) => onAnswer(event),
  commands: (event) => {
    world.commands = event.commands;
    if (!$("suggestions").hidden) suggest();
  },
  user: (event) => {
    world.users.set(event.user.id, event.user);
    if (view.chat) drawFrame();
  },
  reset: () => load().catch(reconnect),
};

function apply(event) {
  handlers[event.type]?.(event);
}

/* A message that is new or changed; our own arrive twice, as the answer to the POST and as an event. */
function receive(chatId, message) {
  const chat = world.chats.get(chatId);
  if (!chat) return load().catch(reconnect);
  const { known } = place(chat.messages, message);
  const open = isOpen(chat, message);
  if (open) known ? updateRow(message) : addRow(message);
  if (!known) noteNew(chat, message, open);
  updateChatItem(chat, !known);
}

function noteNew(chat, message, open) {
  if (open && view.pinned && document.visibilityState === "visible") markRead();
  else if (isIncoming(message)) addUnread(chat, message);
  if (open && isIncoming(message)) announce(message);
}

function remove(chatId, messageId) {
  const chat = world.chats.get(chatId);
  const at = chat?.messages.findIndex((message) => message.message_id === messageId) ?? -1;
  if (at < 0) return;
  const [message] = chat.messages.splice(at, 1);
  if (isOpen(chat, message)) removeRow(messageId);
  updateChatItem(chat);
}

function updateChat(chat) {
  const known = world.chats.get(chat.id);
  world.chats.set(chat.id, { topics: [], members: [], ...known, ...chat, messages: known?.messages ?? chat.messages ?? [] });
  updateChatItem(world.chats.get(chat.id), !known);
  if (!known) drawChatList(); // the names of the other chats may have to say more now
  if (view.chat === chat.id) drawFrame();
  else if (view.chat === null) route();
}

/* Puts a message where its id belongs, nearly always at the end. */
function place(list, message) {
  let at = list.length;
  while (at > 0 && list[at - 1].message_id > message.message_id) at -= 1;
  if (at > 0 && list[at - 1].message_id === message.message_id) {
    list[at - 1] = message;
    return { at: at - 1, known: true };
  }
  list.splice(at, 0, message);
  return { at, known: false };
}

/* ---------- what a chat is called, and who is who ---------- */

const openChat = () => world.chats.get(view.chat);
const topicOf = (chat, message) => (chat.is_forum ? (message.message_thread_id ?? GENERAL) : 0);
const isOpen = (chat, message) => view.chat === chat.id && view.topic === topicOf(chat, message);
const isIncoming = (message) => !message.from || message.from.is_bot === true;
const isGroup = (chat) => chat.type === "group" || chat.type === "supergroup";

function severalReaders() {
  return [...world.chats.values()].filter((chat) => chat.type === "private").length > 1;
}

function titleOf(chat) {
  return chat.type === "private" ? world.bot.first_name : chat.title || "Untitled";
}

function subtitleOf(chat) {
  if (chat.type === "private") return severalReaders() ? `bot · you are ${chat.title}` : "bot";
  if (chat.type === "channel") return "channel";
  const kind = chat.is_forum ? "group with topics" : "group";
  return `${kind} · ${plural(people(chat).length, "person", "people")}${chat.blocked ? "" : " and the bot"}`;
}

function people(chat) {
  return chat.members.map((id) => world.users.get(id)).filter((user) => user && !user.is_bot);
}

const typists = new Map(); // who types, chat by chat

function typist(chat) {
  const chosen = typists.get(chat.id);
  if (chosen !== undefined && chat.members.includes(chosen)) return chosen;
  return chat.members.includes(chat.owner) ? chat.owner : people(chat)[0]?.id;
}

function senderOf(message, chat = openChat()) {
  if (message.sender_chat) return { id: message.sender_chat.id, name: message.sender_chat.title || titleOf(chat) };
  if (message.from) return { id: message.from.id, name: message.from.first_name };
  return { id: chat.id, name: titleOf(chat) };
}

function isMine(message, chat = openChat()) {
  return chat.type !== "channel" && !isIncoming(message) && message.from.id === typist(chat);
}

function roleOf(user, chat) {
  if (user.id === chat.owner) return " (owner)";
  return chat.admins?.includes(user.id) ? " (administrator)" : "";
}

function initials(name) {
  const words = name.split(/\s+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  return words.slice(0, 2).map((word) => [...word.replace(/^[^\p{L}\p{N}]+/u, "")][0].toUpperCase()).join("");
}

const tone = (id) => `tone-${Math.abs(Number(id)) % 7}`;

function paintAvatar(node, chat, extra = "") {
  node.className = `avatar ${extra} ${chat.type === "private" ? "tone-bot" : tone(chat.id)}`;
  node.textContent = initials(titleOf(chat)) || "?";
}

/* ---------- what a message says ---------- */

const MEDIA = [
  ["photo", "Photo"], ["video", "Video"], ["animation", "Animation"], ["document", "File"], ["audio", "Audio"],
  ["voice", "Voice message"], ["sticker", "Sticker"], ["location", "Location"], ["poll", "Poll"], ["contact", "Contact"],
];

function mediaName(message) {
  return MEDIA.find(([key]) => message[key])?.[1] ?? "";
}

/* Sentences for the messages that Telegram writes itself. */
const SERVICE = {
  new_chat_members: (users, name) => `${users.map((user) => user.first_name).join(", ")} joined${users.some((user) => user.first_name === name) ? "" : `, added by ${name}`}`,
  left_chat_member: (user) => `${user.first_name} left`,
  new_chat_title: (title, name) => `${name} named this chat “${title}”`,
  pinned_message: (_, name) => `${name} pinned a message`,
  forum_topic_created: (topic) => `The topic “${topic.name}” was created`,
  forum_topic_edited: (topic) => `The topic is now called “${topic.name}”`,
  forum_topic_closed: () => "The topic was closed",
  forum_topic_reopened: () => "The topic was opened again",
  group_chat_created: () => "The group was created",
  supergroup_chat_created: () => "The group was created",
  channel_chat_created: () => "The channel was created",
  migrate_to_chat_id: () => "The group became a supergroup",
  migrate_from_chat_id: () => "The group became a supergroup",
};

function serviceText(message, chat) {
  const key = Object.keys(SERVICE).find((name) => message[name] !== undefined);
  return key ? SERVICE[key](message[key], senderOf(message, chat).name) : "";
}

function plainText(message, chat = openChat()) {
  return message.text ?? message.caption ?? (mediaName(message) || serviceText(message, chat) || "Message");
}

function oneLine(text, length = 120) {
  return text.slice(0, length * 2).replace(/\s+/gu, " ").trim().slice(0, length);
}

/* ---------- formatting ---------- */

const WRAPPERS = {
  bold: () => el("strong"),
  italic: () => el("em"),
  underline: () => el("u"),
  strikethrough: () => el("s"),
  code: () => el("code"),
  pre: preformatted,
  spoiler,
  blockquote: () => el("blockquote"),
  expandable_blockquote: foldable,
  text_link: (entity) => link(entity.url),
  url: (_, text) => link(/^[a-z][a-z0-9+.-]*:/iu.test(text) ? text : `https://${text}`),
  email: (_, text) => link(`mailto:${text}`),
  phone_number: (_, text) => link(`tel:${text.replace(/[^+\d]/gu, "")}`),
  mention: (_, text) => mention(text),
  text_mention: () => el("span", "tag"),
  hashtag: () => el("span", "tag"),
  cashtag: () => el("span", "tag"),
  bot_command: () => button("command"),
  date_time: localTime,
};

const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);

/* Entities may nest, touch and (from a careless sender) overlap. Inside [start, end) the one that begins
   first and reaches furthest is the outermost; what sticks out of it is continued after it, so every
   character keeps all of its formats. Offsets count UTF-16 units, as JavaScript's strings do. */
function format(parent, text, entities, start = 0, end = text.length) {
  let at = start;
  while (at < end) {
    const next = outermost(entities, at, end);
    if (!next) break;
    const from = Math.max(at, next.offset);
    const to = Math.min(end, next.offset + next.length);
    parent.append(text.slice(at, from));
    const wrapper = WRAPPERS[next.type](next, text.slice(from, to));
    parent.append(wrapper);
    format(wrapper.querySelector(".inside") ?? wrapper, text, entities.filter((other) => other !== next), from, to);
    // A block ends its own line: the line break after it would show as an empty line.
    at = BLOCKS.has(next.type) && text[to] === "\n" && to < end ? to + 1 : to;
  }
  if (at < end) parent.append(text.slice(at, end));
}

function outermost(entities, at, end) {
  let best = null;
  for (const entity of entities) {
    const stop = entity.offset + entity.length;
    if (!WRAPPERS[entity.type] || stop <= at || entity.offset >= end) continue;
    const from = Math.max(at, entity.offset);
    const bestFrom = best ? Math.max(at, best.offset) : Infinity;
    if (from < bestFrom || (from === bestFrom && reach(entity) > reach(best))) best = entity;
  }
  return best;
}

/* At the same length a block has to be outside. */
const reach = (entity) => entity.offset + entity.length + (BLOCKS.has(entity.type) ? 0.5 : 0);

function preformatted(entity) {
  const code = el("code", "inside");
  const node = el("pre", "", code);
  node.dir = "ltr";
  if (entity.language) node.dataset.language = entity.language;
  return node;
}

function spoiler() {
  const inside = el("span", "inside");
  inside.inert = true; // links under a spoiler wait until it is lifted
  const node = el("span", "spoiler", inside);
  node.tabIndex = 0;
  node.setAttribute("role", "button");
  node.setAttribute("aria-label", "Hidden text; press to show it");
  return node;
}

function reveal(node) {
  node.classList.add("revealed");
  node.removeAttribute("role");
  node.removeAttribute("aria-label");
  node.removeAttribute("tabindex");
  node.firstChild.inert = false;
}

function foldable() {
  const toggle = button("fold", icon("down"), hiddenText("Show the whole quote"));
  toggle.setAttribute("aria-expanded", "false");
  const inside = el("div", "inside");
  folds.observe(inside);
  return el("blockquote", "foldable", inside, toggle);
}

/* Whether a quote is long enough to fold is known when it is laid out, and changes with the width. */
const folds = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const quote = target.parentElement;
    if (!quote.classList.contains("open")) quote.classList.toggle("fits", target.scrollHeight <= target.clientHeight + 2);
  }
});

function unfold(quote, open = !quote.classList.contains("open")) {
  const toggle = quote.querySelector(":scope > .fold");
  quote.classList.toggle("open", open);
  toggle.setAttribute("aria-expanded", String(open));
  toggle.querySelector(".hidden-text").textContent = open ? "Show less" : "Show the whole quote";
}

function localTime(entity) {
  const node = el("time");
  const date = dateOf(entity.unix_time);
  if (Number.isNaN(date.getTime())) return node;
  node.dateTime = date.toISOString();
  node.title = `${formats.full.format(date)}, your time`;
  return node;
}

/* A link may lead anywhere but into this page: javascript: and its kin stay plain text. */
function safeUrl(url) {
  try {
    const parsed = new URL(url);
    return ["http:", "https:", "mailto:", "tel:", "tg:"].includes(parsed.protocol) ? parsed : null;
  } catch {
    return null;
  }
}

function link(url, className = "") {
  const target = safeUrl(url ?? "");
  if (!target) return el("span", className);
  const node = el("a", className);
  node.href = target.href;
  node.target = "_blank";
  node.rel = "noopener noreferrer";
  const payload = botPayload(target);
  if (payload === null) node.title = target.href;
  else node.dataset.start = payload;
  return node;
}

/* The payload of https://t.me/<our bot>?start=..., "" without one; null for every other address. */
function botPayload(url) {
  if (!["t.me", "telegram.me"].includes(url.hostname)) return null;
  if (url.pathname.slice(1).toLowerCase() !== (world.bot.username ?? "").toLowerCase()) return null;
  return url.searchParams.get("start") ?? "";
}

function mention(text) {
  if (text.slice(1).toLowerCase() !== (world.bot.username ?? "").toLowerCase()) return el("span", "tag");
  return link(`https://t.me/${world.bot.username}`);
}

/* ---------- one message on the screen ---------- */

function startsRun(message, previous) {
  if (!previous || serviceText(previous, openChat())) return true;
  const sameSender = senderOf(previous).id === senderOf(message).id;
  return !sameSender || message.date - previous.date > 900 || dayKey(message.date) !== dayKey(previous.date);
}

function makeRow(message, previous) {
  const row = el("li");
  row.dataset.id = message.message_id;
  row.tabIndex = -1;
  fillRow(row, message, previous);
  return row;
}

function fillRow(row, message, previous) {
  for (const inside of row.querySelectorAll(".foldable > .inside")) folds.unobserve(inside);
  const mine = isMine(message);
  const first = startsRun(message, previous);
  row.className = `row${mine ? " mine" : ""}${first ? " first" : ""}`;
  row.replaceChildren();
  if (!previous || dayKey(previous.date) !== dayKey(message.date)) row.append(el("p", "day", dayName(message.date)));
  const service = message.text === undefined && message.caption === undefined && serviceText(message, openChat());
  if (service) row.append(el("p", "service", service));
  else row.append(bubbleLine(message, mine, first));
}

function bubbleLine(message, mine, first) {
  const line = el("div", "bubble-line");
  const stack = el("div", "stack", bubble(message, mine, first));
  const keys = message.reply_markup?.inline_keyboard;
  if (keys?.length) stack.append(keyboard(keys));
  if (isGroup(openChat()) && !mine) line.append(senderAvatar(message, first));
  line.append(stack, replyButton());
  return line;
}

function senderAvatar(message, first) {
  const { id, name } = senderOf(message);
  const node = el("span", `avatar small ${id === world.bot.id ? "tone-bot" : tone(id)}${first ? "" : " away"}`, initials(name));
  node.setAttribute("aria-hidden", "true");
  return node;
}

function replyButton() {
  const node = button("reply-button", icon("reply"), hiddenText("Reply"));
  node.title = "Reply";
  node.tabIndex = -1; // R does it from the keyboard; thousands of tab stops would help nobody
  return node;
}

function bubble(message, mine, first) {
  const node = el("div", "bubble");
  node.append(nameLine(message, mine, first));
  if (message.reply_to_message && !message.reply_to_message.forum_topic_created) node.append(replyPreview(message.reply_to_message));
  const media = mediaName(message);
  if (media) node.append(el("p", "media", media));
  const text = el("div", "text");
  text.dir = "auto";
  format(text, message.text ?? message.caption ?? "", message.entities ?? message.caption_entities ?? []);
  text.append(meta(message));
  node.append(text);
  return node;
}

/* In a chat of two everybody sees who speaks; screen readers are told all the same. */
function nameLine(message, mine, first) {
  const { id, name } = senderOf(message);
  const shown = first && !mine && isGroup(openChat());
  const node = el("p", shown ? `name ${id === world.bot.id ? "tone-bot" : tone(id)}` : "hidden-text", mine ? "You:" : name);
  node.dir = "auto";
  return node;
}

function replyPreview(original) {
  const node = button("reply-preview", el("b", "", senderOf(original).name), el("span", "", oneLine(plainText(original))));
  node.dataset.jump = original.message_id;
  node.lastChild.dir = "auto";
  node.prepend(hiddenText("In reply to "));
  return node;
}

function meta(message) {
  const node = el("span", "meta");
  node.dir = "ltr";
  if (message.silent) node.append(silentMark());
  if (message.edit_date) node.append(editedMark(message.edit_date));
  const time = el("time", "", clock(message.date));
  time.dateTime = dateOf(message.date).toISOString();
  time.title = formats.full.format(dateOf(message.date));
  node.append(time);
  return node;
}

function silentMark() {
  const node = el("span", "silent", icon("muted"), hiddenText("sent without sound, "));
  node.title = "Sent without sound";
  return node;
}

function editedMark(seconds) {
  const node = el("span", "edited", `edited ${clock(seconds)}`, hiddenText(", sent"));
  node.title = `Edited ${formats.full.format(dateOf(seconds))}`;
  return node;
}

function keyboard(rows) {
  const node = el("div", "keyboard");
  node.setAttribute("role", "group");
  node.setAttribute("aria-label", "Buttons of this message");
  for (const keys of rows) node.append(el("div", "keys", ...keys.map(inlineKey)));
  return node;
}

function inlineKey(key) {
  const node = key.url ? link(key.url, "key") : button("key");
  node.append(el("span", "", key.text));
  node.firstChild.dir = "auto";
  if (key.callback_data !== undefined) node.dataset.press = key.callback_data;
  else if (key.url && !("start" in node.dataset)) node.append(icon("link"), hiddenText(" (opens a new tab)"));
  return node;
}

/* ---------- the rows of the open chat ---------- */

function drawMessages() {
  const chat = openChat();
  view.list = chat.messages.filter((message) => topicOf(chat, message) === view.topic);
  view.first = Math.max(0, view.list.length - FIRST_ROWS);
  view.rows.clear();
  folds.disconnect();
  view.fresh = 0;
  view.pinned = true;
  $("messages").replaceChildren(...drawRange(view.first, view.list.length));
  drawEmpty();
  toBottom();
  drawOlder();
}

function drawRange(from, to) {
  const rows = [];
  for (let at = from; at < to; at += 1) {
    const row = makeRow(view.list[at], view.list[at - 1]);
    view.rows.set(view.list[at].message_id, row);
    rows.push(row);
  }
  return rows;
}

/* The newest messages are there at once, the older ones follow while the browser has nothing to do. */
const whenIdle = window.requestIdleCallback ?? ((work) => setTimeout(work, 30));
let fillingList = null;

function drawOlder() {
  if (fillingList === view.list || view.first === 0) return;
  const list = (fillingList = view.list);
  const step = () => {
    if (list !== view.list) return; // another chat was opened meanwhile
    drawUpTo(Math.max(0, view.first - OLDER_ROWS));
    if (view.first > 0) whenIdle(step, { timeout: 400 });
    else fillingList = null;
  };
  whenIdle(step, { timeout: 400 });
}

function drawUpTo(at) {
  if (at >= view.first) return;
  $("messages").prepend(...drawRange(at, view.first));
  view.first = at;
}

function addRow(message) {
  const { at } = place(view.list, message);
  if (at < view.first) return (view.first += 1);
  const row = makeRow(message, view.list[at - 1]);
  const next = view.list[at + 1];
  view.rows.set(message.message_id, row);
  row.classList.add("arrived");
  $("messages").insertBefore(row, next ? view.rows.get(next.message_id) : null);
  if (next) refill(at + 1);
  drawEmpty();
  if (!view.pinned) view.fresh += 1;
  drawToBottom();
}

function updateRow(message) {
  const { at } = place(view.list, message);
  if (!view.rows.has(message.message_id)) return;
  refill(at);
  const row = view.rows.get(message.message_id);
  row.classList.remove("changed");
  void row.offsetWidth; // lets the highlight start again when one edit follows another
  row.classList.add("changed");
}

/* Draws a row again, keeping what the reader did to it: unfolded quotes, lifted spoilers, the focus. */
function refill(at) {
  const message = view.list[at];
  const row = view.rows.get(message.message_id);
  if (!row) return;
  const controls = () => [...row.querySelectorAll("a, button:not(.reply-button), [tabindex='0']")];
  const focused = controls().indexOf(document.activeElement);
  const hadFocus = row.contains(document.activeElement);
  const open = [...row.querySelectorAll(".foldable")].map((quote) => quote.classList.contains("open"));
  const lifted = [...row.querySelectorAll(".spoiler")].map((node) => node.classList.contains("revealed"));
  fillRow(row, message, view.list[at - 1]);
  row.querySelectorAll(".foldable").forEach((quote, index) => open[index] && unfold(quote, true));
  row.querySelectorAll(".spoiler").forEach((node, index) => lifted[index] && reveal(node));
  if (hadFocus) (controls()[focused] ?? row).focus({ preventScroll: true });
}

function removeRow(messageId) {
  const at = view.list.findIndex((message) => message.message_id === messageId);
  if (at < 0) return;
  view.list.splice(at, 1);
  const row = view.rows.get(messageId);
  if (!row) return (view.first -= 1);
  if (row.contains(document.activeElement)) $("scroller").focus();
  row.remove();
  view.rows.delete(messageId);
  if (at < view.list.length) refill(at);
  drawEmpty();
}

/* After a break: keep the rows that are still true, so that the reader's place is kept too. */
function reconcile() {
  const chat = openChat();
  const now = chat.messages.filter((message) => topicOf(chat, message) === view.topic);
  const grown = view.list.every((old, at) => now[at]?.message_id === old.message_id && now[at].date === old.date);
  if (!grown) return drawMessages();
  view.list.forEach((old, at) => JSON.stringify(old) !== JSON.stringify(now[at]) && updateRow(now[at]));
  now.slice(view.list.length).forEach(addRow);
}

function drawEmpty() {
  const chat = openChat();
  const empty = view.list.length === 0;
  $("empty").hidden = !empty;
  $("messages").hidden = empty;
  if (!empty) return;
  const own = chat.type === "private";
  paintAvatar($("empty-avatar"), chat, "large");
  $("empty-title").textContent = own ? `This is ${world.bot.first_name}` : "No messages yet";
  $("empty-hint").textContent = own ? "Press Start or type /subscribe" : "Type /subscribe to follow a story here";
  $("start").hidden = !own || chat.blocked;
}

/* ---------- scrolling ---------- */

function toBottom() {
  const scroller = $("scroller");
  view.pinned = true;
  view.fresh = 0;
  scroller.scrollTop = scroller.scrollHeight;
  view.top = scroller.scrollTop;
  drawToBottom();
}

function onScroll() {
  const scroller = $("scroller");
  const gap = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
  if (gap < 40) view.pinned = true;
  else if (scroller.scrollTop < view.top) view.pinned = false; // only going up leaves the bottom
  view.top = scroller.scrollTop;
  if (view.pinned && view.fresh) {
    view.fresh = 0;
    markRead();
  }
  drawToBottom();
}

function drawToBottom() {
  $("to-bottom").hidden = view.pinned;
  const text = view.fresh ? plural(view.fresh, "new message", "new messages") : "";
  $("to-bottom-text").textContent = text;
  $("to-bottom").setAttribute("aria-label", text || "To the newest message");
}

/* Rows get their real height when they come near, the box line grows, the window turns: stay down. */
function keepAtBottom() {
  const scroller = $("scroller");
  const observer = new ResizeObserver(() => {
    if (view.pinned) scroller.scrollTop = scroller.scrollHeight;
  });
  observer.observe(scroller);
  observer.observe($("messages"));
}

function jumpTo(messageId) {
  const chat = openChat();
  const message = chat.messages.find((other) => other.message_id === messageId);
  if (!message) return toast("That message is no longer here.");
  if (topicOf(chat, message) !== view.topic) openTopic(topicOf(chat, message));
  drawUpTo(Math.max(0, view.list.indexOf(message) - 20));
  const row = view.rows.get(messageId);
  view.pinned = false;
  row.scrollIntoView({ block: "center" });
  // The rows around it were only estimated until now; aim once more when they have their heights.
  requestAnimationFrame(() => row.scrollIntoView({ block: "center" }));
  row.focus({ preventScroll: true });
  row.classList.remove("changed");
  void row.offsetWidth;
  row.classList.add("changed");
}

/* ---------- unread ---------- */

const seen = recall("dateline.seen", {});
const unread = new Map(); // "chat/topic" -> count

const seenKey = (chatId, topic) => `${chatId}/${topic}`;

function countUnread(chat) {
  const last = new Map();
  for (const message of chat.messages) last.set(seenKey(chat.id, topicOf(chat, message)), message.message_id);
  for (const [key, id] of last) {
    if (seen[key] > id) delete seen[key]; // a sandbox that began anew
    unread.set(key, 0);
  }
  for (const message of chat.messages) {
    const key = seenKey(chat.id, topicOf(chat, message));
    if (isIncoming(message) && message.message_id > (seen[key] ?? 0)) unread.set(key, unread.get(key) + 1);
  }
}

function addUnread(chat, message) {
  const key = seenKey(chat.id, topicOf(chat, message));
  unread.set(key, (unread.get(key) ?? 0) + 1);
  if (view.chat === chat.id) drawTopicCounts();
  drawPageTitle();
}

function unreadOf(chat) {
  let count = 0;
  for (const topic of chat.is_forum ? topicsOf(chat).map(({ id }) => id) : [0]) count += unread.get(seenKey(chat.id, topic)) ?? 0;
  return count;
}

let saveSeen = 0;

function markRead() {
  if (view.chat === null || !view.list.length) return;
  const key = seenKey(view.chat, view.topic);
  seen[key] = view.list.at(-1).message_id;
  unread.set(key, 0);
  clearTimeout(saveSeen);
  saveSeen = setTimeout(() => remember("dateline.seen", seen), 200);
  updateChatItem(openChat());
  drawTopicCounts();
  drawPageTitle();
}

function drawPageTitle() {
  let count = 0;
  for (const chat of world.chats.values()) count += unreadOf(chat);
  document.title = `${count ? `(${count}) ` : ""}${world.bot.first_name}`;
}

/* ---------- the list of chats ---------- */

const items = new Map();

function lastDate(chat) {
  return chat.messages.at(-1)?.date ?? 0;
}

function drawChatList() {
  items.clear();
  const chats = [...world.chats.values()].sort((a, b) => lastDate(b) - lastDate(a));
  $("chat-list").replaceChildren(...chats.map(makeChatItem));
  $("sidebar-note").hidden = chats.length > 0;
  $("sidebar-note").textContent = "No chats yet. Press + to open one.";
  drawPageTitle();
}

function makeChatItem(chat) {
  const item = button("chat-item");
  const badge = el("span", "badge");
  item.append(
    el("span", "avatar"), el("span", "chat-name"), el("span", "chat-time"), el("span", "chat-preview"), badge,
  );
  item.firstChild.setAttribute("aria-hidden", "true");
  item.querySelector(".chat-preview").dir = "auto";
  item.addEventListener("click", () => go(chat.id));
  items.set(chat.id, item);
  fillChatItem(chat);
  return el("li", "", item);
}

const KIND_ICONS = { group: "group", supergroup: "group", channel: "channel" };

function fillChatItem(chat) {
  const item = items.get(chat.id);
  const [avatar, name, time, preview, badge] = item.children;
  const last = chat.messages.at(-1);
  const count = unreadOf(chat);
  paintAvatar(avatar, chat);
  name.replaceChildren(el("bdi", "", titleOf(chat)));
  const kind = chat.is_forum ? "forum" : KIND_ICONS[chat.type];
  if (kind) name.prepend(icon(kind), hiddenText(`${chat.is_forum ? "group with topics" : kind} `));
  if (chat.type === "private" && severalReaders()) name.append(el("small", "", `as ${chat.title}`));
  time.textContent = last ? listTime(last.date) : "";
  preview.textContent = last ? previewOf(chat, last) : "No messages yet";
  badge.replaceChildren(count ? el("span", "", count > 999 ? "999+" : String(count)) : "", count ? hiddenText("unread") : "");
  badge.hidden = count === 0;
  item.toggleAttribute("aria-current", false);
  if (chat.id === view.chat) item.setAttribute("aria-current", "true");
}

function previewOf(chat, message) {
  const text = oneLine(plainText(message, chat));
  if (chat.type === "private") return isIncoming(message) ? text : `You: ${text}`;
  return chat.type === "channel" || serviceText(message, chat) ? text : `${senderOf(message, chat).name}: ${text}`;
}

function updateChatItem(chat, toTop = false) {
  if (!items.has(chat.id)) return drawChatList();
  fillChatItem(chat);
  const item = items.get(chat.id).parentElement;
  const list = $("chat-list");
  if (!toTop || list.firstElementChild === item) return;
  const focused = document.activeElement;
  list.prepend(item);
  if (item.contains(focused)) focused.focus({ preventScroll: true }); // moving a node drops its focus
}

/* ---------- opening a chat ---------- */

/* The open chat is in the address (#chat/topic): a reload and the browser's back button just work. */
function go(chatId, topic) {
  const hash = chatId === null ? "#" : `#${chatId}${topic ? `/${topic}` : ""}`;
  if (location.hash === hash) route(true);
  else location.hash = hash;
}

const isNarrow = () => matchMedia("(max-width: 720px)").matches;

function route(focus = false) {
  const [, id, topic] = /^#(-?\d+)(?:\/(\d+))?$/u.exec(location.hash) ?? [];
  if (id === undefined) return routeHome();
  const chat = world.chats.get(Number(id));
  if (!chat) return showNothing("This chat is no longer here. Choose another one, or open a new one.");
  show(chat, Number(topic) || newestTopic(chat), focus);
}

function routeHome() {
  const newest = [...world.chats.values()].sort((a, b) => lastDate(b) - lastDate(a))[0];
  if (newest && !isNarrow()) {
    history.replaceState(null, "", `#${newest.id}`);
    return route();
  }
  showNothing(newest ? "Choose a chat." : "No chats yet. Open one with the bot, then press Start or type /subscribe.");
}

function showNothing(text) {
  const left = view.chat;
  keepDraft();
  view.chat = null;
  view.list = [];
  $("app").classList.remove("in-chat");
  $("conversation").hidden = true;
  $("nothing").hidden = false;
  $("nothing-text").textContent = text;
  $("nothing-action").hidden = [...world.chats.values()].some((chat) => chat.type === "private");
  const item = items.get(left);
  if (item) {
    fillChatItem(world.chats.get(left) ?? { messages: [], id: left });
    item.focus();
  }
}

function show(chat, topic, focus) {
  const before = view.chat;
  const same = before === chat.id && view.topic === topic;
  if (!same) keepDraft();
  view.chat = chat.id;
  view.topic = topic;
  $("app").classList.add("in-chat");
  $("conversation").hidden = false;
  $("nothing").hidden = true;
  drawFrame();
  if (same) reconcile();
  else {
    drawMessages();
    setReply(null);
    $("text").value = drafts.get(seenKey(chat.id, topic)) ?? "";
    fitText();
    closeSuggestions();
  }
  markRead();
  if (world.chats.has(before) && before !== chat.id) fillChatItem(world.chats.get(before));
  fillChatItem(chat);
  // A touch screen would open its keyboard over half of the chat.
  if (focus && matchMedia("(hover: hover)").matches && !$("composer").hidden) $("text").focus();
  else if (focus) $("scroller").focus();
}

function drawFrame() {
  const chat = openChat();
  paintAvatar($("chat-avatar"), chat);
  $("chat-title").textContent = titleOf(chat);
  $("chat-subtitle").textContent = subtitleOf(chat);
  drawTopics(chat);
  drawTypists(chat);
  drawBlocked(chat);
  drawEmpty();
}

function drawBlocked(chat) {
  const own = chat.type === "private";
  $("composer").hidden = own && chat.blocked;
  $("blocked").hidden = !chat.blocked;
  $("blocked-text").textContent = own ? "You blocked this bot." : "The bot was removed from this chat.";
  $("unblock").textContent = own ? "Unblock" : "Bring it back";
  const [block, unblock] = own ? ["Block the bot", "Unblock the bot"] : ["Remove the bot", "Bring the bot back"];
  $("menu-block").textContent = chat.blocked ? unblock : block;
}

function drawTypists(chat) {
  const choice = isGroup(chat) ? people(chat) : [];
  const options = choice.map((user) => new Option(user.first_name + roleOf(user, chat), user.id));
  $("typist").replaceChildren(...options);
  $("typist").value = String(typist(chat));
  $("writing-as").hidden = choice.length < 2;
  $("text").placeholder = chat.type === "channel" ? `Post as ${chat.title}` : "Message";
}

function onTypist() {
  const chat = openChat();
  typists.set(chat.id, Number($("typist").value));
  view.list.forEach((_, at) => at >= view.first && refill(at)); // whose bubbles are on the right has changed
  $("text").focus();
}

/* ---------- topics ---------- */

function topicsOf(chat) {
  const topics = chat.topics ?? [];
  return topics.some(({ id }) => id === GENERAL) ? topics : [{ id: GENERAL, name: "General" }, ...topics];
}

function newestTopic(chat) {
  if (!chat.is_forum) return 0;
  const last = chat.messages.at(-1);
  return last ? topicOf(chat, last) : topicsOf(chat)[0].id;
}

function openTopic(topic) {
  history.replaceState(null, "", `#${view.chat}/${topic}`);
  show(openChat(), topic, false);
}

function drawTopics(chat) {
  const bar = $("topics");
  const focused = bar.contains(document.activeElement);
  bar.hidden = !chat.is_forum;
  $("scroller").setAttribute("aria-label", "Messages");
  if (!chat.is_forum) return bar.replaceChildren();
  bar.replaceChildren(...topicsOf(chat).map(makeTab));
  drawTopicCounts();
  const tab = bar.querySelector("[aria-selected=true]");
  if (tab) $("scroller").setAttribute("aria-label", `Messages in ${tab.firstChild.textContent}`);
  if (focused) tab?.focus();
  tab?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function makeTab(topic) {
  const selected = topic.id === view.topic;
  const tab = button("tab", el("bdi", "", topic.name + (topic.closed ? " (closed)" : "")), el("span", "badge"));
  tab.setAttribute("role", "tab");
  tab.setAttribute("aria-selected", String(selected));
  tab.setAttribute("aria-controls", "scroller");
  tab.tabIndex = selected ? 0 : -1;
  tab.dataset.topic = topic.id;
  tab.addEventListener("click", () => openTopic(topic.id));
  return tab;
}

function drawTopicCounts() {
  for (const tab of $("topics").children) {
    const count = unread.get(seenKey(view.chat, Number(tab.dataset.topic))) ?? 0;
    tab.lastChild.hidden = count === 0;
    tab.lastChild.replaceChildren(String(count), hiddenText(" unread"));
  }
}

function onTabKey(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const tabs = [...$("topics").children];
  const at = tabs.findIndex((tab) => tab.getAttribute("aria-selected") === "true");
  tabs[(at + step + tabs.length) % tabs.length].click();
}

/* ---------- writing ---------- */

const drafts = new Map();

function keepDraft() {
  if (view.chat !== null) drafts.set(seenKey(view.chat, view.topic), $("text").value);
}

function fitText() {
  const box = $("text");
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight + 2, 180)}px`;
  $("send").classList.toggle("ready", box.value.trim() !== "");
}

let sending = Promise.resolve(); // one after the other, so that quick typing keeps its order

function send(text, chat = openChat(), replyTo = null) {
  const body = { text };
  const user = typist(chat);
  if (user !== undefined) body.user_id = user;
  if (chat.is_forum && view.topic !== GENERAL) body.thread_id = view.topic;
  if (replyTo) body.reply_to = replyTo;
  toBottom();
  const posting = sending.then(() => call("POST", `/api/chats/${chat.id}/messages`, body));
  sending = posting.catch(() => {});
  return posting.then((message) => receive(chat.id, message));
}

async function submit() {
  const text = $("text").value.trim();
  const replyTo = view.replyTo;
  if (!text) return;
  const [chat, topic] = [view.chat, view.topic];
  $("text").value = "";
  setReply(null);
  closeSuggestions();
  fitText();
  try {
    await send(text, openChat(), replyTo);
  } catch (error) {
    toast(error.message);
    drafts.set(seenKey(chat, topic), text);
    if (view.chat === chat && view.topic === topic && !$("text").value) $("text").value = text; // nothing typed is lost
    fitText();
  }
}

const sendNow = (text) => attempt(() => send(text));

function setReply(messageId) {
  const message = openChat()?.messages.find((other) => other.message_id === messageId);
  view.replyTo = message?.message_id ?? null;
  $("replying").hidden = !message;
  if (!message) return;
  $("replying-to").textContent = `Reply to ${senderOf(message).name}`;
  $("replying-text").textContent = oneLine(plainText(message));
  if (!$("composer").hidden) $("text").focus();
}

function onTextKey(event) {
  if (event.isComposing) return;
  if (!$("suggestions").hidden && onSuggestionKey(event)) return;
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    submit();
  } else if (event.key === "Escape") {
    setReply(null);
  } else if (event.key === "ArrowUp" && !$("text").value) {
    event.preventDefault();
    $("messages").lastElementChild?.focus();
  }
}

/* A link to our own bot stays in the page: it opens the private chat and starts the bot there. */
async function openBot(payload) {
  const chat = (await privateChat()) ?? null;
  if (!chat) return;
  go(chat.id);
  route(true);
  if (payload) await send(`/start ${payload}`, chat);
}

async function privateChat() {
  const here = openChat();
  if (here?.type === "private") return here;
  const chats = [...world.chats.values()].filter((chat) => chat.type === "private");
  const writer = here && typist(here);
  const own = chats.find((chat) => chat.members.includes(writer)) ?? chats[0];
  return own ?? createChat("private", world.users.get(writer)?.first_name ?? [...world.users.values()][0]?.first_name ?? "You");
}

/* ---------- commands after "/" ---------- */

let chosen = 0;

function suggest(all = false) {
  const typed = /^\/(\w*)$/u.exec($("text").value)?.[1];
  if (typed === undefined && !all) return closeSuggestions();
  const prefix = (typed ?? "").toLowerCase();
  const fitting = world.commands.filter(({ command }) => command.startsWith(prefix));
  $("suggestions").replaceChildren(...fitting.map(makeSuggestion));
  $("suggestions").hidden = fitting.length === 0;
  if (fitting.length) choose(0);
  else closeSuggestions();
}

function makeSuggestion({ command, description }, at) {
  const option = el("div", "suggestion", el("b", "", `/${command}`), el("span", "", description));
  option.id = `suggestion-${at}`;
  option.dataset.command = `/${command}`;
  option.setAttribute("role", "option");
  option.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus
  option.addEventListener("click", () => runCommand(option.dataset.command));
  return option;
}

function choose(at) {
  const options = [...$("suggestions").children];
  chosen = (at + options.length) % options.length;
  options.forEach((option, index) => option.setAttribute("aria-selected", String(index === chosen)));
  options[chosen].scrollIntoView({ block: "nearest" });
  $("text").setAttribute("aria-activedescendant", options[chosen].id);
}

function closeSuggestions() {
  $("suggestions").hidden = true;
  $("text").removeAttribute("aria-activedescendant");
}

function runCommand(command) {
  $("text").value = command;
  submit();
  $("text").focus();
}

/* True when the key was for the list: Enter sends the command, Tab takes it over to add words to it. */
function onSuggestionKey(event) {
  const command = $("suggestions").children[chosen]?.dataset.command;
  const actions = {
    ArrowDown: () => choose(chosen + 1),
    ArrowUp: () => choose(chosen - 1),
    Escape: closeSuggestions,
    Enter: () => runCommand(command),
    Tab: () => {
      $("text").value = `${command} `;
      closeSuggestions();
      fitText();
    },
  };
  const action = actions[event.key];
  if (!action || event.shiftKey) return false;
  event.preventDefault();
  action();
  return true;
}

function toggleCommandMenu() {
  if ($("suggestions").hidden) suggest(true);
  else closeSuggestions();
  if ($("suggestions").hidden && !world.commands.length) toast("The bot has not named its commands yet.");
  $("text").focus();
}

/* ---------- inline buttons ---------- */

/* The answer may overtake the reply to the POST, hence two maps: asked and not yet answered, and back. */
const waiting = new Map();
const early = new Map();

function press(key) {
  const chat = openChat();
  const messageId = Number(key.closest(".row").dataset.id);
  if (key.getAttribute("aria-busy") === "true") return;
  key.setAttribute("aria-busy", "true");
  attempt(async () => {
    try {
      const body = { message_id: messageId, data: key.dataset.press, user_id: typist(chat) };
      const { callback_query_id: id } = await call("POST", `/api/chats/${chat.id}/press`, body);
      if (early.has(id)) return settle(key, early.get(id));
      waiting.set(id, key);
      setTimeout(() => waiting.delete(id) && settle(key, { text: "The bot has not answered." }), 15000);
    } catch (error) {
      key.removeAttribute("aria-busy");
      throw error;
    }
  });
}

function onAnswer(answer) {
  const id = answer.callback_query_id;
  const key = waiting.get(id);
  if (key && waiting.delete(id)) return settle(key, answer);
  if (early.size > 50) early.clear(); // pressed in other windows; theirs to show
  early.set(id, answer);
}

function settle(key, answer) {
  key.removeAttribute("aria-busy");
  if (!answer.text) return;
  if (answer.show_alert) showAlert(answer.text);
  else toast(answer.text);
}

/* ---------- saying something to the reader ---------- */

function toast(text) {
  const node = el("p", "toast", text);
  node.dir = "auto";
  $("toasts").append(node);
  setTimeout(() => node.remove(), 3500 + text.length * 40);
}

function showAlert(text) {
  $("alert-text").textContent = text;
  $("alert").showModal();
}

function announce(message) {
  $("announcer").textContent = `${senderOf(message).name}: ${oneLine(plainText(message), 400)}`;
}

/* ---------- new chats, blocking ---------- */

async function createChat(type, title) {
  const chat = await call("POST", "/api/chats", { type, title });
  if (!world.chats.has(chat.id)) updateChat(chat);
  return world.chats.get(chat.id);
}

const TITLES = { private: ["Name", "Ada"], group: ["Title", "Newsroom"], channel: ["Title", "World in brief"], forum: ["Title", "Foreign desk"] };

function onCreateKind() {
  const [label, example] = TITLES[$("create-form").elements.type.value];
  $("create-label").textContent = label;
  $("create-title").placeholder = example;
}

function openCreate() {
  $("create-form").reset();
  $("create-problem").textContent = "";
  onCreateKind();
  $("create").showModal();
}

async function onCreate(event) {
  event.preventDefault();
  const { type, title } = $("create-form").elements;
  try {
    const chat = await createChat(type.value, title.value.trim() || title.placeholder);
    $("create").close();
    go(chat.id);
  } catch (error) {
    $("create-problem").textContent = error.message;
  }
}

function toggleBlock() {
  const chat = openChat();
  $("chat-menu").hidePopover();
  attempt(async () => {
    const answer = await call("POST", `/api/chats/${chat.id}/block`, { blocked: !chat.blocked });
    updateChat({ ...openChat(), blocked: answer?.blocked ?? !chat.blocked });
    if (!$("composer").hidden) $("text").focus();
    else $("unblock").focus();
  });
}

async function copyChatId() {
  $("chat-menu").hidePopover();
  try {
    await navigator.clipboard.writeText(String(view.chat));
    toast(`Copied ${view.chat}`);
  } catch {
    toast(`The id of this chat is ${view.chat}`);
  }
}

/* A popover lives above the page, so it has to be told where its button is. */
function placeMenu() {
  const box = $("chat-menu-button").getBoundingClientRect();
  $("chat-menu").style.top = `${box.bottom + 4}px`;
  $("chat-menu").style.right = `${document.documentElement.clientWidth - box.right}px`;
}

/* ---------- the live page that is being replayed (only where the server replays one) ---------- */

const replay = { data: null, timer: 0 };

async function loadReplay(offered) {
  if (offered === false || offered === null) return hideReplay();
  try {
    drawReplay(await call("GET", "/api/replay"));
  } catch {
    hideReplay();
  }
}

function hideReplay() {
  replay.data = null;
  clearTimeout(replay.timer);
  $("replay").hidden = true;
  $("replay-toggle").hidden = true;
}

function drawReplay(data) {
  if (!data?.entries) return hideReplay();
  const first = replay.data === null;
  replay.data = data;
  $("replay-toggle").hidden = false;
  if (first) showReplay(recall("dateline.replay", true) && matchMedia("(min-width: 1180px)").matches);
  $("replay-title").textContent = data.title;
  $("replay-subtitle").textContent = replayState(data);
  $("replay-progress").max = data.total || 1;
  $("replay-progress").value = data.done;
  const over = data.done >= data.total;
  $("replay-pause-icon").setAttribute("href", data.paused ? "#i-play" : "#i-pause");
  $("replay-pause-text").textContent = data.paused ? "Go on" : "Pause";
  $("replay-pause").disabled = $("replay-next").disabled = over;
  drawSpeeds(data.speed);
  drawEntries(data.entries);
  clearTimeout(replay.timer);
  if (!over) replay.timer = setTimeout(refreshReplay, 1500);
}

function replayState({ done, total, paused }) {
  if (done >= total) return `all ${total} entries published`;
  return `${done} of ${total} entries${paused ? " · paused" : ""}`;
}

/* The panel asks only while somebody looks at it. */
function refreshReplay() {
  if ($("replay").hidden || document.hidden) replay.timer = setTimeout(refreshReplay, 1500);
  else call("GET", "/api/replay").then(drawReplay, () => {});
}

function drawSpeeds(speed) {
  const select = $("replay-speed");
  if (document.activeElement === select) return;
  const speeds = [...new Set([0.5, 1, 2, 5, 20, speed])].sort((a, b) => a - b);
  select.replaceChildren(...speeds.map((value) => new Option(`${value}×`, value)));
  select.value = String(speed);
}

const STATES = { waiting: "not yet", shown: "", corrected: "corrected", withdrawn: "withdrawn" };

function drawEntries(entries) {
  const list = $("entries");
  while (list.children.length > entries.length) list.lastChild.remove();
  entries.forEach((entry, at) => {
    const row = list.children[at] ?? list.appendChild(el("li", "", el("b"), el("span"), el("small")));
    const drawn = JSON.stringify(entry);
    if (row.dataset.drawn === drawn) return;
    row.dataset.drawn = drawn;
    row.className = entry.state;
    row.children[0].textContent = entry.stamp;
    row.children[1].textContent = oneLine(entry.text, 140);
    row.children[1].dir = "auto";
    row.children[2].textContent = STATES[entry.state] ?? entry.state;
  });
}

function showReplay(open) {
  $("replay").hidden = !open;
  $("replay-toggle").setAttribute("aria-expanded", String(open));
}

function toggleReplay() {
  const open = $("replay").hidden;
  showReplay(open);
  remember("dateline.replay", open);
  if (open) refreshReplay();
  (open ? $("replay-pause") : $("replay-toggle")).focus();
}

function steer(action, speed) {
  attempt(async () => {
    const answer = await call("POST", "/api/replay", speed ? { action, speed } : { action });
    drawReplay(answer?.entries ? answer : await call("GET", "/api/replay"));
  });
}

/* ---------- clicks and keys ---------- */

/* One listener for all messages: the first of these that the click lies in is meant. */
const CLICKS = [
  [".command", (node) => sendNow(node.textContent)],
  ["[data-start]", (node, event) => {
    event.preventDefault();
    attempt(() => openBot(node.dataset.start));
  }],
  ["a", () => {}],
  ["[data-press]", (node) => press(node)],
  [".spoiler:not(.revealed)", (node) => reveal(node)],
  [".fold", (node) => unfold(node.parentElement)],
  [".reply-preview", (node) => jumpTo(Number(node.dataset.jump))],
  [".reply-button", (node) => setReply(Number(node.closest(".row").dataset.id))],
  [".foldable:not(.open):not(.fits)", (node) => getSelection().isCollapsed && unfold(node, true)],
];

function onMessagesClick(event) {
  for (const [selector, action] of CLICKS) {
    const node = event.target.closest(selector);
    if (node) return action(node, event);
  }
}

function onMessagesKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const row = event.target.closest(".row");
  const onRow = event.target === row;
  if (event.key === "ArrowUp" || event.key === "ArrowDown") {
    event.preventDefault();
    moveFocus(row, event.key === "ArrowUp");
  } else if (event.key === "Escape") {
    $("text").focus();
  } else if (event.key === "r" && row) {
    event.preventDefault();
    setReply(Number(row.dataset.id));
  } else if ((event.key === "Enter" || event.key === " ") && event.target.matches(".spoiler")) {
    event.preventDefault();
    reveal(event.target);
    row.focus();
  } else if (event.key === "Enter" && onRow) {
    row.querySelector("a, button:not(.reply-button), [tabindex='0']")?.focus();
  }
}

function moveFocus(row, up) {
  const next = up ? row?.previousElementSibling : row?.nextElementSibling;
  if (!row) $("messages").lastElementChild?.focus();
  else if (next) next.focus();
  else if (!up) $("text").focus();
}

/* Keyboard users who reach a link inside a folded quote see the quote unfold. */
function onMessagesFocus(event) {
  const quote = event.target.closest(".foldable:not(.open):not(.fits)");
  if (quote && !event.target.matches(".fold") && event.target.matches(":focus-visible")) unfold(quote, true);
}

function listen() {
  const on = (id, type, action) => $(id).addEventListener(type, action);
  on("messages", "click", onMessagesClick);
  on("messages", "focusin", onMessagesFocus);
  on("scroller", "keydown", onMessagesKey);
  $("scroller").addEventListener("scroll", onScroll, { passive: true });
  on("to-bottom", "click", () => {
    toBottom();
    markRead();
    $("text").focus();
  });
  on("topics", "keydown", onTabKey);
  on("back", "click", () => go(null));
  on("start", "click", () => sendNow("/start"));
  on("nothing-action", "click", () => attempt(() => openBot("")));
  on("skip", "click", (event) => {
    event.preventDefault();
    $("text").focus();
  });
  listenToComposer(on);
  listenToDialogs(on);
  listenToReplay(on);
  addEventListener("hashchange", () => route(true));
  document.addEventListener("visibilitychange", () => !document.hidden && view.pinned && markRead());
}

function listenToComposer(on) {
  on("text", "input", () => {
    fitText();
    suggest();
  });
  on("text", "keydown", onTextKey);
  on("text", "blur", () => setTimeout(() => document.activeElement !== $("command-menu") && closeSuggestions(), 100));
  on("composer", "submit", (event) => {
    event.preventDefault();
    submit();
  });
  on("command-menu", "click", toggleCommandMenu);
  on("replying-cancel", "click", () => {
    setReply(null);
    $("text").focus();
  });
  on("typist", "change", onTypist);
  on("unblock", "click", toggleBlock);
}

function listenToDialogs(on) {
  on("new-chat", "click", openCreate);
  on("create-form", "submit", onCreate);
  on("create-form", "change", onCreateKind);
  on("create-cancel", "click", () => $("create").close());
  on("chat-menu", "beforetoggle", placeMenu);
  on("menu-block", "click", toggleBlock);
  on("menu-copy", "click", copyChatId);
}

function listenToReplay(on) {
  on("replay-toggle", "click", toggleReplay);
  on("replay-close", "click", toggleReplay);
  on("replay-pause", "click", () => steer(replay.data.paused ? "resume" : "pause"));
  on("replay-next", "click", () => steer("next"));
  on("replay-speed", "change", () => steer(replay.data.paused ? "pause" : "resume", Number($("replay-speed").value)));
}

listen();
keepAtBottom();
load().then(connect, reconnect);
