/* The chat page of the sandbox, in one file and without a build.

     GET  /api/state  ──▶ world ──▶ draw             once, and again after every break of the line
     SSE  /api/events ──▶ world + the one row that the event touches
     keys and clicks  ──▶ POST  ──▶ what comes of it arrives as an event

   What others wrote is only ever text, never innerHTML; an event redraws no more than its own rows. */

const world = { event: 0, bot: { first_name: "Bot" }, users: new Map(), commands: [], chats: new Map() };

/* What is on the screen: of `list`, the messages of the open chat and topic, those from `first` on. */
const view = { chat: null, topic: 0, list: [], rows: new Map(), first: 0, atBottom: true, top: 0, fresh: 0, reply: null };

/* The elements of chat.html by their id: ui.text is <textarea id="text">. */
const ui = new Proxy({}, { get: (_, id) => document.getElementById(id) });

/* ---- small helpers ---- */

const active = () => document.activeElement;

function write(texts) {
	for (const [id, text] of Object.entries(texts)) ui[id].textContent = text;
}

/* el("p.name", { title: "…" }, "text", node…); what is empty or false is left out. */
function el(spec, attributes = {}, ...children) {
	const [tag, ...classes] = spec.split(".");
	const node = document.createElement(tag);
	if (classes.length) node.className = classes.join(" ");
	if (tag === "button") node.type = "button";
	for (const [name, value] of Object.entries(attributes)) {
		if (value !== undefined && value !== false) node.setAttribute(name, value);
	}
	node.append(...children.filter(Boolean));
	return node;
}

