/** The chat page: shows what {@link Parley} tells. Text of others reaches the page through `textContent` only. */
import {Parley, directConversation, targetOf} from './parley.js';

const $ = (id) => document.getElementById(id);
const PAGE = 50;
const KEEP = 1000;
const GROUP_MS = 5 * 60_000;
const TYPING_SHOWN_MS = 5000;
const TYPING_EVERY_MS = 3000;
const WATCH_LIMIT = 100;
const NEW_ROOM_MS = 60_000;
const EMOJI = [...'😀😂😊😍😘😎🤔😴😢😭😡🥳🤗🙄😅😇👍👎👏🙏💪👀👋🤝🔥✨🎉💯✅❌⭐💡☕🍕🍜🎂🌞🌧🐱🚀'];
const TICKS = {sending: 'Sending', stored: 'Sent', delivered: 'Delivered', read: 'Read', failed: 'Not sent'};

let config = {auth: 'open', wsPath: '/acc', name: 'Parley'};
/** @type {Parley} */
let parley;
let device;
/** @type {Map<string, Chat>} by conversation */
const chats = new Map();
/** @type {Map<string, boolean>} who is online, as far as known */
const presence = new Map();
/** @type {Chat | null} */
let open = null;
let countdown = null;
let lastTyping = 0;

/** One conversation as the page knows it. */
class Chat {
  constructor(id) {
    this.id = id;
    this.target = targetOf(id, parley.user);
    this.room = this.target.room !== undefined;
    this.name = this.target.room ?? this.target.user;
    this.epoch = null;
    this.head = 0;
    /** Ascending by offset, without holes but where a note says so. */
    this.messages = [];
    this.notes = new Map();
    /** Own messages that the server has not confirmed. */
    this.pending = [];
    this.last = null;
    this.unread = 0;
    /** Offset up to which `unread` has counted. */
    this.counted = 0;
    this.read = 0;
    /** Where the line "new" stands while the conversation is open. */
    this.newFrom = null;
    this.marks = new Map();
    this.typing = new Map();
    this.memberCount = null;
    /** Whether the oldest message is here. */
    this.complete = false;
    this.loading = false;
    /** A conversation that only this page knows: nothing was said in it yet. */
    this.fresh = false;
    this.draft = '';
    this.nodes = new Map();
    this.item = null;
  }

  /** Puts messages in their places; doubles by offset are dropped. */
  merge(messages) {
    const known = new Set(this.messages.map((m) => m.offset));
    const added = messages.filter((m) => !known.has(m.offset));
    this.messages = this.messages.concat(added).sort((a, b) => a.offset - b.offset);
    this.fresh = false;
    for (const message of added) this.see(message);
  }

  see(message) {
    this.head = Math.max(this.head, message.offset);
    if (!this.last || message.offset >= (this.last.offset ?? 0)) this.last = message;
  }

  forget(epoch) {
    this.epoch = epoch;
    this.messages = [];
    this.notes.clear();
    this.nodes.clear();
    this.last = null;
    this.head = 0;
    this.unread = 0;
    this.counted = 0;
    this.read = 0;
    this.complete = false;
    this.marks.clear();
  }

  status(offset) {
    if (this.room) return 'stored';
    const {delivered = 0, read = 0} = this.marks.get(this.target.user) ?? {};
    return read >= offset ? 'read' : delivered >= offset ? 'delivered' : 'stored';
  }

  /** When something last happened here, for the order of the list. */
  get time() {
    return this.pending.at(-1)?.time ?? this.last?.time ?? this.since ?? 0;
  }
}

function chatOf(id) {
  let chat = chats.get(id);
  if (!chat) {
    chat = new Chat(id);
    chats.set(id, chat);
  }
  return chat;
}

// ---- building nodes

function node(tag, properties = {}, ...children) {
  const {dataset, attributes, ...rest} = properties;
  const element = Object.assign(document.createElement(tag), rest);
  Object.assign(element.dataset, dataset);
  for (const [name, value] of Object.entries(attributes ?? {})) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== null));
  return element;
}

function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `#i-${name}`);
  svg.setAttribute('aria-hidden', 'true');
  svg.append(use);
  return svg;
}

/** Makes `parent` hold exactly `nodes`, touching only what differs, so that selection, focus and scroll position stay. */
function reconcile(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.childNodes]) if (!wanted.has(child)) child.remove();
  let at = parent.firstChild;
  for (const child of nodes) {
    if (child === at) at = at.nextSibling;
    else parent.insertBefore(child, at);
  }
}

function dress(avatar, name, {room = false, online = false, size = ''} = {}) {
  let hash = 0;
  for (const char of name) hash = (hash * 31 + char.codePointAt(0)) >>> 0;
  avatar.className = `avatar ${size} c${hash % 8}${room ? ' room' : ''}${online ? ' online' : ''}`;
  avatar.textContent = [...name][0] ?? '?';
  return avatar;
}

