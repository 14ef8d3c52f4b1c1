/* The chat page of the sandbox, in one file and without a build.

     GET  /api/state  ──▶ world ──▶ draw             once, and again after every break of the line
     SSE  /api/events ──▶ world + the one row that the event touches
     keys and clicks  ──▶ POST  ──▶ what comes of it arrives as an event

   What others wrote is only ever text, never innerHTML; an event redraws no more than its own rows. */

const world = { event: 0, bot: { first_name: "Bot" }, users: new Map(), chats: new Map() };

/* What is on the screen: of `list`, the messages of the open chat and topic, those from number `from` on. */
const view = { chat: null, topic: 0, list: [], from: 0, atBottom: true, top: 0, reply: null };

/* The elements of the page by their id: ui.text is <textarea id="text">. */
const ui = new Proxy({}, { get: (_, id) => document.getElementById(id) });

/* ---- small helpers ---- */

const active = () => document.activeElement;

function write(texts) {
	for (const [id, text] of Object.entries(texts)) ui[id].textContent = text;
}

/* el("p.name", { title: "…" }, "text", node…); what is empty or false is left out, functions are handlers. */
function el(spec, attributes = {}, ...children) {
	const [tag, ...classes] = spec.split(".");
	const node = document.createElement(tag);
	if (classes.length) node.className = classes.join(" ");
	if (tag === "button") node.type = "button";
	for (const [name, value] of Object.entries(attributes)) {
		if (typeof value === "function") node[name] = (event) => attempt(() => value(event));
		else if (value !== undefined && value !== false) node.setAttribute(name, value);
	}
	node.append(...children.filter(Boolean));
	return node;
}

function icon(name) {
	const svg = ui.icon.content.firstChild.cloneNode(true);
	svg.firstChild.setAttribute("href", `#i-${name}`);
	return svg;
}

const unseen = (text) => el("span.unseen", {}, text);

/* New children; the focus stays on the control at its place, counted from the end: buttons come last. */
function refresh(parent, ...children) {
	const controls = () => [...parent.querySelectorAll("a, button:not(.reply)")].reverse();
	const at = controls().indexOf(active());
	parent.replaceChildren(...children.filter(Boolean));
	if (at >= 0) (controls()[at] ?? parent).focus({ preventScroll: true });
}

const formatter = (options) => new Intl.DateTimeFormat(undefined, options);
const CLOCK = formatter({ hour: "numeric", minute: "2-digit" });
const DAY = formatter({ dateStyle: "medium" });
const FULL = formatter({ dateStyle: "full", timeStyle: "short" });

const dateOf = (seconds) => new Date(Math.min(seconds, 8e12) * 1000); // the last that JavaScript knows
const clock = (seconds) => CLOCK.format(dateOf(seconds));
const dayOf = (seconds) => DAY.format(dateOf(seconds));
const isToday = (seconds) => dayOf(seconds) === DAY.format();

const oneLine = (text, length = 120) => text.slice(0, length * 2).replace(/\s+/gu, " ").trim().slice(0, length);

function toast(text) {
	const node = el("p", { dir: "auto" }, text);
	ui.toasts.append(node);
	setTimeout(() => node.remove(), 3500 + text.length * 40);
}

const prevented = (action) => (event) => {
	event.preventDefault();
	action();
};

async function attempt(action) {
	try {
		await action();
	} catch (error) {
		toast(error.message);
	}
}

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

let stream;

function connect() {
	stream?.close();
	stream = new EventSource(`/api/events?after=${world.event}${ui.calls.hidden ? "" : "&calls=1"}`);
	stream.onopen = () => write({ notice: "" });
	stream.onmessage = ({ data, lastEventId }) => {
		if (lastEventId) world.event = Number(lastEventId);
		const event = JSON.parse(data);
		EVENTS[event.type]?.(event);
	};
	stream.onerror = reconnect;
}

/* The browser would connect again by itself, but a restarted server counts its events anew: the state is read again. */
function reconnect() {
	stream?.close();
	write({ notice: "Connection lost. Trying again…" });
	setTimeout(() => load().then(connect, reconnect), 1000);
}

async function load() {
	const state = await call("/api/state");
	if (seen.world !== state.world) {
		seen = { world: state.world }; // a sandbox that began anew counts its messages from 1 again
		world.chats.clear();
	}
	Object.assign(world, { event: state.event, bot: state.bot });
	world.users = new Map(state.users.map((user) => [user.id, user]));
	world.chats = new Map(state.chats.map((chat) => [chat.id, learn(chat)]));
	ui.brand.textContent = world.bot.first_name;
	drawChats();
	route(false);
	if (state.replay) attempt(() => steer());
	if (!ui.calls.hidden) loadCalls(true);
}

/* What the page knew of a chat stays: who writes there, a draft, the older messages. */
function learn(chat) {
	const known = world.chats.get(chat.id) ?? { messages: [] };
	const kept = chat.messages ? indexOf(known.messages, chat.messages[0]?.message_id) : 0;
	if (kept > 0) Object.assign(chat, { messages: [...known.messages.slice(0, kept), ...chat.messages], older: known.older });
	return Object.assign(known, chat);
}