function icon(name) {
	const [svg, use] = ["svg", "use"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
	use.setAttribute("href", `#i-${name}`);
	svg.setAttribute("viewBox", "0 0 24 24");
	svg.setAttribute("aria-hidden", "true");
	svg.append(use);
	return svg;
}

/* For screen readers only. */
const unseen = (text) => el("span.unseen", {}, text);

/* Expensive to make, so each is made once. */
const formatter = (options) => new Intl.DateTimeFormat(undefined, options);
const CLOCK = formatter({ hour: "numeric", minute: "2-digit" });
const DAY = formatter({ dateStyle: "medium" });
const FULL = formatter({ dateStyle: "full", timeStyle: "short" });

const dateOf = (seconds) => new Date(seconds * 1000);
const clock = (seconds) => CLOCK.format(dateOf(seconds));
const sameDay = (one, other) => dateOf(one).toDateString() === dateOf(other).toDateString();

const isToday = (seconds) => sameDay(seconds, Date.now() / 1000);
const dayName = (seconds) => (isToday(seconds) ? "Today" : DAY.format(dateOf(seconds)));

const plural = (count, one, many) => `${count} ${count === 1 ? one : many}`;
const oneLine = (text, length = 120) => text.slice(0, length * 2).replace(/\s+/gu, " ").trim().slice(0, length);

function toast(text) {
	const node = el("p", { dir: "auto" }, text);
	ui.toasts.append(node);
	setTimeout(() => node.remove(), 3500 + text.length * 40);
}

/* Runs what the reader asked for; what goes wrong is told in a sentence. */
const attempt = (action) => Promise.resolve().then(action).catch((error) => toast(error.message));

/* ---- the server ---- */

async function call(path, body) {
	const options = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
	const response = await fetch(path, body && options).catch(() => {
		throw new Error("The sandbox cannot be reached. Is it still running?");
	});
	const data = await response.json().catch(() => ({}));
	if (!response.ok) throw new Error(data.error || `The sandbox answered with ${response.status}.`);
	return data;
}

const callChat = (action, body) => call(`/api/chats/${view.chat}/${action}`, body);

function connect() {
	const stream = new EventSource(`/api/events?after=${world.event}`);
	stream.onopen = () => write({ notice: "" });
	stream.onmessage = ({ data, lastEventId }) => {
		if (lastEventId) world.event = Number(lastEventId);
		const event = JSON.parse(data);
		EVENTS[event.type]?.(event);
	};
	// The browser would try again by itself, but not with a new state.
	stream.onerror = () => {
		stream.close();
		reconnect();
	};
}

/* The whole state is read again: a restarted server counts its events anew. */
function reconnect() {
	write({ notice: "Connection lost. Trying again…" });
	setTimeout(() => load().then(connect, reconnect), 1000);
}

async function load() {
	const state = await call("/api/state");
	Object.assign(world, { event: state.event, bot: state.bot, commands: state.commands });
	world.users = new Map(state.users.map((user) => [user.id, user]));
	world.chats = new Map(state.chats.map((chat) => [chat.id, chat]));
	ui.brand.textContent = world.bot.first_name;
	state.chats.forEach(forgetOldSeen);
	drawChats();
	route(false);
	loadReplay(state.replay);
}

const EVENTS = {
	message: receive,
	edited: receive,
	deleted: (event) => remove(event.chat_id, event.message_id),
	chat: (event) => updateChat(event.chat),
	answer: (event) => meet(event.callback_query_id, { answer: event }),
	commands: (event) => (world.commands = event.commands),
	user: (event) => {
		world.users.set(event.user.id, event.user);
		if (openChat()) drawFrame();
	},
	reset: () => load().catch(reconnect),
};

/* A new or changed message. Our own come twice: as the answer to the POST and as an event. */
function receive({ chat_id: chatId, message }) {
	const chat = world.chats.get(chatId);
	if (!chat) return load().catch(reconnect);
	const { known } = place(chat.messages, message);
	if (isOpen(chat, message)) {
		if (known) updateRow(message);
		else addRow(message);
		if (!known && isIncoming(message)) write({ announcer: `${senderOf(message).name}: ${oneLine(plainText(message), 400)}` });
	}
	drawSoon(chat);
}

/* Puts a message where its id belongs; `known` is what was there before. */
function place(list, message) {
	let at = list.length;
	while (at > 0 && list[at - 1].message_id > message.message_id) at -= 1;
	const known = list[at - 1]?.message_id === message.message_id && list[at - 1];
	if (known) list[(at -= 1)] = message;
	else list.splice(at, 0, message);
	return { at, known };
}

function remove(chatId, messageId) {
	const chat = world.chats.get(chatId);
	const at = chat?.messages.findIndex((message) => message.message_id === messageId) ?? -1;
	if (at < 0) return;
	const [message] = chat.messages.splice(at, 1);
	if (isOpen(chat, message)) removeRow(messageId);
	drawSoon(chat);
}

function updateChat(chat) {
	const known = world.chats.get(chat.id);
	world.chats.set(chat.id, { ...known, ...chat, messages: known?.messages ?? chat.messages ?? [] });
	drawChats();
	if (view.chat === chat.id) drawFrame();
	else if (view.chat === null) route(false);
}

/* ---- who is who, and what a chat is called ---- */

const GENERAL = 1; // Telegram's own number of the topic that every forum has

const openChat = () => world.chats.get(view.chat);
const topicOf = (chat, message) => (chat.is_forum ? (message.message_thread_id ?? GENERAL) : 0);
const isOpen = (chat, message) => view.chat === chat.id && view.topic === topicOf(chat, message);
const isIncoming = (message) => !message.from || message.from.is_bot === true;
const isPrivate = (chat) => chat.type === "private";
const isGroup = (chat) => chat.type === "group" || chat.type === "supergroup";
const privateChats = () => [...world.chats.values()].filter(isPrivate);
const isOneOfSeveral = (chat) => isPrivate(chat) && privateChats().length > 1;
const titleOf = (chat) => (isPrivate(chat) ? world.bot.first_name : chat.title);
const people = (chat) => chat.members.map((id) => world.users.get(id)).filter((user) => user && !user.is_bot);

function subtitleOf(chat) {
	if (isPrivate(chat)) return isOneOfSeveral(chat) ? `bot · you are ${chat.title}` : "bot";
	if (!isGroup(chat)) return "channel";
	return plural(people(chat).length, "person", "people") + (chat.blocked ? "" : " and the bot");
}

function typist(chat) {
	const able = people(chat).map((user) => user.id);
	return [chat.typist, chat.owner].find((id) => able.includes(id)) ?? able[0];
}

function senderOf({ from, sender_chat: channel }, chat = openChat()) {
	if (channel) return { id: channel.id, name: channel.title };
	return from ? { id: from.id, name: from.first_name } : { id: chat.id, name: titleOf(chat) };
}

function isMine(message) {
	const chat = openChat();
	return !message.sender_chat && !isIncoming(message) && message.from.id === typist(chat);
}

const roleOf = (user, chat) => (chat.admins.includes(user.id) ? " (administrator)" : "");

const tone = (id) => (id === world.bot.id ? "tone-bot" : `tone-${Math.abs(id) % 5}`);

function avatar(id, name) {
	const letters = (name ?? "").match(/(?<![\p{L}\p{N}])[\p{L}\p{N}]/gu) ?? ["?"];
	return el(`span.avatar.${tone(id)}`, { "aria-hidden": "true" }, letters.slice(0, 2).join("").toUpperCase());
}

const avatarOf = (chat) => avatar(isPrivate(chat) ? world.bot.id : chat.id, titleOf(chat));

/* ---- what a message says ---- */

/* For the messages that Telegram writes itself. */
const SERVICE = {
	new_chat_members: (users) => `${users.map((user) => user.first_name).join(", ")} joined`,
	left_chat_member: (user) => `${user.first_name} left`,
	forum_topic_created: (topic) => `The topic “${topic.name}” was created`,
};

function serviceText(message) {
	const key = Object.keys(SERVICE).find((name) => message[name]);
	return key && SERVICE[key](message[key]);
}

const textOf = (message) => message.text ?? message.caption;
const plainText = (message) => textOf(message) ?? serviceText(message) ?? "Message";

/* ---- formatting ---- */

const tag = () => el("span.tag");

/* What to draw for an entity; its text goes into `.inside`, if there is one. */
const WRAPPERS = {
	bold: () => el("strong"),
	italic: () => el("em"),
	underline: () => el("u"),
	strikethrough: () => el("s"),
	code: () => el("code"),
	pre: () => el("pre", { dir: "ltr" }, el("code.inside")),
	spoiler: () => el("button.spoiler", { "aria-label": "Hidden text; press to show it" }, el("span.inside", { inert: "" })),
	blockquote: () => el("blockquote"),
	expandable_blockquote: foldedQuote,
	text_link: (entity) => link(entity.url),
	url: (_, text) => link(/^[a-z][a-z0-9+.-]*:/iu.test(text) ? text : `https://${text}`),
	mention: tag,
	text_mention: tag,
	hashtag: tag,
	cashtag: tag,
	bot_command: () => el("button.command"),
	date_time: localTime,
};

const isBlock = ({ type }) => /pre|quote/u.test(type);

/* Entities may nest, touch and (from a careless sender) overlap. Inside [at, end) the one that begins
   first and reaches furthest is the outermost; what sticks out of it is continued after it, so every
   character keeps all of its formats. Offsets count UTF-16 units, as JavaScript's strings do. */
function format(parent, text, entities, at = 0, end = text.length) {
	while (at < end) {
		const next = outermost(entities, at, end);
		if (!next) break;
		const from = Math.max(at, next.offset);
		const to = Math.min(end, next.offset + next.length);
		parent.append(text.slice(at, from));
		const wrapper = WRAPPERS[next.type](next, text.slice(from, to));
		parent.append(wrapper);
		format(wrapper.querySelector(".inside") ?? wrapper, text, entities.filter((entity) => entity !== next), from, to);
		// A block ends its own line: the line break after it would show as an empty line.
		at = isBlock(next) && text[to] === "\n" && to < end ? to + 1 : to;
	}
	parent.append(text.slice(at, end));
}

function outermost(entities, at, end) {
	const start = (entity) => Math.max(at, entity.offset);
	const reach = (entity) => entity.offset + entity.length + (isBlock(entity) ? 0.5 : 0);
	return entities
		.filter((entity) => WRAPPERS[entity.type] && entity.offset + entity.length > at && entity.offset < end)
		.reduce((best, entity) => {
			const closer = best && (start(entity) - start(best) || reach(best) - reach(entity));
			return !best || closer < 0 ? entity : best;
		}, null);
}

/* Three lines stay visible: a shorter quote is not folded. */
function foldedQuote({ length }, text) {
	if (length < 200 && text.split("\n").length < 4) return el("blockquote");
	const toggle = el("button.fold.round", { "aria-expanded": "false", "aria-label": "Whole quote" }, icon("down"));
	return el("blockquote.folds", {}, el("div.inside"), toggle);
}

function unfold(quote, open) {
	quote.classList.toggle("open", open);
	quote.lastChild.setAttribute("aria-expanded", open);
}

function reveal(spoiler) {
	const row = spoiler.closest(".row");
	spoiler.replaceWith(...spoiler.firstChild.childNodes);
	row.focus({ preventScroll: true });
}

function localTime(entity) {
	const date = dateOf(entity.unix_time);
	if (Number.isNaN(date.getTime())) return el("span");
	return el("time.local", { datetime: date.toISOString(), title: `${FULL.format(date)}, your time` });
}

/* javascript: and its kin stay plain text. */
function link(url, spec = "a") {
	if (!URL.canParse(url) || !/^(https?|tg):/u.test(new URL(url).protocol)) return el("span");
	const payload = botPayload(url) ?? undefined;
	const title = payload === undefined && url;
	return el(spec, { href: url, target: "_blank", rel: "noopener noreferrer", title, "data-start": payload });
}

/* The payload of https://t.me/<our bot>?start=..., "" without one; null for every other address. */
function botPayload(url) {
	const { hostname, pathname, searchParams } = new URL(url);
	const ours = hostname === "t.me" && pathname.slice(1).toLowerCase() === world.bot.username?.toLowerCase();
	return ours ? (searchParams.get("start") ?? "") : null;
}

/* ---- one message on the screen ---- */

function fillRow(row, message, previous) {
	const newDay = !previous || !sameDay(previous.date, message.date);
	const run = !newDay && message.date - previous.date < 900 && senderOf(previous).id === senderOf(message).id;
	const service = textOf(message) === undefined && serviceText(message);
	row.className = `row${isMine(message) ? " mine" : ""}${run ? "" : " first"}`;
	row.replaceChildren();
	if (newDay) row.append(el("p.day", {}, dayName(message.date)));
	row.append(service ? el("p.service", {}, service) : pair(message, !run));
}

/* The bubble and what stands beside it. R replies too: a tab stop for each message would help nobody. */
function pair(message, first) {
	const { id, name } = senderOf(message);
	const keys = message.reply_markup?.inline_keyboard ?? [];
	const others = isGroup(openChat()) && !isMine(message);
	return el("div.pair", {},
		others && avatar(id, name),
		el("div.stack", {}, bubble(message, others && first), keys.length > 0 && keyboard(keys)),
		el("button.reply.round", { title: "Reply", tabindex: -1 }, icon("reply")));
}

function bubble(message, named) {
	const { id, name } = senderOf(message);
	const original = message.reply_to_message;
	const text = el("div.text", { dir: "auto" });
	format(text, textOf(message) ?? "", message.entities ?? message.caption_entities ?? []);
	text.append(meta(message));
	return el("div.bubble", {},
		el(named ? `p.name.${tone(id)}` : "p.unseen", { dir: "auto" }, isMine(message) ? "You:" : name),
		original && !original.forum_topic_created && replied(original),
		text);
}

function replied(original) {
	return el("button.replied", { "data-jump": original.message_id },
		unseen("In reply to "), el("b", {}, senderOf(original).name), el("span", { dir: "auto" }, oneLine(plainText(original))));
}

function meta({ date, edit_date: edited, silent }) {
	return el("span.meta", { dir: "ltr" },
		silent && el("span", { title: "Sent without sound" }, icon("muted"), unseen("without sound, ")),
		edited && el("em", { title: `Edited ${FULL.format(dateOf(edited))}` }, `edited ${clock(edited)}`),
		el("time", { datetime: dateOf(date).toISOString(), title: FULL.format(dateOf(date)) }, clock(date)));
}

function keyboard(rows) {
	const lines = rows.map((keys) => el("div", {}, ...keys.map(inlineKey)));
	return el("div.keyboard", { role: "group", "aria-label": "Buttons of this message" }, ...lines);
}

function inlineKey(key) {
	const node = key.url ? link(key.url, "a.key") : el("button.key", { "data-press": key.callback_data });
	node.append(el("bdi", {}, key.text));
	if (key.url && node.dataset.start === undefined) node.append(icon("link"));
	return node;
}

/* ---- the rows of the open chat ---- */

const whenIdle = window.requestIdleCallback ?? setTimeout;

function messagesInView() {
	const chat = openChat();
	return chat.messages.filter((message) => isOpen(chat, message));
}

/* The newest messages are there at once, the older ones follow when the browser is idle. */
function drawMessages() {
	const list = (view.list = messagesInView());
	view.first = list.length;
	view.rows.clear();
	ui.messages.replaceChildren();
	drawFrom(list.length - CHUNK);
	drawEmpty();
	toBottom();
	const older = () => {
		if (list !== view.list) return; // another chat was opened meanwhile
		for (let chunk = 0; chunk < 4; chunk += 1) drawFrom(view.first - CHUNK);
		if (view.first) whenIdle(older, { timeout: 400 });
	};
	whenIdle(older, { timeout: 400 });
}

/* Rows lie in chunks: thousands of siblings are slow, even unseen. */
const CHUNK = 40;
const makeChunk = (...rows) => el("div.chunk", { role: "none" }, ...rows);

function drawFrom(at) {
	const from = Math.max(0, at);
	if (from >= view.first) return;
	ui.messages.prepend(makeChunk(...view.list.slice(from, view.first).map((_, index) => makeRow(from + index))));
	view.first = from;
}

function makeRow(at) {
	const message = view.list[at];
	const row = el("div", { role: "listitem", "data-id": message.message_id, tabindex: -1 });
	fillRow(row, message, view.list[at - 1]);
	view.rows.set(message.message_id, row);
	return row;
}

const rowAt = (at) => view.rows.get(view.list[at]?.message_id);

function addRow(message) {
	const { at } = place(view.list, message);
	if (at < view.first) return (view.first += 1);
	const row = makeRow(at);
	const next = rowAt(at + 1);
	const last = ui.messages.lastElementChild;
	if (next) next.before(row);
	else if (last?.childElementCount < CHUNK) last.append(row);
	else ui.messages.append(makeChunk(row));
	refill(at + 1);
	drawEmpty();
	if (view.atBottom && !document.hidden) markRead();
	else view.fresh += 1;
	drawToBottom();
}

function updateRow(message) {
	const { at, known } = place(view.list, message);
	if (JSON.stringify(known) === JSON.stringify(message)) return;
	refill(at);
	flash(view.rows.get(message.message_id));
}

function flash(row) {
	row?.classList.remove("changed");
	void row?.offsetWidth; // lets the animation start again when one change follows another
	row?.classList.add("changed");
}

const controlsOf = (row, selector = "a, button:not(.reply)") => [...row.querySelectorAll(selector)];

/* Draws a row again, keeping its unfolded quotes and the focus. */
function refill(at) {
	const row = rowAt(at);
	if (!row) return;
	const focused = row.contains(active()) && active();
	const kind = focused && focused.matches(".key") ? ".key" : undefined;
	const index = controlsOf(row, kind).indexOf(focused);
	const open = [...row.querySelectorAll(".folds")].map((quote) => quote.matches(".open"));
	fillRow(row, view.list[at], view.list[at - 1]);
	row.querySelectorAll(".folds").forEach((quote, nth) => open[nth] && unfold(quote, true));
	if (focused) (controlsOf(row, kind)[index] ?? row).focus({ preventScroll: true });
}

function removeRow(messageId) {
	const at = view.list.findIndex((message) => message.message_id === messageId);
	const row = view.rows.get(messageId);
	view.list.splice(at, 1);
	if (!row) return (view.first -= 1);
	if (row.contains(active())) ui.scroller.focus();
	row.remove();
	view.rows.delete(messageId);
	refill(at);
	drawEmpty();
}

function drawEmpty() {
	const chat = openChat();
	ui.empty.hidden = view.list.length > 0;
	ui.messages.hidden = !ui.empty.hidden;
	ui.emptyAvatar.replaceChildren(avatarOf(chat));
	const [emptyTitle, emptyHint] = isPrivate(chat)
		? [`This is ${world.bot.first_name}`, "Press Start or type /subscribe"]
		: ["No messages yet", "Type /subscribe to follow a story here"];
	write({ emptyTitle, emptyHint });
	ui.start.hidden = !isPrivate(chat);
}

/* ---- scrolling ---- */

function toBottom() {
	ui.scroller.scrollTop = ui.scroller.scrollHeight;
	view.top = ui.scroller.scrollTop;
	arriveAtBottom();
}

function arriveAtBottom() {
	view.atBottom = true;
	view.fresh = 0;
	markRead();
	drawToBottom();
}

function onScroll() {
	const { scrollTop, scrollHeight, clientHeight } = ui.scroller;
	const close = scrollHeight - scrollTop - clientHeight < 40;
	if (close && !view.atBottom) arriveAtBottom();
	else if (!close && scrollTop < view.top) view.atBottom = false; // only going up leaves the bottom
	view.top = scrollTop;
	drawToBottom();
}

function drawToBottom() {
	ui.toBottom.hidden = view.atBottom;
	write({ fresh: view.fresh ? plural(view.fresh, "new message", "new messages") : "Newest" });
}

/* Rows get their real height when they come near, the text box grows: stay at the bottom. */
const sizes = new ResizeObserver(() => {
	if (view.atBottom) ui.scroller.scrollTop = ui.scroller.scrollHeight;
});

function jumpTo(messageId) {
	const chat = openChat();
	const message = chat.messages.find((other) => other.message_id === messageId);
	if (!message) return toast("That message is gone.");
	if (!isOpen(chat, message)) openTopic(topicOf(chat, message));
	drawFrom(view.list.findIndex((other) => other.message_id === messageId) - 20);
	const row = view.rows.get(messageId);
	view.atBottom = false;
	row.focus({ preventScroll: true });
	row.scrollIntoView({ block: "center" });
	// The rows around it had estimated heights until now: aim once more.
	requestAnimationFrame(() => row.scrollIntoView({ block: "center" }));
	flash(row);
}

/* ---- the list of chats ---- */

/* The last message read, by chat and topic. */
const seen = JSON.parse(localStorage.getItem("dateline.seen")) ?? {};

function markRead() {
	const last = view.list.at(-1);
	if (!last || document.hidden) return;
	(seen[view.chat] ??= {})[view.topic] = last.message_id;
	localStorage.setItem("dateline.seen", JSON.stringify(seen));
	drawSoon(openChat());
}

/* A sandbox that began anew counts its messages from 1 again. */
function forgetOldSeen(chat) {
	const last = chat.messages.at(-1)?.message_id ?? 0;
	if (Object.values(seen[chat.id] ?? {}).some((id) => id > last)) delete seen[chat.id];
}

function unread(chat, topic) {
	const isNew = (message) => {
		const its = topicOf(chat, message);
		return isIncoming(message) && (topic ?? its) === its && message.message_id > (seen[chat.id]?.[its] ?? 0);
	};
	return chat.messages.reduce((count, message) => count + isNew(message), 0);
}

function badge(count) {
	return count > 0 && el("span.badge", {}, String(count), unseen(" unread"));
}

const items = new Map();
const lastDate = (chat) => chat.messages.at(-1)?.date ?? 0;
const byDate = () => [...world.chats.values()].sort((one, other) => lastDate(other) - lastDate(one));

/* Draws the list, or in it only the `changed` chats. */
function drawChats(changed) {
	const focused = active(); // moving a node drops its focus
	for (const [id, item] of items) if (!world.chats.has(id)) item.parentElement?.remove();
	byDate().forEach((chat, at) => {
		const item = changed && !changed.has(chat.id) ? items.get(chat.id) : drawItem(chat);
		const line = item.parentElement ?? el("li", {}, item);
		if (ui.chats.children[at] !== line) ui.chats.insertBefore(line, ui.chats.children[at] ?? null);
	});
	if (ui.chats.contains(focused)) focused.focus({ preventScroll: true });
	const count = byDate().reduce((sum, chat) => sum + unread(chat), 0);
	document.title = `${count ? `(${count}) ` : ""}${world.bot.first_name}`;
}

/* Many messages may come at once. */
const changedChats = new Set();

function drawSoon(chat) {
	if (!changedChats.size) {
		setTimeout(() => {
			drawChats(changedChats);
			drawTopics();
			changedChats.clear();
		}, 40);
	}
	changedChats.add(chat.id);
}

function drawItem(chat) {
	if (!items.has(chat.id)) items.set(chat.id, el("button.chat", { "data-chat": chat.id }));
	const item = items.get(chat.id);
	const last = chat.messages.at(-1);
	if (chat.id === view.chat) item.setAttribute("aria-current", "true");
	else item.removeAttribute("aria-current");
	item.replaceChildren(avatarOf(chat), nameLine(chat),
		el("time", {}, last && (isToday(last.date) ? clock : dayName)(last.date)),
		el("span.preview", { dir: "auto" }, last ? preview(chat, last) : "No messages yet"),
		badge(unread(chat)) || "");
	return item;
}

function nameLine(chat) {
	const kind = chat.is_forum ? "forum" : isGroup(chat) ? "group" : chat.type;
	return el("span.name-of", {},
		kind !== "private" && icon(kind), kind !== "private" && unseen(`${kind} `), el("bdi", {}, titleOf(chat)),
		isOneOfSeveral(chat) && el("small", {}, `as ${chat.title}`));
}

function preview(chat, message) {
	const text = oneLine(plainText(message));
	if (isPrivate(chat)) return isIncoming(message) ? text : `You: ${text}`;
	return isGroup(chat) ? `${senderOf(message, chat).name}: ${text}` : text;
}

/* ---- opening a chat ---- */

/* The open chat is in the address (#chat/topic): reload and back just work. */
function go(address) {
	if (location.hash === `#${address}`) route(true);
	else location.hash = address;
}

function route(focus) {
	const [, id, topic] = /^#(-?\d+)(?:\/(\d+))?$/u.exec(location.hash) ?? [];
	const chat = world.chats.get(Number(id));
	const newest = byDate()[0];
	if (chat) show(chat, Number(topic) || newestTopic(chat), focus);
	else if (id !== undefined) showNothing("This chat is no longer here. Choose another one, or open a new one.");
	else if (newest && matchMedia("(min-width: 721px)").matches) {
		history.replaceState(null, "", `#${newest.id}`);
		route(focus);
	} else showNothing("No chats yet. Open one with the bot, then press Start or type /subscribe.");
}

function showNothing(text) {
	keepDraft();
	Object.assign(view, { chat: null, list: [] });
	ui.app.classList.remove("in-chat");
	ui.conversation.hidden = true;
	ui.nothing.hidden = false;
	ui.nothingText.textContent = text;
	ui.openBot.hidden = privateChats().length > 0;
	drawChats();
}

function show(chat, topic, focus) {
	const same = view.chat === chat.id && view.topic === topic;
	if (!same) keepDraft();
	Object.assign(view, { chat: chat.id, topic });
	ui.app.classList.add("in-chat");
	ui.conversation.hidden = false;
	ui.nothing.hidden = true;
	drawFrame();
	// After a break the rows that are still true stay, and with them the reader's place.
	if (!same || JSON.stringify(messagesInView()) !== JSON.stringify(view.list)) drawMessages();
	if (!same) {
		setReply(null);
		setText(chat.draft ?? "");
	}
	drawChats();
	// A touch screen would open its keyboard over half of the chat.
	if (focus) (ui.composer.hidden || matchMedia("(hover: none)").matches ? ui.scroller : ui.text).focus();
}

function drawFrame() {
	const chat = openChat();
	ui.avatar.replaceChildren(avatarOf(chat));
	write({ title: titleOf(chat), subtitle: subtitleOf(chat) });
	ui.text.placeholder = chat.type === "channel" ? `Post as ${chat.title}` : "Message";
	drawTopics();
	drawTypists(chat);
	drawBlocked(chat);
}

function drawBlocked(chat) {
	const own = isPrivate(chat);
	ui.composer.hidden = own && chat.blocked;
	ui.blocked.hidden = !chat.blocked;
	const [block, unblock, state] = own
		? ["Block the bot", "Unblock", "You blocked this bot."]
		: ["Remove the bot", "Bring it back", "The bot was removed from this chat."];
	write({ blockedText: state, unblock, block: chat.blocked ? unblock : block });
}

function drawTypists(chat) {
	const choice = isGroup(chat) ? people(chat) : [];
	ui.typist.replaceChildren(...choice.map((user) => new Option(user.first_name + roleOf(user, chat), user.id)));
	ui.typist.value = typist(chat);
	ui.typistLabel.hidden = choice.length < 2;
}

function onTypist() {
	openChat().typist = Number(ui.typist.value);
	view.list.forEach((_, at) => refill(at)); // whose bubbles are on the right has changed
	ui.text.focus();
}

/* ---- topics ---- */

function topicsOf(chat) {
	return chat.topics.some(({ id }) => id === GENERAL) ? chat.topics : [{ id: GENERAL, name: "General" }, ...chat.topics];
}

function newestTopic(chat) {
	const last = chat.messages.at(-1);
	return last ? topicOf(chat, last) : chat.is_forum ? GENERAL : 0;
}

function openTopic(topic) {
	history.replaceState(null, "", `#${view.chat}/${topic}`);
	route(false);
}

function drawTopics() {
	const chat = openChat();
	const hadFocus = ui.topics.contains(active());
	ui.topics.hidden = !chat?.is_forum;
	ui.topics.replaceChildren(...(chat?.is_forum ? topicsOf(chat).map((topic) => tab(chat, topic)) : []));
	if (hadFocus) ui.topics.querySelector("[tabindex='0']")?.focus();
}

function tab(chat, { id, name, closed }) {
	const open = id === view.topic;
	const attributes = { role: "tab", "aria-selected": String(open), "aria-controls": "scroller", tabindex: open ? 0 : -1 };
	const node = el("button", attributes, el("bdi", {}, name), closed && " (closed)", badge(unread(chat, id)));
	node.onclick = () => openTopic(id);
	return node;
}

function onTopicKey({ key }) {
	const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
	const tabs = [...ui.topics.children];
	if (step) tabs.at((tabs.indexOf(active()) + step) % tabs.length).click();
}

/* ---- writing ---- */

function keepDraft() {
	if (openChat()) openChat().draft = ui.text.value;
}

function setText(text) {
	ui.text.value = text;
	closeSuggestions();
	fitText();
}

function fitText() {
	ui.text.style.height = "auto";
	ui.text.style.height = `${Math.min(ui.text.scrollHeight, 180)}px`;
	ui.send.classList.toggle("ready", ui.text.value.trim() !== "");
}

let posting = Promise.resolve(); // one after the other, so that quick typing keeps its order

async function send(text, reply) {
	const chat = openChat();
	const thread = chat.is_forum && view.topic !== GENERAL ? view.topic : undefined;
	const body = { text, user_id: typist(chat), thread_id: thread, reply_to: reply ?? undefined };
	toBottom();
	const post = posting.then(() => call(`/api/chats/${chat.id}/messages`, body));
	posting = post.catch(() => {});
	receive({ chat_id: chat.id, message: await post });
}

async function submit() {
	const text = ui.text.value.trim();
	const { chat, reply } = view;
	if (!text) return;
	setText("");
	setReply(null);
	try {
		await send(text, reply);
	} catch (error) {
		toast(error.message);
		if (view.chat === chat && !ui.text.value) setText(text); // nothing typed is lost
	}
}

function setReply(messageId) {
	const message = openChat()?.messages.find((other) => other.message_id === messageId);
	view.reply = message ? messageId : null;
	ui.replying.hidden = !message;
	if (!message) return;
	write({ replyingTo: `Reply to ${senderOf(message).name}`, replyingText: oneLine(plainText(message)) });
	ui.text.focus();
}

function onTextKey(event) {
	if (event.isComposing) return;
	const action = (!ui.suggestions.hidden && SUGGESTION_KEYS[event.key]) || TEXT_KEYS[event.key];
	if (!action || event.shiftKey || (event.key === "ArrowUp" && ui.suggestions.hidden && ui.text.value)) return;
	event.preventDefault();
	action();
}

const TEXT_KEYS = {
	Enter: submit,
	Escape: () => setReply(null),
	ArrowUp: () => beside()?.focus(),
};

/* A link to our own bot stays in the page: it starts the bot in the private chat. */
async function openBot(payload) {
	const writer = openChat() && typist(openChat());
	const chats = privateChats();
	const own = chats.find((chat) => chat.owner === writer) ?? chats[0];
	const name = world.users.get(writer)?.first_name ?? "You";
	const chat = own ?? (await createChat("private", name));
	history.pushState(null, "", `#${chat.id}`);
	route(true);
	if (payload) await send(`/start ${payload}`);
}

/* ---- commands after "/" ---- */

let chosen = 0;

function suggest(all) {
	const typed = all ? "" : /^\/(\w*)$/u.exec(ui.text.value)?.[1].toLowerCase();
	const known = openChat().commands ?? world.commands; // a chat may have a menu of its own
	const fitting = known.filter(({ command }) => typed !== undefined && command.startsWith(typed));
	if (!fitting.length) return closeSuggestions();
	ui.suggestions.replaceChildren(...fitting.map(({ command, description }, at) =>
		el("div.suggestion", { role: "option", id: `option${at}` }, el("b", {}, `/${command}`), el("span", {}, description))));
	ui.suggestions.hidden = false;
	choose(0);
}

function choose(at) {
	const options = [...ui.suggestions.children];
	chosen = (at + options.length) % options.length;
	options.forEach((option, index) => option.setAttribute("aria-selected", index === chosen));
	options[chosen].scrollIntoView({ block: "nearest" });
	ui.text.setAttribute("aria-activedescendant", `option${chosen}`);
}

function closeSuggestions() {
	ui.suggestions.hidden = true;
	ui.text.removeAttribute("aria-activedescendant");
}

function takeCommand(option, after) {
	setText(option.firstChild.textContent + after);
	if (!after) submit();
}

const SUGGESTION_KEYS = {
	ArrowDown: () => choose(chosen + 1),
	ArrowUp: () => choose(chosen - 1),
	Escape: closeSuggestions,
	Enter: () => takeCommand(ui.suggestions.children[chosen], ""),
	Tab: () => takeCommand(ui.suggestions.children[chosen], " "), // to add words to it
};

function toggleCommands() {
	if (!ui.suggestions.hidden) closeSuggestions();
	else suggest(true);
	ui.text.focus();
}

/* ---- inline buttons ---- */

/* A pressed button and its answer meet here; either may come first. */
const presses = new Map();

function meet(id, half) {
	const whole = { ...presses.get(id), ...half };
	presses.set(id, whole);
	if (!whole.key || !whole.answer) return;
	whole.key.removeAttribute("aria-busy");
	const { text, show_alert: asAlert } = whole.answer;
	presses.delete(id);
	if (text && !asAlert) return toast(text);
	if (!text) return;
	write({ alertText: text });
	ui.alert.showModal();
}

async function press(key) {
	if (key.matches("[aria-busy]")) return;
	key.setAttribute("aria-busy", "true");
	setTimeout(() => key.removeAttribute("aria-busy"), 9000); // a bot that never answers
	const body = { message_id: idOf(key), data: key.dataset.press, user_id: typist(openChat()) };
	meet((await callChat("press", body)).callback_query_id, { key });
}

/* ---- new chats, blocking ---- */

async function createChat(type, title) {
	const chat = await call("/api/chats", { type, title });
	updateChat(chat);
	return chat;
}

function openCreate() {
	ui.createForm.reset();
	write({ createProblem: "" });
	ui.create.showModal();
}

async function onCreate(event) {
	event.preventDefault();
	const { type, title } = ui.createForm.elements;
	try {
		const chat = await createChat(type.value, title.value);
		ui.create.close();
		go(chat.id);
	} catch (error) {
		ui.createProblem.textContent = error.message;
	}
}

async function toggleBlock() {
	ui.menu.hidePopover();
	const blocked = !openChat().blocked;
	await callChat("block", { blocked });
	updateChat({ ...openChat(), blocked });
	(blocked ? ui.unblock : ui.text).focus();
}

/* ---- the live page, where one is being replayed ---- */

let replay = null;

async function loadReplay(offered) {
	if (offered) drawReplay(await call("/api/replay").catch(() => null));
}

function drawReplay(data) {
	if (!replay && data) showReplay(matchMedia("(min-width: 1180px)").matches);
	replay = data;
	ui.replayToggle.hidden = !data;
	if (!data) return showReplay(false);
	const { title, done, total, paused, speed, entries } = data;
	const replayState = `${done} of ${total} entries${paused ? " · paused" : ""}`;
	write({ replayTitle: title, replayState, pause: paused ? "Go on" : "Pause" });
	ui.pause.disabled = ui.next.disabled = done >= total;
	ui.speed.value = speed;
	if (!ui.speed.value) ui.speed.append(new Option(speed, speed, true, true));
	ui.entries.replaceChildren(...entries.map(({ stamp, text, state }) =>
		el(`li.${state}`, {}, el("b", {}, stamp), el("span", { dir: "auto" }, oneLine(text, 140)), ["corrected", "withdrawn"].includes(state) && el("small", {}, state))));
}

/* Asked again only while somebody looks at it. */
setInterval(() => {
	if (replay && !ui.replay.hidden && !document.hidden) loadReplay(true);
}, 1500);

function showReplay(open) {
	ui.replay.hidden = !open;
	ui.replayToggle.setAttribute("aria-expanded", open);
}

async function steer(action, speed) {
	await call("/api/replay", { action, speed });
	await loadReplay(true);
}

/* ---- clicks and keys ---- */

const idOf = (node) => Number(node.closest(".row").dataset.id);

/* The first of these that a click lies in is meant. */
const CLICKS = {
	".command": (node) => send(node.textContent),
	"[data-start]": (node) => openBot(node.dataset.start),
	a: () => {},
	"[data-press]": (node) => press(node),
	".spoiler": (node) => reveal(node),
	".fold": (node) => unfold(node.parentElement, !node.parentElement.matches(".open")),
	"[data-jump]": (node) => jumpTo(Number(node.dataset.jump)),
	".reply": (node) => setReply(idOf(node)),
	".folds:not(.open)": (node) => unfold(node, true),
};

function onMessageClick(event) {
	const selector = Object.keys(CLICKS).find((key) => event.target.closest(key));
	if (selector === "[data-start]") event.preventDefault();
	if (selector) attempt(() => CLICKS[selector](event.target.closest(selector)));
}

/* The row above or below; of none given the last one. */
function beside(row, step) {
	if (!row) return rowAt(view.list.length - 1);
	return rowAt(view.list.findIndex((message) => message.message_id === idOf(row)) + step);
}

const MESSAGE_KEYS = {
	ArrowUp: (row) => beside(row, -1)?.focus(),
	ArrowDown: (row) => (beside(row, 1) ?? ui.text).focus(),
	Escape: () => ui.text.focus(),
	r: (row) => row && setReply(idOf(row)),
	Enter: (row) => row && controlsOf(row)[0]?.focus(),
};

function onMessageKey(event) {
	const row = event.target.closest(".row");
	const inControl = row && event.target !== row;
	if (event.ctrlKey || event.altKey || event.metaKey || !MESSAGE_KEYS[event.key] || (inControl && event.key === "Enter")) return;
	event.preventDefault();
	MESSAGE_KEYS[event.key](row);
}

function onChatClick({ target }) {
	const item = target.closest(".chat");
	if (item) go(item.dataset.chat);
}

const prevented = (action) => (event) => {
	event.preventDefault();
	action();
};

const LISTENERS = {
	"chats click": onChatClick,
	"messages click": onMessageClick,
	"scroller keydown": onMessageKey,
	"scroller scroll": onScroll,
	"toBottom click": () => (toBottom(), ui.text.focus()),
	"topics keydown": onTopicKey,
	"back click": () => go(""),
	"start click": () => attempt(() => send("/start")),
	"openBot click": () => attempt(() => openBot("")),
	"text input": () => (fitText(), suggest()),
	"text keydown": onTextKey,
	"text blur": closeSuggestions,
	"composer submit": prevented(submit),
	"suggestions pointerdown": prevented(() => {}), // the text box keeps the focus
	"suggestions click": ({ target }) => takeCommand(target.closest(".suggestion"), ""),
	"commands pointerdown": prevented(() => {}),
	"commands click": toggleCommands,
	"noReply click": () => (setReply(null), ui.text.focus()),
	"typist change": onTypist,
	"unblock click": () => attempt(toggleBlock),
	"block click": () => attempt(toggleBlock),
	"newChat click": openCreate,
	"createForm submit": onCreate,
	"createCancel click": () => ui.create.close(),
	"replayToggle click": () => showReplay(ui.replay.hidden),
	"replayClose click": () => (showReplay(false), ui.replayToggle.focus()),
	"pause click": () => attempt(() => steer(replay.paused ? "resume" : "pause")),
	"next click": () => attempt(() => steer("next")),
	"speed change": () => attempt(() => steer(replay.paused ? "pause" : "resume", Number(ui.speed.value))),
};

for (const [name, action] of Object.entries(LISTENERS)) {
	const [id, type] = name.split(" ");
	ui[id].addEventListener(type, action);
}
for (const node of document.querySelectorAll("[data-icon]")) node.prepend(icon(node.dataset.icon));
addEventListener("hashchange", () => route(true));
document.addEventListener("visibilitychange", () => view.atBottom && arriveAtBottom());
sizes.observe(ui.scroller);
sizes.observe(ui.messages);
load().then(connect, reconnect);