const avatar = (name, options) => dress(node('span', {attributes: {'aria-hidden': 'true'}}), name, options);

function dayOf(time) {
  const date = new Date(time);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

const timeFormat = new Intl.DateTimeFormat(undefined, {hour: '2-digit', minute: '2-digit'});
const weekdayFormat = new Intl.DateTimeFormat(undefined, {weekday: 'long', day: 'numeric', month: 'long'});
const dateFormat = new Intl.DateTimeFormat(undefined, {day: 'numeric', month: 'long', year: 'numeric'});
const shortFormat = new Intl.DateTimeFormat(undefined, {day: 'numeric', month: 'short'});

function daysAgo(time) {
  return Math.round((dayOf(Date.now()) - dayOf(time)) / 86_400_000);
}

function dayName(time) {
  const ago = daysAgo(time);
  if (ago === 0) return 'Today';
  if (ago === 1) return 'Yesterday';
  return (ago < 180 ? weekdayFormat : dateFormat).format(time);
}

const shortTime = (time) => (daysAgo(time) === 0 ? timeFormat : shortFormat).format(time);

/** The text of a message, its web addresses as links. */
function richText(text) {
  return text.split(/(https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]])/g).map((part, i) =>
    i % 2 === 0 ? part : node('a', {href: part, target: '_blank', rel: 'noopener noreferrer', textContent: part}));
}

function summary({type, msg, name, body}) {
  if (typeof (msg ?? body?.msg) === 'string') return msg ?? body.msg;
  return {img: 'Picture', voice: 'Voice message', video: 'Video', file: `File${name ? ` ${name}` : ''}`}[type] ?? `[${type}]`;
}

function contentOf(message) {
  const {type, url, body} = message;
  if (type === 'text') return richText(summary(message));
  const link = url ?? body?.url;
  // Only web addresses: anything else could run in this page.
  const safe = typeof link === 'string' && /^https?:\/\//.test(link);
  return [safe ? node('a', {href: link, target: '_blank', rel: 'noopener noreferrer', textContent: summary(message)}) : summary(message)];
}

const emojiOnly = (text) => text.length <= 24 && /^(\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\u200d|\ufe0f|\s)+$/u.test(text);

// ---- the list of conversations

function renderList() {
  const filter = $('filter').value.trim().toLowerCase();
  const sorted = [...chats.values()].sort((a, b) => b.time - a.time || (a.id < b.id ? -1 : 1));
  for (const chat of sorted) renderItem(chat);
  const shown = sorted.filter((chat) => chat.name.toLowerCase().includes(filter));
  reconcile($('chats'), shown.map((chat) => chat.item));
  $('no-chats').hidden = chats.size > 0;
  const unread = sorted.reduce((sum, chat) => sum + chat.unread, 0);
  document.title = unread > 0 ? `(${unread}) ${config.name}` : config.name;
}

function renderItem(chat) {
  if (!chat.item) {
    chat.parts = {
      avatar: avatar(chat.name),
      name: node('span', {className: 'name'}),
      time: node('span', {className: 'time'}),
      last: node('span', {className: 'last'}),
      badge: node('span', {className: 'badge'}),
    };
    const button = node('button', {className: 'item'}, ...Object.values(chat.parts));
    button.addEventListener('click', () => go(chat.id));
    chat.parts.button = button;
    chat.item = node('li', {dataset: {conversation: chat.id}}, button);
  }
  const {parts} = chat;
  dress(parts.avatar, chat.name, {room: chat.room, online: !chat.room && presence.get(chat.name)});
  parts.name.textContent = chat.name;
  parts.time.textContent = chat.time ? shortTime(chat.time) : '';
  const latest = chat.pending.at(-1) ?? chat.last;
  const from = latest && (chat.pending.length > 0 || latest.from === parley.user) ? 'You: ' : latest && chat.room ? `${latest.from}: ` : '';
  parts.last.textContent = chat.typing.size > 0 ? 'writes…' : latest ? from + summary(latest) : chat.room ? 'Room' : 'Say hello';
  parts.last.classList.toggle('writing', chat.typing.size > 0);
  parts.badge.textContent = chat.unread > 99 ? '99+' : String(chat.unread);
  parts.badge.hidden = chat.unread === 0;
  parts.button.classList.toggle('unread', chat.unread > 0);
  parts.button.setAttribute('aria-current', String(chat === open));
  const state = [chat.unread > 0 ? `, ${chat.unread} unread` : '', !chat.room && presence.get(chat.name) ? ', online' : ''].join('');
  parts.button.setAttribute('aria-label', `${chat.room ? 'Room ' : ''}${chat.name}${state}`);
}

// ---- one conversation