const EVENTS = {
	message: receive,
	edited: receive,
	deleted: remove,
	chat: (event) => updateChat(event.chat),
	answer: onAnswer,
	commands: () => EVENTS.reset(), // each chat may have a menu of its own
	user: ({ user }) => {
		world.users.set(user.id, user);
		if (openChat()) drawFrame();
	},
	replay: () => attempt(() => steer()),
	calls: () => loadCalls(),
	reset: () => load().catch(reconnect),
};

/* A new or changed message. Our own come twice: as the answer to the POST and as an event. */
function receive({ chat_id: chatId, message }) {
	const chat = world.chats.get(chatId);
	if (!chat) return EVENTS.reset();
	const { messages, older } = chat;
	const at = messages.findLastIndex((other) => other.message_id <= message.message_id);
	if (at < 0 && older) return; // it will come with the older ones
	const isKnown = messages[at]?.message_id === message.message_id;
	messages.splice(isKnown ? at : at + 1, isKnown ? 1 : 0, message);
	if (!isKnown && isOpen(chat, message) && isIncoming(message)) {
		write({ announcer: `${senderOf(message).name}: ${oneLine(plainText(message), 400)}` });
	}
	drawSoon();
}

const indexOf = (list, messageId) => list.findIndex((message) => message.message_id === messageId);

function remove({ chat_id: chatId, message_id: messageId }) {
	const chat = world.chats.get(chatId);
	if (chat) chat.messages = chat.messages.filter((message) => message.message_id !== messageId);
	drawSoon();
}