function renderHeader() {
  if (!open) return;
  const online = !open.room && presence.get(open.name);
  dress($('chat-avatar'), open.name, {room: open.room, online, size: 'small'});
  $('chat-name').textContent = open.name;
  const about = $('chat-about');
  about.classList.toggle('on', Boolean(online));
  if (open.room) about.textContent = open.memberCount === null ? 'Room' : `${open.memberCount} ${open.memberCount === 1 ? 'member' : 'members'}`;
  else about.textContent = presence.has(open.name) ? (online ? 'Online' : 'Offline') : '';
  $('members').hidden = !open.room;
  $('leave').hidden = !open.room;
  const writers = [...open.typing.keys()];
  $('typing').textContent = writers.length === 0 ? '' : writers.length > 2 ? 'Several people are writing…' : `${writers.join(' and ')} ${writers.length === 1 ? 'is' : 'are'} writing…`;
}

/** @param {'keep' | 'end' | 'prepend'} scroll what happens to the scroll position; `keep` follows the end when it was there */
function renderMessages(scroll = 'keep') {
  if (!open) return;
  const chat = open;
  const box = $('messages');
  const follow = scroll === 'end' || (scroll === 'keep' && atEnd());
  const fromEnd = box.scrollHeight - box.scrollTop;
  const entries = [...chat.messages, ...chat.pending];
  const nodes = [];
  entries.forEach((entry, i) => {
    const before = entries[i - 1];
    const newDay = !before || dayOf(before.time) !== dayOf(entry.time);
    const note = chat.notes.get(entry.offset);
    if (newDay) nodes.push(cached(chat, `day ${dayOf(entry.time)}`, () => node('div', {className: 'day'}, dayName(entry.time))));
    if (note) nodes.push(cached(chat, `note ${entry.offset}`, () => node('div', {className: 'note'}, note)));
    const newLine = chat.newFrom !== null && entry.offset === chat.newFrom;
    if (newLine) nodes.push(cached(chat, 'new', () => node('div', {className: 'new-line'}, 'New')));
    const breaks = (a, b) => !a || !b || sender(a) !== sender(b) || b.time - a.time > GROUP_MS || dayOf(a.time) !== dayOf(b.time);
    nodes.push(messageNode(chat, entry, newDay || newLine || note || breaks(before, entry), breaks(entry, entries[i + 1])));
  });
  reconcile(box, nodes);
  if (follow) box.scrollTop = box.scrollHeight;
  else if (scroll === 'prepend') box.scrollTop = box.scrollHeight - fromEnd;
  renderLatest();
}

const sender = (entry) => entry.from ?? parley.user;

function cached(chat, key, make) {
  let element = chat.nodes.get(key);
  if (!element) {
    element = make();
    chat.nodes.set(key, element);
  }
  return element;
}

function messageNode(chat, entry, start, end) {
  const mine = sender(entry) === parley.user;
  // The same node while it is sent and after: the bubble stays where it is.
  const element = cached(chat, entry.cid ? `cid ${sender(entry)} ${entry.cid}` : entry.offset, () => makeMessage(chat, entry, mine));
  element.className = `message${mine ? ' mine' : ''}${chat.room ? '' : ' direct'}${start ? ' start' : ''}${end ? ' end' : ''}`;
  if (entry.offset !== undefined) element.dataset.offset = entry.offset;
  const from = element.querySelector('.from');
  if (from) from.hidden = !start;
  if (mine) renderStatus(chat, entry, element);
  return element;
}

function makeMessage(chat, entry, mine) {
  const meta = node('span', {className: 'meta'}, node('time', {dateTime: new Date(entry.time).toISOString(), textContent: timeFormat.format(entry.time)}));
  if (mine) meta.append(node('span', {className: 'tick', attributes: {role: 'img'}}));
  const from = chat.room && !mine ? node('span', {className: 'from', textContent: entry.from}) : null;
  const bubble = node('div', {className: 'bubble'}, from, node('span', {className: 'text'}, ...contentOf(entry)), meta);
  if (entry.type === 'text' && emojiOnly(summary(entry))) bubble.classList.add('big');
  return node('div', {}, chat.room && !mine ? avatar(entry.from, {size: 'tiny'}) : null, bubble);
}

function renderStatus(chat, entry, element) {
  const status = entry.offset === undefined ? (entry.error ? 'failed' : 'sending') : chat.status(entry.offset);
  const tick = element.querySelector('.tick');
  if (tick.dataset.status !== status) {
    tick.dataset.status = status;
    tick.setAttribute('aria-label', TICKS[status]);
    tick.title = TICKS[status];
    tick.replaceChildren(icon(status === 'read' ? 'delivered' : status));
  }
  const failure = element.querySelector('.failure');
  if (entry.error && !failure) element.append(failureNode(chat, entry));
  else if (!entry.error && failure) failure.remove();
}

function failureNode(chat, entry) {
  const again = node('button', {type: 'button', className: 'link', textContent: 'Try again'});
  const discard = node('button', {type: 'button', className: 'link', textContent: 'Discard'});
  again.addEventListener('click', () => {
    entry.error = null;
    transmit(chat, entry);
    renderMessages();
  });
  discard.addEventListener('click', () => {
    chat.pending = chat.pending.filter((other) => other !== entry);
    renderMessages();
    renderList();
  });
  return node('div', {className: 'failure'}, `Not sent: ${entry.error}`, again, discard);
}

function atEnd() {
  const box = $('messages');
  return box.scrollHeight - box.scrollTop - box.clientHeight < 80;
}

function renderLatest() {
  const away = !atEnd();
  $('latest').hidden = !away;
  $('latest-count').textContent = away && open?.unread > 0 ? String(open.unread) : '';
}

/** Tells the server what the user has on the screen. */
function seeOpen() {
  if (!open || document.visibilityState !== 'visible' || !atEnd() || open.head <= open.read) return;
  open.read = open.head;
  open.unread = 0;
  open.counted = open.head;
  parley.markRead(open.id, open.head);
  renderList();
  renderLatest();
}

async function loadOlder(chat) {
  if (chat.loading || chat.complete || chat.fresh || parley.state.state !== 'online') return;
  chat.loading = true;
  try {
    const before = chat.messages[0]?.offset ?? (chat.head > 0 ? chat.head + 1 : undefined);
    const page = await parley.history(chat.id, {before, limit: PAGE});
    if (chat.epoch !== null && page.messages.length > 0 && page.epoch !== chat.epoch) chat.forget(page.epoch);
    chat.epoch = page.epoch;
    chat.merge(page.messages);
    chat.complete = !page.more || page.messages.length === 0;
    if (chat.complete && chat.messages[0]?.offset > 1) chat.notes.set(chat.messages[0].offset, 'Older messages are no longer kept');
    if (chat === open) renderMessages(before === undefined || chat.messages.length <= PAGE ? 'end' : 'prepend');
  } catch (error) {
    // Offline: the next catch-up tries again. Refused: there is nothing to be had.
    if (error.kind === 'refused') chat.complete = true;
  } finally {
    chat.loading = false;
  }
  if (chat === open) {
    seeOpen();
    // A short page on a tall screen has nothing to scroll.
    const box = $('messages');
    if (!chat.complete && box.scrollHeight <= box.clientHeight + 200 && parley.state.state === 'online') loadOlder(chat);
  }
}

// ---- moving between conversations; the address names the open one, so that "back" works on a phone

function go(id) {
  const hash = id === null ? '' : `#${encodeURIComponent(id)}`;
  if (location.hash === hash) show(id);
  else location.hash = hash;
}

function show(id) {
  if (open) {
    open.draft = $('text').value;
    open.newFrom = null;
    open.nodes.delete('new');
    if (open.messages.length > KEEP) {
      open.messages = open.messages.slice(-KEEP / 2);
      open.nodes.clear();
      open.complete = false;
    }
  }
  const changed = open?.id !== id;
  open = id === null ? null : chatOf(id);
  $('app').dataset.view = open ? 'chat' : 'list';
  $('chat').hidden = !open;
  $('nothing').hidden = Boolean(open);
  $('emoji').hidden = true;
  if (open) {
    if (changed && open.unread > 0) open.newFrom = open.messages.find((m) => m.offset > open.read && m.from !== parley.user)?.offset ?? open.read + 1;
    $('text').value = open.draft;
    growComposer();
    renderHeader();
    renderMessages('end');
    if (open.messages.length < PAGE / 2) loadOlder(open);
    if (open.room) countMembers(open);
    else watch();
    // A phone's keyboard would cover what the user came to read.
    if (matchMedia('(hover: hover)').matches) $('text').focus();
    seeOpen();
  }
  renderList();
}

function showFromAddress() {
  if (!parley) return;
  let id = null;
  try {
    id = decodeURIComponent(location.hash.slice(1)) || null;
  } catch {
    // A damaged address opens nothing.
  }
  if (id !== null && !/^(direct:[^:]+:[^:]+|room:.+)$/.test(id)) id = null;
  // An address that somebody passed on names a conversation of theirs.
  if (id?.startsWith('direct:') && directConversation(parley.user, targetOf(id, parley.user).user) !== id) id = null;
  show(id);
}

// ---- sending

function transmit(chat, entry) {
  // Its outcome comes as an event too, also after a reload; there it is handled.
  parley.send(chat.target, {type: entry.type, ...entry.body}, {cid: entry.cid}).catch((error) => {
    if (error.kind === 'full' || error.kind === 'invalid') failed({cid: entry.cid, error});
  });
}

function sendText() {
  const text = $('text').value.trim();
  if (!open || text === '') return;
  const entry = {cid: parley.newCid(), type: 'text', body: {msg: text}, time: Date.now(), error: null};
  open.pending.push(entry);
  open.newFrom = null;
  $('text').value = '';
  open.draft = '';
  lastTyping = 0;
  growComposer();
  renderMessages('end');
  renderList();
  transmit(open, entry);
}