function updateChat(chat) {
	world.chats.set(chat.id, learn(chat));
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
const isGroup = (chat) => chat.type.endsWith("group");
const privateChats = () => [...world.chats.values()].filter(isPrivate);
const isOneOfSeveral = (chat) => isPrivate(chat) && privateChats().length > 1;
const titleOf = (chat) => (isPrivate(chat) ? world.bot.first_name : chat.title);
const people = (chat) => chat.members.map((id) => world.users.get(id)).filter((user) => user && !user.is_bot);

function subtitleOf(chat) {
	if (isPrivate(chat)) return isOneOfSeveral(chat) ? `bot · as ${chat.title}` : "bot";
	if (!isGroup(chat)) return "channel";
	const count = people(chat).length;
	return count === 1 ? "1 person" : `${count} people`;
}

function typist(chat) {
	const able = people(chat).map((user) => user.id);
	return [chat.typist, chat.owner].find((id) => able.includes(id)) ?? able[0];
}

function senderOf({ from, sender_chat: channel }, chat = openChat()) {
	if (channel) return { id: channel.id, name: channel.title };
	return from ? { id: from.id, name: from.first_name } : { id: chat.id, name: titleOf(chat) };
}

const isMine = (message) => !message.sender_chat && !isIncoming(message) && message.from.id === typist(openChat());

function roleOf({ id }, chat) {
	if (id === chat.owner) return "owner";
	const leads = id === world.bot.id ? chat.bot_status === "administrator" : chat.admins.includes(id);
	return leads ? "administrator" : "";
}

function tint(node, id) {
	node.style.setProperty("--hue", id === world.bot.id ? 247 : [40, 165, 300, 5, 210][Math.abs(id) % 5]);
	return node;
}

function avatar(id, name) {
	const letters = (name ?? "").match(/(?<![\p{L}\p{N}])[\p{L}\p{N}]/gu) ?? ["?"];
	return tint(el("span.avatar", { "aria-hidden": "true" }, letters.slice(0, 2).join("").toUpperCase()), id);
}

const avatarOf = (chat) => avatar(isPrivate(chat) ? world.bot.id : chat.id, titleOf(chat));

/* ---- what a message says ---- */

const SERVICE = {
	new_chat_members: (users) => `${users.map((user) => user.first_name).join(", ")} joined`,
	left_chat_member: (user) => `${user.first_name} left`,
	pinned_message: (message) => `Pinned: ${oneLine(plainText(message))}`,
	forum_topic_created: (topic) => `The topic “${topic.name}” was created`,
};

function serviceText(message) {
	const key = Object.keys(SERVICE).find((name) => message[name]);
	return key ? SERVICE[key](message[key]) : "";
}

const mediaOf = (message) => Object.keys(MEDIA).find((kind) => message[kind]);
const textOf = (message) => message.text ?? message.caption;

function plainText(message) {
	const kind = mediaOf(message)?.replace("_", " ");
	return [kind && kind[0].toUpperCase() + kind.slice(1), textOf(message)].filter(Boolean).join(": ") || serviceText(message) || "Message";
}

/* ---- photos and other files ---- */

const addressOf = (file) => `/api/files/${encodeURIComponent(file.file_id)}`;
const sized = ({ width, height }) => ({ width, height });
const player = (tag) => (file) => el(tag, { src: addressOf(file), controls: "", preload: "metadata", ...sized(file) });
const picture = (file, alt) => el("img", { src: addressOf(file), alt, loading: "lazy", ...sized(file) });
const card = (title, more = "") => el("p.card", {}, el("b", {}, title), el("span", {}, more));

const facts = (thing) => card(Object.values(thing).filter((value) => typeof value !== "object").join(" · "));

const MEDIA = {
	photo: (sizes) => el("a", { href: addressOf(sizes.at(-1)), target: "_blank" }, picture(sizes.at(-1), "Photo")),
	sticker: (file) => picture(file, `Sticker ${file.emoji ?? ""}`),
	animation: player("video"), // before document, which Telegram calls it too
	video: player("video"),
	video_note: player("video"),
	audio: player("audio"),
	voice: player("audio"),
	document: (file) => el("a", { href: addressOf(file), download: file.file_name ?? "" },
		card(file.file_name ?? "File", `${Math.ceil((file.file_size ?? 0) / 1000)} kB`)),
	venue: facts, // before location, which it has too
	location: facts,
	contact: facts,
	dice: facts,
	poll: (poll) => card(poll.question, poll.options.map((option) => `○ ${option.text}`).join("\n")),
};

/* A file that was sent by its address is not fetched: nothing here leaves this computer. */
function media(message) {
	const kind = mediaOf(message);
	if (!kind || !message.media_url) return kind && MEDIA[kind](message[kind]);
	const node = link(message.media_url);
	node.append(card(plainText({ [kind]: true }), message.media_url));
	return node;
}

/* ---- formatting ---- */

/* What to draw for an entity, where it is more than coloured; its text goes into `.inside`, if there is one. */
const WRAPPERS = {
	bold: () => el("strong"),
	italic: () => el("em"),
	underline: () => el("u"),
	strikethrough: () => el("s"),
	code: () => el("code"),
	pre: () => el("pre", { dir: "ltr" }, el("code.inside")),
	spoiler: () => el("button.spoiler", { "aria-label": "Hidden text; press to show it", onclick: ({ currentTarget }) => currentTarget.replaceWith(...currentTarget.firstChild.childNodes) }, el("span.inside", { inert: "" })),
	blockquote: () => el("blockquote"),
	expandable_blockquote: foldedQuote,
	text_link: (entity) => link(entity.url),
	url: (_, text) => link(/^[a-z][a-z0-9+.-]*:/iu.test(text) ? text : `https://${text}`),
	bot_command: (_, text) => el("button.tag", { onclick: () => send(text) }),
	date_time: (entity) => el("time.local", { title: `${FULL.format(dateOf(entity.unix_time))}, your time` }),
};

const isBlock = ({ type }) => /pre|quote/u.test(type);

/* Entities come as Telegram sends them: sorted, and nested without crossing. Takes from
   `entities` what lies before `end`. */
function format(parent, text, entities, at = 0, end = text.length) {
	while (entities[0]?.offset < end) {
		const entity = entities.shift();
		const to = entity.offset + entity.length;
		const node = WRAPPERS[entity.type]?.(entity, text.slice(entity.offset, to)) ?? el("span.tag");
		parent.append(text.slice(at, entity.offset), node);
		format(node.querySelector(".inside") ?? node, text, entities, entity.offset, to);
		// A block ends its own line: the line break after it would show as an empty line.
		at = /pre|quote/u.test(entity.type) && text[to] === "\n" ? to + 1 : to;
	}
	parent.append(text.slice(at, end));
}

/* Three lines stay visible: a shorter quote is not folded. */
function foldedQuote({ length }, text) {
	if (length < 200 && text.split("\n").length < 4) return el("blockquote");
	const toggle = el("button.fold.round", { "aria-expanded": "false", "aria-label": "Whole quote" }, icon("down"));
	const quote = el("blockquote.folds", {}, el("div.inside"), toggle);
	quote.onclick = ({ target }) => target.closest("a, .inside button") || unfold(quote, !quote.matches(".open"));
	return quote;
}

function unfold(quote, open) {
	quote.classList.toggle("open", open);
	quote.lastChild.setAttribute("aria-expanded", open);
}

/* javascript: and its kin stay plain text; a link to our own bot stays in this page. */
function link(url, spec = "a") {
	if (!URL.canParse(url) || !/^(https?|tg):/u.test(new URL(url).protocol)) return el("span");
	const { hostname, pathname, searchParams } = new URL(url);
	if (hostname !== "t.me" || pathname.slice(1).toLowerCase() !== world.bot.username?.toLowerCase()) {
		return el(spec, { href: url, target: "_blank", rel: "noopener noreferrer", title: url });
	}
	return el(spec, { href: url, onclick: (event) => (event.preventDefault(), openBot(searchParams.get("start"))) });
}

/* ---- one message on the screen ---- */

/* Draws a row anew, keeping its unfolded quotes. */
function fillRow(row, message, previous) {
	const newDay = !previous || dayOf(previous.date) !== dayOf(message.date);
	const run = !newDay && message.date - previous.date < 900 && !serviceText(previous) && senderOf(previous).id === senderOf(message).id;
	const service = serviceText(message);
	const open = [...row.querySelectorAll(".folds")].map((quote) => quote.matches(".open"));
	row.className = `row${isMine(message) ? " mine" : ""}${run ? "" : " first"}`;
	refresh(row, newDay && el("p.day", {}, isToday(message.date) ? "Today" : dayOf(message.date)), service ? el("p.service", {}, service) : pair(message, !run));
	row.querySelectorAll(".folds").forEach((quote, nth) => open[nth] && unfold(quote, true));
}

/* The bubble and what stands beside it. R replies too: a tab stop for each message would help nobody. */
function pair(message, first) {
	const { id, name } = senderOf(message);
	const keys = message.reply_markup?.inline_keyboard ?? [];
	const others = isGroup(openChat()) && !isMine(message);
	return el("div.pair", {},
		others && avatar(id, name),
		el("div.stack", {}, bubble(message, others && first), keys.length > 0 && keyboard(message.message_id, keys)),
		el("button.reply.round", { title: "Reply", tabindex: -1, onclick: () => setReply(message.message_id) }, icon("reply")));
}

function bubble(message, named) {
	const { id, name } = senderOf(message);
	const original = message.reply_to_message;
	const text = el("div.text", { dir: "auto" });
	format(text, textOf(message) ?? "", [...(message.entities ?? message.caption_entities ?? [])]);
	text.append(meta(message));
	return el("div.bubble", {},
		tint(el(named ? "p.name" : "p.unseen", { dir: "auto" }, isMine(message) ? "You:" : name), id),
		original && !original.forum_topic_created && replied(original),
		media(message),
		text);
}

function replied(original) {
	return el("button.replied", { onclick: () => jumpTo(original.message_id) },
		unseen("In reply to "), el("b", {}, senderOf(original).name), el("span", { dir: "auto" }, oneLine(plainText(original))));
}

function meta({ date, edit_date: edited, silent }) {
	return el("span.meta", {},
		silent && el("em", {}, "silent"),
		edited && el("em", {}, `edited ${clock(edited)}`),
		el("time", { title: FULL.format(dateOf(date)) }, clock(date)));
}

function keyboard(messageId, rows) {
	const lines = rows.map((keys) => el("div", {}, ...keys.map((key) => inlineKey(messageId, key))));
	return el("div.keyboard", { role: "group", "aria-label": "Buttons of this message" }, ...lines);
}

function inlineKey(messageId, { text, url, callback_data: data }) {
	const node = url ? link(url, "a.key") : el("button.key", { onclick: () => press(node, messageId, data) });
	node.append(el("bdi", {}, text));
	return node;
}

/* ---- the rows of the open chat ---- */

/* How near the top, in pixels, the reader comes before older rows are made; and how many are made at once. */
const NEAR = 2000;
const CHUNK = 40;

const rowOf = (messageId) => ui[`m${messageId}`];
const firstRow = () => view.list.findIndex((message) => message.message_id >= view.from);

/* Brings the rows in line with the messages: makes those that are missing, draws anew what has changed. */
function drawRows() {
	const chat = openChat();
	const rows = new Set();
	let previous, above;
	view.list = chat.messages.filter((message) => isOpen(chat, message));
	for (const message of view.list) {
		if (message.message_id >= view.from) rows.add((above = drawRow(message, previous, above)));
		previous = message;
	}
	for (const row of ui.messages.querySelectorAll(".row")) {
		if (rows.has(row)) continue;
		if (row.contains(active())) ui.scroller.focus();
		row.remove();
	}
	if (view.atBottom) markRead();
	drawToBottom();
	drawEmpty();
}

function drawRow(message, previous, above) {
	const { message_id: messageId } = message;
	const row = rowOf(messageId) ?? el("div", { role: "listitem", id: `m${messageId}`, tabindex: -1 });
	const { message: shown, frame: formerFrame } = row;
	const frame = `${previous?.message_id} ${typist(openChat())}`; // they decide about its day, its name, its side
	const isChanged = shown && shown !== message && JSON.stringify(shown) !== JSON.stringify(message);
	Object.assign(row, { message, frame });
	if (isChanged || frame !== formerFrame) fillRow(row, message, previous);
	if (isChanged) flash(row);
	if (shown) return row;
	const chunk = chunkOf(messageId);
	if (above?.parentNode === chunk) above.after(row);
	else chunk.prepend(row);
	return row;
}

/* Rows lie in chunks: thousands of siblings are slow, even unseen. */
function chunkOf(messageId) {
	const number = Math.floor(messageId / CHUNK);
	const next = [...ui.messages.children].find((chunk) => chunk.number >= number);
	if (next?.number === number) return next;
	const chunk = Object.assign(el("div.chunk", { role: "none" }), { number });
	ui.messages.insertBefore(chunk, next ?? null);
	return chunk;
}

function drawFrom(at) {
	const { scrollTop, scrollHeight } = ui.scroller;
	view.from = view.list[Math.max(0, at)].message_id;
	drawRows();
	ui.scroller.scrollTop = scrollTop + ui.scroller.scrollHeight - scrollHeight;
}

/* Rows are made as the reader comes near them; messages are asked for when all that are here have rows. */
async function drawOlder() {
	const { chat, topic } = view;
	while (view.chat === chat && view.topic === topic && ui.scroller.scrollTop < NEAR) {
		if (firstRow() > 0) drawFrom(firstRow() - CHUNK);
		else if (openChat()?.older) await fetchOlder(openChat());
		else return;
	}
}

function fetchOlder(chat) {
	chat.fetching ??= call(`/api/chats/${chat.id}/messages?before=${chat.messages[0]?.message_id}`)
		.then(({ messages, older }) => {
			Object.assign(chat, { messages: [...messages, ...chat.messages], older });
			if (view.chat === chat.id) drawRows();
		})
		.finally(() => delete chat.fetching);
	return chat.fetching;
}

function flash(row) {
	row.classList.remove("changed");
	void row.offsetWidth; // lets the animation start again when one change follows another
	row.classList.add("changed");
}

function drawEmpty() {
	const chat = openChat();
	ui.empty.hidden = view.list.length > 0;
	ui.messages.hidden = !ui.empty.hidden;
	ui.emptyAvatar.replaceChildren(avatarOf(chat));
	const emptyHint = `${isPrivate(chat) ? "Press Start, or type" : "Type"} /subscribe to follow a story`;
	write({ emptyTitle: titleOf(chat), emptyHint });
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
	if (scrollTop < NEAR) attempt(drawOlder);
}

function drawToBottom() {
	if (!openChat()) return;
	const count = unread(openChat(), view.topic);
	ui.toBottom.hidden = view.atBottom;
	write({ fresh: count ? `${count} new` : "Newest" });
}

/* Stays at the bottom when rows get their real height or the text box grows. */
const sizes = new ResizeObserver(() => {
	if (view.atBottom) ui.scroller.scrollTop = ui.scroller.scrollHeight;
});

async function jumpTo(messageId) {
	const chat = openChat();
	while (chat.older && chat.messages[0]?.message_id > messageId) await fetchOlder(chat);
	const message = chat.messages[indexOf(chat.messages, messageId)];
	if (!message) return toast("That message is gone.");
	if (!isOpen(chat, message)) openTopic(topicOf(chat, message));
	if (messageId < view.from) drawFrom(indexOf(view.list, messageId) - 20);
	const row = rowOf(messageId);
	view.atBottom = false;
	row.focus({ preventScroll: true });
	row.scrollIntoView({ block: "center" });
	// Heights were estimated until now.
	requestAnimationFrame(() => row.scrollIntoView({ block: "center" }));
	flash(row);
}

/* ---- the list of chats ---- */

/* The last message read, by chat and topic. */
let seen = JSON.parse(localStorage.getItem("dateline.seen")) ?? {};

function markRead() {
	const read = (seen[view.chat] ??= {});
	const last = view.list.at(-1)?.message_id;
	if (!last || document.hidden || read[view.topic] === last) return;
	read[view.topic] = last;
	localStorage.setItem("dateline.seen", JSON.stringify(seen));
	drawSoon();
}

function unread(chat, topic) {
	return chat.messages.filter((message) => {
		const its = topicOf(chat, message);
		return isIncoming(message) && (topic ?? its) === its && message.message_id > (seen[chat.id]?.[its] ?? 0);
	}).length;
}

const badge = (count) => count > 0 && el("span.badge", {}, String(count), unseen(" unread"));

const lastDate = (chat) => chat.messages.at(-1)?.date ?? 0;
const byDate = () => [...world.chats.values()].sort((one, other) => lastDate(other) - lastDate(one));

function drawChats() {
	const focused = active(); // moving a node drops its focus
	const lines = byDate().map(drawItem);
	if (lines.some((line, at) => line !== ui.chats.children[at])) ui.chats.replaceChildren(...lines);
	if (ui.chats.contains(focused)) focused.focus({ preventScroll: true });
	const count = byDate().reduce((sum, chat) => sum + unread(chat), 0);
	document.title = `${count ? `(${count}) ` : ""}${world.bot.first_name}`;
}

let drawing = null;

function drawSoon() {
	drawing ??= setTimeout(() => {
		drawing = null;
		drawChats();
		if (!openChat()) return;
		drawTopics();
		drawRows();
	}, 20);
}

function drawItem(chat) {
	const id = `chat${chat.id}`;
	const item = ui[id] ?? el("li", { id }, el("button.chat", { onclick: () => go(chat.id) }));
	const last = chat.messages.at(-1);
	const kind = chat.type.replace("super", "");
	item.firstChild.setAttribute("aria-current", chat.id === view.chat);
	item.firstChild.replaceChildren(avatarOf(chat),
		el("span.name-of", {},
			!isPrivate(chat) && unseen(`${kind} `), el("bdi", {}, titleOf(chat)),
			isOneOfSeveral(chat) && el("small", {}, `as ${chat.title}`)),
		el("time", {}, last && (isToday(last.date) ? clock : dayOf)(last.date)),
		el("span.preview", { dir: "auto" }, last ? preview(chat, last) : "No messages yet"),
		badge(unread(chat)) || "");
	return item;
}

function preview(chat, message) {
	const text = oneLine(plainText(message));
	if (isGroup(chat)) return `${senderOf(message, chat).name}: ${text}`;
	return isIncoming(message) ? text : `You: ${text}`;
}

/* ---- opening a chat ---- */

/* The open chat is in the address (#chat/topic): reload and back just work. */
function go(address) {
	history.pushState(null, "", `#${address}`);
	route(true);
}

function route(focus) {
	const [, id, topic] = /^#(-?\d+)(?:\/(\d+))?$/u.exec(location.hash) ?? [];
	const newest = matchMedia("(min-width: 721px)").matches && byDate()[0];
	const chat = world.chats.get(Number(id)) ?? newest;
	if (!chat) return showNothing();
	if (!world.chats.has(Number(id))) history.replaceState(null, "", `#${chat.id}`);
	show(chat, Number(topic) || newestTopic(chat), focus);
}

function showNothing() {
	keepDraft();
	Object.assign(view, { chat: null, list: [] });
	ui.app.classList.remove("in-chat");
	ui.conversation.hidden = true;
	ui.nothing.hidden = world.chats.size > 0;
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
	if (same) drawRows();
	else openAtBottom(chat);
	drawChats();
	if (focus) (ui.composer.hidden || matchMedia("(hover: none)").matches ? ui.scroller : ui.text).focus();
}

function openAtBottom(chat) {
	ui.messages.replaceChildren();
	const newest = chat.messages.filter((message) => isOpen(chat, message)).at(-CHUNK);
	view.from = newest?.message_id ?? 0;
	drawRows();
	toBottom();
	setReply(null);
	setText(chat.draft ?? "");
	attempt(drawOlder);
}

function drawFrame() {
	const chat = openChat();
	ui.avatar.replaceChildren(avatarOf(chat));
	write({ title: titleOf(chat), subtitle: subtitleOf(chat) });
	drawTopics();
	drawTypists(chat);
	drawMenu(chat);
}

function drawTypists(chat) {
	ui.typist.replaceChildren(...people(chat).map((user) => new Option(user.first_name, user.id)), new Option("Somebody else…", ""));
	ui.typist.value = typist(chat);
	ui.typistLabel.hidden = !isGroup(chat);
}

function onTypist() {
	const userId = Number(ui.typist.value);
	if (userId) writeAs(userId);
	else addPerson();
}

function writeAs(userId) {
	openChat().typist = userId;
	drawTypists(openChat());
	drawRows();
	ui.text.focus();
}

/* ---- the chat's menu: who is in it, and what they may do ---- */

function drawMenu(chat) {
	const own = isPrivate(chat);
	ui.composer.hidden = own && chat.blocked;
	ui.blocked.hidden = !chat.blocked;
	const [block, unblock] = own ? ["Block the bot", "Unblock it"] : ["Remove the bot", "Bring it back"];
	write({ unblock, block: chat.blocked ? unblock : block });
	ui.addTopic.hidden = !chat.is_forum;
	const members = own ? [] : [...people(chat), ...(chat.blocked ? [] : [world.bot])];
	refresh(ui.members, ...members.map((user) => member(user, roleOf(user, chat))));
}

function member({ id, first_name: name }, role) {
	const isBot = id === world.bot.id;
	const button = (label, action, status) => {
		const change = () => (isBot ? callChat("bot", { status }) : callChat("members", { action, user: id }));
		return role !== "owner" && el("button.small", { "aria-label": `${label} ${name}`, onclick: change }, label);
	};
	return el("li", {}, avatar(id, name), el("span", {}, el("bdi", {}, name), el("small", {}, role || "member")),
		role ? button("Demote", "demote", "member") : button("Promote", "promote", "administrator"),
		!isBot && button("Remove", "leave"));
}

function addPerson() {
	drawTypists(openChat());
	ask("Somebody else", "Name", async (user) => {
		await callChat("members", { action: "join", user });
		await load(); // the name has a number now
		writeAs(people(openChat()).find((person) => person.first_name === user).id);
	});
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
	ui.topics.hidden = !chat.is_forum;
	if (chat.is_forum) refresh(ui.topics, ...topicsOf(chat).map(({ id, name, closed }) =>
		el("button.tab", { "aria-current": id === view.topic, onclick: () => openTopic(id) },
			el("bdi", {}, name), closed && " (closed)", badge(unread(chat, id)))));
}

/* ---- writing ---- */

function keepDraft() {
	if (openChat()) openChat().draft = ui.text.value;
}

function setText(text) {
	ui.text.value = text;
	closeSuggestions();
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
	const message = openChat().messages[indexOf(openChat().messages, messageId)];
	view.reply = message ? messageId : null;
	ui.replying.hidden = !message;
	if (message) write({ replyingTo: `Reply to ${senderOf(message).name}`, replyingText: oneLine(plainText(message)) });
	if (message) ui.text.focus();
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

/* A link to our own bot starts it in the private chat. */
async function openBot(payload) {
	const [chat] = privateChats();
	if (chat) go(chat.id);
	else await makeChat("You", "private");
	if (payload) await send(`/start ${payload}`);
}

/* ---- commands after "/" ---- */

let chosen = 0;

function suggest(all) {
	const typed = all ? "" : /^\/(\w*)$/u.exec(ui.text.value)?.[1].toLowerCase();
	const fitting = openChat().commands.filter(({ command }) => typed !== undefined && command.startsWith(typed));
	if (!fitting.length) return closeSuggestions();
	ui.suggestions.replaceChildren(...fitting.map(({ command, description }, at) =>
		el("div.suggestion", { role: "option", id: `option${at}`, onclick: () => takeCommand(command) },
			el("b", {}, `/${command}`), el("span", {}, description))));
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

function takeCommand(command) {
	setText(`/${command}`);
	submit();
}

const chosenCommand = () => ui.suggestions.children[chosen].firstChild.textContent;

const SUGGESTION_KEYS = {
	ArrowDown: () => choose(chosen + 1),
	ArrowUp: () => choose(chosen - 1),
	Escape: closeSuggestions,
	Enter: () => ui.suggestions.children[chosen].click(),
	Tab: () => setText(`${chosenCommand()} `), // to add words to it
};

function toggleCommands() {
	if (!ui.suggestions.hidden) closeSuggestions();
	else suggest(true);
	ui.text.focus();
}

/* ---- inline buttons ---- */

function onAnswer({ text, show_alert: asAlert }) {
	for (const key of ui.messages.querySelectorAll("[aria-busy]")) key.removeAttribute("aria-busy");
	if (text && !asAlert) toast(text);
	if (!text || !asAlert) return;
	write({ alertText: text });
	ui.alert.showModal();
}

async function press(key, messageId, data) {
	key.setAttribute("aria-busy", "true");
	await callChat("press", { message_id: messageId, data, user_id: typist(openChat()) });
}

/* ---- new chats, people and topics; blocking ---- */

/* Asks for words (and for the kind of a new chat), and does something with them; what is wrong is said in the dialog. */
function ask(askHeading, askLabel, done, words = "") {
	ui.menu.hidePopover();
	ui.askForm.reset();
	ui.kinds.hidden = done !== makeChat;
	ui.askText.value = words;
	write({ askHeading, askLabel, askProblem: "" });
	ui.ask.showModal();
	ui.askText.focus();
	ui.askForm.onsubmit = prevented(() =>
		done(ui.askText.value.trim()).then(() => ui.ask.close(), (error) => write({ askProblem: error.message })));
}

async function makeChat(title, type = ui.kind.value) {
	const chat = await call("/api/chats", { type, title });
	updateChat(chat);
	go(chat.id);
}

async function makeTopic(name) {
	const made = await callChat("topics", { name });
	updateChat(made.chat);
	openTopic(made.id);
}

async function toggleBlock() {
	ui.menu.hidePopover();
	updateChat(await callChat("block", { blocked: !openChat().blocked }));
	(openChat().blocked ? ui.unblock : ui.text).focus();
}

/* ---- the side panel: the live page that is being replayed, and what the bot asks of the server ---- */

function showPanel(tab) {
	const wasShown = !ui.calls.hidden;
	ui.panel.hidden = !tab;
	ui.panelToggle.setAttribute("aria-expanded", Boolean(tab));
	for (const name of ["replay", "calls"]) {
		ui[name].hidden = name !== tab;
		ui[`${name}Tab`].setAttribute("aria-current", name === tab);
	}
	if (wasShown === (tab === "calls")) return;
	connect(); // calls are told only while somebody looks at them
	if (!wasShown) loadCalls(true);
}

let replay = null;

/* Without a body only looks. */
async function steer(body) {
	drawReplay(await call("/api/replay", body));
}

function drawReplay(data) {
	const { title, address, done, total, paused, speed, entries } = data;
	const state = done >= total ? "that was all" : paused ? "paused" : `speed ${speed}`;
	write({ replayTitle: title, replayState: `${done} of ${total} entries · ${state}`, pause: paused ? "Go on" : "Pause" });
	ui.replayTitle.href = address;
	ui.replayTab.hidden = false;
	Object.assign(ui.progress, { max: total, value: done });
	ui.pause.disabled = ui.next.disabled = done >= total;
	drawEntries(entries, replay?.entries ?? []);
	// Nothing moves under the hand of who is about to press.
	if (!ui.entries.matches(":hover, :focus-within")) ui.entries.children[done]?.scrollIntoView({ block: "nearest" });
	if (!replay && matchMedia("(min-width: 1180px)").matches) showPanel("replay");
	replay = data;
}

function drawEntries(entries, former) {
	entries.forEach((entry, at) => {
		if (JSON.stringify(entry) === JSON.stringify(former[at])) return;
		const row = ui.entries.children[at] ?? ui.entries.appendChild(el("li"));
		row.className = entry.state;
		refresh(row, ...entryParts(entry));
	});
	while (ui.entries.children[entries.length]) ui.entries.lastChild.remove();
}

function entryParts({ number, stamp, text, state }) {
	const hint = "Its new words; left as they are, something is corrected for you";
	const correct = (words) => steer({ action: "correct", number, text: words === text ? undefined : words });
	const button = (label, onclick) => /published|corrected/u.test(state) && el("button.small", { onclick }, label);
	return [
		el("b", {}, stamp), el("small", {}, state === "published" ? "" : state),
		button("Correct", () => ask(`Correct ${stamp}`, hint, correct, text)),
		button("Withdraw", () => steer({ action: "withdraw", number })),
		el("p", { dir: "auto" }, text)];
}

let lastCall = 0;
let asking = Promise.resolve(); // one after the other: each asks for what came after the last

function loadCalls(anew) {
	asking = asking.then(async () => {
		if (anew) lastCall = 0;
		const { calls } = await call(`/api/calls?after=${lastCall}&limit=200`);
		if (anew) ui.callList.replaceChildren();
		lastCall = calls.at(-1)?.id ?? lastCall;
		ui.callList.prepend(...calls.map(apiCall).reverse());
		while (ui.callList.children[300]) ui.callList.lastChild.remove();
	}).catch((error) => toast(error.message));
}

function apiCall({ method, chat_id: id, status, ms, description, params, warnings }) {
	const problems = [status !== 200 && (description || "The connection was cut."), ...warnings].filter(Boolean);
	return el(`li.${problems.length ? "odd" : "fine"}`, {}, el("details", {},
		el("summary", {}, el("b", {}, method), el("small", {}, status), el("bdi", {}, world.chats.get(id)?.title ?? id),
			el("time", {}, `${Math.round(ms)} ms`)),
		...problems.map((problem) => el("p", {}, problem)),
		el("pre", {}, JSON.stringify(params, null, 1))));
}

/* ---- clicks and keys ---- */

/* Without a row the last one. */
function beside(row, step) {
	const at = row ? indexOf(view.list, row.message.message_id) + step : view.list.length - 1;
	return view.list[at] && rowOf(view.list[at].message_id);
}

const MESSAGE_KEYS = {
	ArrowUp: (row) => beside(row, -1)?.focus(),
	ArrowDown: (row) => (beside(row, 1) ?? ui.text).focus(),
	Escape: () => ui.text.focus(),
	r: (row) => row?.querySelector(".reply").click(),
};

function onMessageKey(event) {
	if (event.ctrlKey || event.altKey || event.metaKey || !MESSAGE_KEYS[event.key]) return;
	event.preventDefault();
	MESSAGE_KEYS[event.key](event.target.closest(".row"));
}

const LISTENERS = {
	"scroller keydown": onMessageKey,
	"scroller scroll": onScroll,
	toBottom: () => (toBottom(), ui.text.focus()),
	back: () => go(""),
	start: () => send("/start"),
	openBot: () => openBot(),
	"text input": () => suggest(),
	"text keydown": onTextKey,
	"text blur": closeSuggestions,
	"composer submit": prevented(submit),
	"suggestions pointerdown": prevented(() => {}), // the text box keeps the focus
	"commands pointerdown": prevented(() => {}),
	commands: toggleCommands,
	noReply: () => (setReply(null), ui.text.focus()),
	"typist change": onTypist,
	unblock: toggleBlock,
	block: toggleBlock,
	newChat: () => ask("New chat", "Name", makeChat),
	addTopic: () => ask("New topic", "Name", makeTopic),
	askCancel: () => ui.ask.close(),
	"askText keydown": (event) => event.key === "Enter" && !event.isComposing && prevented(() => ui.askForm.requestSubmit())(event),
	panelToggle: () => showPanel(ui.panel.hidden && (replay ? "replay" : "calls")),
	panelClose: () => (showPanel(), ui.panelToggle.focus()),
	replayTab: () => showPanel("replay"),
	callsTab: () => showPanel("calls"),
	pause: () => steer({ action: replay.paused ? "resume" : "pause" }),
	next: () => steer({ action: "next" }),
	slower: () => steer({ speed: replay.speed / 2 }),
	faster: () => steer({ speed: replay.speed * 2 }),
};

for (const [name, action] of Object.entries(LISTENERS)) {
	const [id, type = "click"] = name.split(" ");
	ui[id].addEventListener(type, (event) => attempt(() => action(event)));
}
for (const node of document.querySelectorAll("[data-icon]")) node.prepend(icon(node.dataset.icon));
onpopstate = () => route(true);
document.onvisibilitychange = () => view.atBottom && arriveAtBottom();
sizes.observe(ui.scroller);
sizes.observe(ui.messages);
load().then(connect, reconnect);