function failed({cid, error}) {
  for (const chat of chats.values()) {
    const entry = chat.pending.find((p) => p.cid === cid);
    if (entry) entry.error = error.message;
    if (entry && chat === open) renderMessages();
  }
}

function growComposer() {
  const text = $('text');
  text.style.height = 'auto';
  text.style.height = `${Math.min(text.scrollHeight + 2, 160)}px`;
}

// ---- what the client tells

function onMessage(message) {
  const chat = chatOf(message.conversation);
  const mine = message.from === parley.user;
  chat.epoch = message.epoch;
  if (mine) chat.pending = chat.pending.filter((p) => p.cid !== message.cid);
  else if (chat.typing.has(message.from)) stopTyping(chat, message.from);
  chat.merge([message]);
  if (!mine && message.offset > chat.counted && message.offset > chat.read) {
    chat.unread++;
    chat.counted = message.offset;
  }
  if (chat !== open && chat.messages.length > KEEP) {
    chat.messages = chat.messages.slice(-KEEP / 2);
    chat.nodes.clear();
    chat.complete = false;
  }
  if (chat === open) {
    renderMessages();
    seeOpen();
  }
  renderList();
  if (!mine) {
    $('live').textContent = `${message.from}${chat.room ? ` in ${chat.name}` : ''}: ${summary(message)}`;
    if (!chat.room) watch();
  }
}

function onConversations(list) {
  for (const entry of list) {
    const chat = chatOf(entry.conversation);
    if (chat.epoch !== null && chat.epoch !== entry.epoch) chat.forget(entry.epoch);
    chat.epoch = entry.epoch;
    chat.fresh = false;
    if (entry.name) chat.name = entry.name;
    if (entry.members !== undefined && !Array.isArray(entry.members)) chat.memberCount = entry.members;
    // The message events of the catch-up come after this list, and are in its count already.
    chat.read = Math.max(chat.read, entry.read ?? 0);
    chat.head = Math.max(chat.head, entry.head);
    // A read mark on its way to the server is not in its count yet.
    chat.unread = chat.read >= entry.head ? 0 : entry.unread ?? 0;
    chat.counted = entry.head;
    if (entry.last && (!chat.last || entry.last.offset > chat.last.offset)) chat.last = entry.last;
    for (const {user, delivered, read} of entry.peers ?? []) chat.marks.set(user, {delivered, read});
  }
  // Rooms that this user left from another device; not those entered after the list was made.
  const listed = new Set(list.map((entry) => entry.conversation));
  const left = (chat) => chat.room && !listed.has(chat.id) && chat.pending.length === 0 && Date.now() - (chat.since ?? 0) > NEW_ROOM_MS;
  for (const chat of [...chats.values()].filter(left)) remove(chat);
  if (open) renderMessages();
  renderList();
}

function onReceipt({conversation, user, delivered = 0, read = 0}) {
  const chat = chats.get(conversation);
  if (!chat) return;
  const old = chat.marks.get(user) ?? {delivered: 0, read: 0};
  chat.marks.set(user, {delivered: Math.max(old.delivered, delivered), read: Math.max(old.read, read)});
  if (user === parley.user && read > chat.read) {
    // Another device of this user has read on.
    chat.read = read;
    chat.unread = read >= chat.head ? 0 : Math.min(chat.unread, chat.head - read);
  }
  if (chat === open) renderMessages();
  renderList();
}

function onPresence({user, online}) {
  presence.set(user, online);
  renderHeader();
  renderList();
}

function onTyping({conversation, user}) {
  const chat = chats.get(conversation);
  if (!chat || user === parley.user) return;
  clearTimeout(chat.typing.get(user));
  chat.typing.set(user, setTimeout(() => stopTyping(chat, user), TYPING_SHOWN_MS));
  renderHeader();
  renderItem(chat);
}

function stopTyping(chat, user) {
  clearTimeout(chat.typing.get(user));
  chat.typing.delete(user);
  renderHeader();
  renderItem(chat);
}

function onRoom({conversation, event, user, name}) {
  const gone = user === parley.user && (event === 'leave' || event === 'remove');
  if (gone) {
    if (chats.has(conversation)) remove(chats.get(conversation));
    return;
  }
  const chat = chatOf(conversation);
  if (name) chat.name = name;
  chat.since ??= Date.now();
  if (chat === open) countMembers(chat);
  learnNames();
  renderList();
}

function onGap({conversation, from, to}) {
  const chat = chatOf(conversation);
  chat.notes.set(to + 1, from === to ? 'One message is no longer kept' : `${to - from + 1} messages are no longer kept`);
}

function onReset({conversation, epoch}) {
  const chat = chatOf(conversation);
  chat.forget(epoch);
  if (chat === open) {
    renderMessages('end');
    loadOlder(chat);
  }
}

function onState({state, retryAt, code, reason}) {
  clearInterval(countdown);
  const bar = $('connection');
  bar.hidden = state === 'online';
  bar.dataset.state = state;
  $('app').dataset.state = state;
  $('retry').hidden = state !== 'waiting';
  $('again').hidden = state !== 'stopped';
  const mine = $('my-state');
  mine.textContent = {online: 'Online', syncing: 'Catching up…', connecting: 'Connecting…'}[state] ?? 'Offline';
  mine.classList.toggle('on', state === 'online');
  const say = (text) => {
    if ($('connection-text').textContent !== text) $('connection-text').textContent = text;
  };
  if (state === 'connecting') say('Connecting…');
  else if (state === 'syncing') say('Catching up…');
  else if (state === 'stopped') say(`Signed out by the server: ${reason}`);
  else if (state === 'offline') say('Offline');
  else if (state === 'waiting') {
    const tell = () => say(`Offline – next try in ${Math.max(0, Math.ceil((retryAt - Date.now()) / 1000))} s`);
    tell();
    countdown = setInterval(tell, 250);
  }
  if (state === 'waiting' || state === 'stopped') {
    presence.clear();
    for (const chat of chats.values()) for (const user of [...chat.typing.keys()]) stopTyping(chat, user);
    renderHeader();
    renderList();
  }
  if (state === 'online') {
    $('me').textContent = parley.user;
    dress($('me-avatar'), parley.user, {size: 'small'});
    watch();
    learnNames();
    if (open && open.messages.length < PAGE / 2) loadOlder(open);
    if (open?.room) countMembers(open);
    seeOpen();
  }
  // A refused sign-in belongs to the form.
  if (state === 'stopped' && (parley.session === null || code === 4503)) leavePage(`${reason}`);
}

/** Watches the people of the latest direct conversations. */
let watched = new Set();
function watch() {
  if (parley.state.state !== 'online') return;
  const wanted = [...chats.values()].filter((chat) => !chat.room && chat.name !== parley.user)
    .sort((a, b) => b.time - a.time).slice(0, Math.min(WATCH_LIMIT, parley.session.limits?.maxWatched ?? WATCH_LIMIT)).map((chat) => chat.name);
  const added = wanted.filter((user) => !watched.has(user));
  const dropped = [...watched].filter((user) => !wanted.includes(user));
  watched = new Set(wanted);
  if (dropped.length > 0) parley.unwatch(dropped).catch(() => {});
  if (added.length > 0) parley.watch(added).catch(() => added.forEach((user) => watched.delete(user)));
}

// ---- rooms and dialogs

async function allMembers(room) {
  const members = [];
  for (let after; ; ) {
    const page = await parley.members(room, {after});
    members.push(...page.members);
    if (!page.more || page.members.length === 0 || members.length >= 1000) return members;
    after = page.members.at(-1).user;
  }
}

/** The list of conversations has ids of rooms only; the list of open rooms has their names. */
async function learnNames() {
  if (![...chats.values()].some((chat) => chat.room && chat.name === chat.target.room)) return;
  try {
    const {rooms} = await parley.rooms({limit: 1000});
    for (const {conversation, name} of rooms) if (name && chats.has(conversation)) chats.get(conversation).name = name;
    renderList();
    renderHeader();
  } catch {
    // The ids serve as well.
  }
}

async function countMembers(chat) {
  try {
    chat.memberCount = (await allMembers(chat.target.room)).length;
  } catch {
    // The count is an ornament; it comes with the next event.
  }
  if (chat === open) renderHeader();
}

function remove(chat) {
  chats.delete(chat.id);
  if (chat === open) go(null);
  renderList();
}

function newChat(user) {
  const id = directConversation(parley.user, user);
  if (!chats.has(id)) {
    const chat = chatOf(id);
    chat.fresh = true;
    chat.since = Date.now();
  }
  $('new-dialog').close();
  go(id);
}

function enterRoom(conversation, name) {
  const chat = chatOf(conversation);
  chat.since ??= Date.now();
  if (name) chat.name = name;
  $('new-dialog').close();
  go(conversation);
}

/** Runs what a dialog asks for; what goes wrong is told in the dialog. */
async function attempt(work) {
  $('new-notice').hidden = true;
  try {
    await work();
  } catch (error) {
    $('new-notice').textContent = error.message;
    $('new-notice').hidden = false;
  }
}

function openNew() {
  for (const id of ['person', 'room-name']) $(id).value = '';
  $('rooms').replaceChildren();
  $('no-rooms').hidden = true;
  $('new-dialog').showModal();
  attempt(async () => {
    const {rooms} = await parley.rooms({limit: 100});
    $('rooms').replaceChildren(...rooms.map(roomRow));
    $('no-rooms').hidden = rooms.length > 0;
  });
}

function roomRow({room, conversation, name, members}) {
  const joined = chats.has(conversation);
  const button = node('button', {type: 'button', className: 'ghost', textContent: joined ? 'Open' : 'Join', attributes: {'aria-label': `${joined ? 'Open' : 'Join'} ${name || room}`}});
  button.addEventListener('click', () => attempt(async () => {
    const reply = joined ? {conversation} : await parley.joinRoom(room);
    enterRoom(reply.conversation ?? conversation, name);
  }));
  const about = node('span', {className: 'who'}, node('strong', {textContent: name || room}), node('span', {className: 'state', textContent: `${members} ${members === 1 ? 'member' : 'members'}`}));
  return node('li', {}, avatar(name || room, {room: true, size: 'small'}), about, button);
}

async function openMembers() {
  const chat = open;
  $('member-list').replaceChildren();
  $('members-dialog').showModal();
  try {
    const members = await allMembers(chat.target.room);
    const states = await parley.presence(members.slice(0, WATCH_LIMIT).map((member) => member.user));
    const online = new Set(states.filter((state) => state.online).map((state) => state.user));
    $('member-list').replaceChildren(...members.map(({user, role}) => {
      const about = node('span', {className: 'who'}, node('strong', {textContent: user === parley.user ? `${user} (you)` : user}), node('span', {className: 'state', textContent: role}));
      const row = node('li', {}, avatar(user, {size: 'small', online: online.has(user)}), about);
      if (user !== parley.user) {
        const talk = node('button', {type: 'button', className: 'ghost', textContent: 'Message'});
        talk.addEventListener('click', () => {
          $('members-dialog').close();
          newChat(user);
        });
        row.append(talk);
      }
      return row;
    }));
  } catch (error) {
    $('member-list').replaceChildren(node('li', {className: 'notice', textContent: error.message}));
  }
}

async function leaveOpen() {
  const chat = open;
  if (!confirm(`Leave ${chat.name}?`)) return;
  try {
    await parley.leaveRoom(chat.target.room);
    remove(chat);
  } catch (error) {
    chat.notes.set(chat.messages.at(-1)?.offset, error.message);
    renderMessages();
  }
}

// ---- signing in and out

const session = {
  read: () => JSON.parse(sessionStorage.getItem('parley.session') ?? 'null'),
  write: (value) => sessionStorage.setItem('parley.session', JSON.stringify(value)),
  clear: () => sessionStorage.removeItem('parley.session'),
};

const randomId = () => [...crypto.getRandomValues(new Uint8Array(8))].map((b) => b.toString(16).padStart(2, '0')).join('');

/** Each tab is a device. A duplicated tab gets a copy of the first one's storage: it asks around, and takes a new id. */
async function ownDevice() {
  let id = sessionStorage.getItem('parley.device') ?? randomId();
  const channel = new BroadcastChannel('parley.devices');
  const taken = await new Promise((resolve) => {
    channel.onmessage = ({data}) => data.taken === id && resolve(true);
    channel.postMessage({ask: id});
    setTimeout(() => resolve(false), 150);
  });
  if (taken) id = randomId();
  channel.onmessage = ({data}) => {
    if (data.ask === id) channel.postMessage({taken: id});
  };
  sessionStorage.setItem('parley.device', id);
  return id;
}

function signIn({user, token}) {
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  const storage = {
    get: (key) => sessionStorage.getItem(`${key}.${device}`),
    set: (key, value) => sessionStorage.setItem(`${key}.${device}`, value),
  };
  parley = new Parley({url: `${scheme}//${location.host}${config.wsPath}`, user, token, platform: 'web', device, storage, start: 'unread'});
  const events = {message: onMessage, conversations: onConversations, receipt: onReceipt, typing: onTyping, room: onRoom, gap: onGap, reset: onReset, presence: onPresence, failed, state: onState};
  const client = parley;
  // After a sign-out the old client may still have something to say.
  for (const [event, listener] of Object.entries(events)) client.on(event, (detail) => client === parley && listener(detail));
  session.write({user, token});
  $('sign-in').hidden = true;
  $('app').hidden = false;
  $('me').textContent = user ?? '';
  dress($('me-avatar'), user ?? '?', {size: 'small'});
  // Unsent messages of before a reload.
  for (const {cid, to, type, body, time} of parley.pending) {
    if (!parley.user) continue;
    const chat = chatOf(to.room === undefined ? directConversation(parley.user, to.user) : `room:${to.room}`);
    chat.pending.push({cid, type, body, time, error: null});
  }
  renderList();
  parley.connect();
  if (user !== undefined) showFromAddress();
  else parley.on('state', ({state}) => state === 'syncing' && !open && showFromAddress());
}

function leavePage(notice) {
  clearInterval(countdown);
  session.clear();
  chats.clear();
  presence.clear();
  watched = new Set();
  open = null;
  parley = undefined;
  history.replaceState(null, '', location.pathname);
  $('chats').replaceChildren();
  $('messages').replaceChildren();
  $('chat').hidden = true;
  $('nothing').hidden = false;
  document.title = config.name;
  showSignIn(notice);
}

async function signOut() {
  const client = parley;
  leavePage('');
  for (const key of Object.keys(sessionStorage)) if (key === `parley.${device}`) sessionStorage.removeItem(key);
  await client.logout();
  sessionStorage.removeItem(`parley.${device}`);
}

function showSignIn(notice) {
  const jwt = config.auth === 'jwt';
  $('app').hidden = true;
  $('sign-in').hidden = false;
  $('sign-in-title').textContent = config.name;
  $('sign-in-lead').textContent = jwt ? 'Paste the token that your service gave you.' : 'Choose a name and start talking.';
  $('name-field').hidden = jwt;
  $('token-field').hidden = !jwt;
  $('sign-in-notice').textContent = notice;
  $('sign-in-notice').hidden = !notice;
  $('sign-in-name').value = localStorage.getItem('parley.name') ?? '';
  (jwt ? $('sign-in-token') : $('sign-in-name')).focus();
}

/** The user that a token names, for servers that want it beside the token; undefined when it is not to be read. */
function userOf(token) {
  try {
    const bytes = Uint8Array.from(atob(token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes)).sub;
  } catch {
    return undefined;
  }
}

function submitSignIn() {
  if (config.auth === 'jwt') {
    const token = $('sign-in-token').value.trim();
    if (token) signIn({user: userOf(token), token});
  } else {
    const user = $('sign-in-name').value.trim();
    if (!user) return;
    localStorage.setItem('parley.name', user);
    signIn({user});
  }
}

// ---- wiring

function on(id, event, listener) {
  $(id).addEventListener(event, listener);
}

function submit(id, work) {
  on(id, 'submit', (event) => {
    event.preventDefault();
    work();
  });
}

function wire() {
  submit('sign-in-form', submitSignIn);
  submit('composer', sendText);
  submit('person-form', () => {
    const user = $('person').value.trim();
    if (user) newChat(user);
  });
  submit('room-form', () => attempt(async () => {
    const name = $('room-name').value.trim();
    if (!name) return;
    // An id that people can read and type, where the name allows it; else the server makes one.
    const id = name.toLowerCase().replaceAll(/\s+/g, '-');
    const {conversation} = await parley.createRoom({...(/^[a-z0-9._-]{1,64}$/.test(id) ? {room: id} : {}), name, join: 'open'});
    enterRoom(conversation, name);
  }));
  on('sign-out', 'click', signOut);
  on('again', 'click', () => leavePage(''));
  on('retry', 'click', () => parley.retryNow());
  on('new', 'click', openNew);
  on('first', 'click', openNew);
  on('back', 'click', () => go(null));
  on('members', 'click', openMembers);
  on('leave', 'click', leaveOpen);
  on('filter', 'input', renderList);
  on('latest', 'click', () => {
    $('messages').scrollTop = $('messages').scrollHeight;
  });
  on('messages', 'scroll', () => {
    if (!open) return;
    if ($('messages').scrollTop < 300) loadOlder(open);
    renderLatest();
    seeOpen();
  });
  on('text', 'keydown', (event) => {
    // Enter that ends an input method's composition is not meant for the form.
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      sendText();
    }
  });
  on('text', 'input', () => {
    growComposer();
    if (!open || open.fresh || $('text').value === '' || Date.now() - lastTyping < TYPING_EVERY_MS || parley.state.state !== 'online') return;
    lastTyping = Date.now();
    parley.typing(open.id).catch(() => {});
  });
  wireEmoji();
  for (const dialog of document.querySelectorAll('dialog')) {
    dialog.querySelector('[data-close]').addEventListener('click', () => dialog.close());
    dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
  }
  addEventListener('hashchange', showFromAddress);
  addEventListener('online', () => parley?.wake());
  addEventListener('pagehide', () => parley?.save());
  addEventListener('resize', () => open && renderMessages());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible' || !parley) return;
    parley.wake();
    seeOpen();
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !$('emoji').hidden) toggleEmoji(false);
  });
}

function wireEmoji() {
  $('emoji').append(...EMOJI.map((emoji) => {
    const button = node('button', {type: 'button', textContent: emoji});
    button.addEventListener('click', () => {
      const text = $('text');
      text.setRangeText(emoji, text.selectionStart, text.selectionEnd, 'end');
      toggleEmoji(false);
      text.focus();
    });
    return button;
  }));
  on('smile', 'click', () => toggleEmoji($('emoji').hidden));
}

function toggleEmoji(shown) {
  $('emoji').hidden = !shown;
  $('smile').setAttribute('aria-expanded', String(shown));
}

async function start() {
  wire();
  try {
    config = {...config, ...(await (await fetch('/web/config.json')).json())};
  } catch {
    // The page is here, so the server was: what is missing shows when connecting.
  }
  device = await ownDevice();
  document.title = config.name;
  const before = session.read();
  if (before) signIn(before);
  else showSignIn('');
}

start();
