/**
 * The client of a Parley server: one class, no DOM, no dependency. Runs in browsers and in Node 20 or later (pass a `WebSocket`).
 *
 * What it promises: `message` events come in the order of each conversation's log, without doubles, and without a silent hole: what
 * the server no longer keeps is told by a `gap` event. A `send` is retried with the same `cid` over any number of connections until
 * the server has stored or refused it. Cursors and unsent messages survive a reload when a `storage` is given; a page that dies
 * within 200 ms of a message may see that message again after its reload.
 *
 * @example
 * const parley = new Parley({url: 'wss://chat.example.org/acc', user: 'alice', getToken: fetchToken});
 * parley.on('message', (m) => console.log(m.conversation, m.offset, m.from, m.msg));
 * parley.connect();
 * await parley.send({user: 'bob'}, {type: 'text', msg: 'hi'});
 */

/**
 * @typedef {object} Options
 * @property {string} url WebSocket address, such as `wss://host/acc`
 * @property {string} [user] user id; may be left out when the token names it
 * @property {string} [token] sent with each login
 * @property {() => string | Promise<string>} [getToken] asked before each login and before the token ends; wins over `token`
 * @property {string} [platform] `web`, `ios`, `android` or `desktop`; `web` by default
 * @property {string} [device] id of this device or tab; a second login of the same device replaces the first
 * @property {{get(key: string): ?string, set(key: string, value: string): void}} [storage] keeps cursors and unsent messages
 * @property {typeof WebSocket} [WebSocket] the constructor to use; the global one by default
 * @property {() => number} [random] from 0 to below 1
 * @property {() => number} [now] milliseconds since 1970 UTC
 * @property {'beginning' | 'unread'} [start] where a conversation without a cursor begins: at its first kept message, or before
 *     its unread ones (at most 100 back), for clients that page older messages in through `history`
 * @property {number} [outboxLimit] unsent messages kept; beyond it `send` fails; 1000 by default
 * @property {number} [requestTimeoutMs] 15000 by default
 * @property {boolean} [followGateways] whether a node that stops may name the node to go to, for one attempt and never from `wss:`
 *     to `ws:`; when that fails, `url` is next. The token goes there too. True by default
 * @property {{baseMs: number, capMs: number}} [backoff] full jitter: 0 to `baseMs` · 2^attempt, at most `capMs`
 */

/** @typedef {{user: string} | {room: string}} Target */

/**
 * @typedef {object} Message
 * @property {string} id sortable by time
 * @property {string} conversation
 * @property {string} epoch
 * @property {number} offset position in the conversation's log, from 1
 * @property {string} from user id of the sender
 * @property {number} time milliseconds since 1970 UTC
 * @property {string} type `text`, `img`, `voice`, `video`, `file` or `custom`; its fields stand beside
 * @property {string} [cid]
 */

/**
 * @typedef {object} State
 * @property {'offline' | 'connecting' | 'syncing' | 'online' | 'waiting' | 'stopped'} state `waiting` for the next attempt;
 *     `stopped` until `connect()` is called again
 * @property {number} [retryAt] when the next attempt starts, milliseconds since 1970 UTC
 * @property {number} [code] close or error code that led here
 * @property {string} [reason] in words
 */

/** Codes of replies that this client itself reacts to. */
const Code = {OK: 200, NOT_LOGGED_IN: 1000, NOT_MEMBER: 1101, NOT_FOUND: 1103, TOO_LARGE: 1104, TOKEN_EXPIRED: 1108};
/** Error codes after which a login is tried again; the others say that it will never work. */
const LOGIN_RETRY = new Set([1004, 1009]);
/** Close codes of the server. */
const Close = {TOO_BIG: 1009, STOP_FROM: 4500, TOKEN_REFUSED: 4503, STOP_TO: 4999};

const DETOUR_MS = 5000;
const COALESCE_MS = 200;
const HELD_LIMIT = 1000;
const UNREAD_DEPTH = 100;
const HEARTBEAT_CURSORS = 50;
const FILL_TRIES = 5;
/** In a cluster a reply may overtake a push, and a push one of another node: what is missing is mostly on its way. */
const HOLE_PATIENCE_MS = 100;
/** A connection that lasted this long proves that the server is well: the backoff starts anew. */
const STABLE_MS = 10_000;
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** Why a request failed. `code` is the server's, or 0 when no reply came; `kind` says which of these it was. */
export class ParleyError extends Error {
  /**
   * @param {'refused' | 'offline' | 'timeout' | 'full' | 'invalid'} kind
   * @param {string} message
   * @param {{code?: number, retryAfterMs?: number}} [details]
   */
  constructor(kind, message, {code = 0, retryAfterMs} = {}) {
    super(message);
    this.name = 'ParleyError';
    this.kind = kind;
    this.code = code;
    /** Present when the same request may succeed later. */
    this.retryAfterMs = retryAfterMs;
  }
}

const escapeId = (id) => id.replaceAll('%', '%25').replaceAll(':', '%3A');
const unescapeId = (id) => id.replaceAll('%3A', ':').replaceAll('%25', '%');

/** The address that a node named, if it is one to follow from `present`: never out of TLS, and without a name or password in it. */
function detourTo(gateway, present) {
  try {
    const {protocol, username, password, href} = new URL(gateway);
    const kept = protocol === 'wss:' || (protocol === 'ws:' && new URL(present).protocol === 'ws:');
    return kept && !username && !password ? href : null;
  } catch {
    return null;
  }
}

/** The id of the conversation of two users. Prefer what the server returns. */
export function directConversation(a, b) {
  return `direct:${[a, b].sort().map(escapeId).join(':')}`;
}

/** The id of a room's conversation. Prefer what the server returns. */
export function roomConversation(room) {
  return `room:${room}`;
}

/**
 * Whom a message to a conversation is addressed to.
 *
 * @param {string} conversation
 * @param {string} self the own user id
 * @returns {Target}
 */
export function targetOf(conversation, self) {
  if (conversation.startsWith('room:')) return {room: conversation.slice('room:'.length)};
  const [, a, b] = conversation.split(':').map(unescapeId);
  return {user: a === self ? b : a};
}

/** The part of one conversation's log that this client has: everything up to `offset`, and some pieces after a hole. */
class Log {
  constructor(conversation, epoch, offset) {
    this.conversation = conversation;
    this.epoch = epoch;
    this.offset = offset;
    /** Highest offset known to exist. */
    this.want = offset;
    /** @type {Map<number, Message>} messages beyond a hole */
    this.held = new Map();
    /** The connection attempt that fills the hole now, 0 when none does. */
    this.filling = 0;
    /** A push of another epoch came: ask the server which one is right. */
    this.doubtful = false;
    /** The doubt is younger than the question that is under way, whose answer does not settle it. */
    this.doubtfulAgain = false;
  }

  hold(message) {
    this.want = Math.max(this.want, message.offset);
    // What does not fit is read from the server's log when the hole is filled.
    if (this.held.size < HELD_LIMIT) this.held.set(message.offset, message);
  }

  /** The next message in order, when it is here. */
  next() {
    return this.held.get(this.offset + 1);
  }

  restart(epoch, offset) {
    this.epoch = epoch;
    this.offset = offset;
    this.want = offset;
    this.held.clear();
    this.doubtful = false;
  }
}

/** One device of one user. */
export class Parley {
  #options;
  #random;
  #now;
  #listeners = new Map();
  #state = {state: 'offline'};
  #wanted = false;
  /** Grows with each attempt, so that an answer of an earlier one is known as such. */
  #attemptId = 0;
  #attempt = 0;
  #onlineSince = null;
  #floorUntil = 0;
  /** Where the next attempt goes instead of the usual address. */
  #detour = null;
  #socket = null;
  #kick = null;
  #session = null;
  /** Whether the present connection has logged in. */
  #signedIn = false;
  #user;
  #timers = new Map();
  #requests = new Map();
  #lastSeq = 0;
  /** @type {Map<string, Log>} the one that heard of a message last at the end */
  #logs = new Map();
  #catchingUp = false;
  #catchUpAgain = false;
  #live = [];
  #marks = new Map();
  /** @type {Map<string, object>} unsent messages by cid, in the order of sending */
  #outbox = new Map();
  #watched = new Set();

  /** @param {Options} options */
  constructor(options) {
    if (!options?.url) throw new ParleyError('invalid', 'url is missing, expected such as wss://host/acc');
    this.#options = {
      platform: 'web',
      device: 'default',
      start: 'beginning',
      outboxLimit: 1000,
      requestTimeoutMs: 15_000,
      followGateways: true,
      backoff: {baseMs: 1000, capMs: 30_000},
      ...options,
    };
    this.#random = options.random ?? Math.random;
    this.#now = options.now ?? Date.now;
    this.#user = options.user;
    this.#restore();
  }

  // ---- state and events

  /** The own user id; known after the first login when the token names it. */
  get user() {
    return this.#user;
  }

  /** @returns {State} */
  get state() {
    return this.#state;
  }

  /** The login reply: `session`, `node`, `heartbeatSeconds`, `tokenExpiresIn`, `limits`; null before the first. */
  get session() {
    return this.#session;
  }

  /** Messages that the server has not confirmed yet: `{cid, to, type, body, time}`, oldest first. */
  get pending() {
    return [...this.#outbox.values()].map(({cid, to, type, body, time}) => ({cid, to, type, body, time}));
  }

  /**
   * Listens to an event: `state` {@link State} · `message` {@link Message} · `gap` `{conversation, from, to}`: these are no longer kept ·
   * `reset` `{conversation, epoch}`: the log was rebuilt, forget its messages · `sent` `{cid, …}` · `failed` `{cid, error}` ·
   * `conversations`: the whole list after each login · `receipt` · `presence` · `room` · `typing` · `kick` · `drain` ·
   * `tokenExpiring` `{inMs}`: no `getToken` is there, call {@link refresh} · `push` `{action, data}`: any other.
   *
   * @returns {() => void} ends the listening
   */
  on(event, listener) {
    if (!this.#listeners.has(event)) this.#listeners.set(event, new Set());
    this.#listeners.get(event).add(listener);
    return () => this.#listeners.get(event).delete(listener);
  }

  #emit(event, detail) {
    for (const listener of this.#listeners.get(event) ?? []) {
      try {
        listener(detail);
      } catch (error) {
        // A listener's fault must not cost the next listener its message.
        console.error(`listener of ${event} failed`, error);
      }
    }
  }

  #setState(state, details = {}) {
    this.#state = {state, ...details};
    this.#emit('state', this.#state);
  }

  // ---- life of the connection

  /** Connects, and keeps connecting until `close()` or a close code that forbids it. */
  connect() {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#attempt = 0;
    this.#open();
  }

  /** Ends the connection. Unsent messages stay for the next `connect()`. */
  close() {
    this.#wanted = false;
    this.#detour = null;
    this.#drop();
    this.save();
    this.#setState('offline');
  }

  /** Tells the server that this session ends, then closes. */
  async logout() {
    try {
      if (this.#socket && this.#session) await this.#request('logout', {}, 2000);
    } catch {
      // The close says it too.
    }
    this.close();
  }

  /** Ends the wait for the next attempt. */
  retryNow() {
    if (this.#state.state === 'waiting') this.#open();
  }

  /** Call it when the network or the machine comes back: the backoff starts anew, and a connection that looks open is tested. */
  wake() {
    this.#attempt = 0;
    if (this.#state.state === 'waiting') {
      const floor = this.#floorUntil - this.#now();
      if (floor > 0) this.#wait(floor, this.#state);
      else this.#open();
    } else if (this.#state.state === 'online') {
      this.#beat(0);
    }
  }

  async #open() {
    this.#drop();
    const id = this.#attemptId;
    this.#setState('connecting');
    const detour = this.#detour;
    this.#detour = null;
    // What the detour's node cannot be reached at from here costs little time.
    const patienceMs = detour ? Math.min(DETOUR_MS, this.#options.requestTimeoutMs) : this.#options.requestTimeoutMs;
    this.#timer('connect', patienceMs, () => this.#lost('no answer from the server'));
    let token;
    try {
      token = this.#options.getToken ? await this.#options.getToken() : this.#options.token;
    } catch (error) {
      if (id === this.#attemptId) this.#lost(`no token: ${error.message}`);
      return;
    }
    if (id !== this.#attemptId) return;
    const Socket = this.#options.WebSocket ?? globalThis.WebSocket;
    const socket = new Socket(detour ?? this.#options.url);
    this.#socket = socket;
    const mine = (handler) => (event) => socket === this.#socket && handler(event);
    socket.onopen = mine(() => this.#login(token));
    socket.onmessage = mine((event) => this.#receive(event.data));
    socket.onclose = mine((event) => this.#closed(event.code, event.reason));
    // A close event follows each error.
    socket.onerror = () => {};
  }

  /** Forgets the present connection, if any, and fails what waits for its replies. */
  #drop() {
    this.#attemptId++;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    const socket = this.#socket;
    this.#socket = null;
    this.#signedIn = false;
    this.#catchingUp = false;
    this.#catchUpAgain = false;
    this.#live = [];
    const requests = [...this.#requests.values()];
    this.#requests.clear();
    for (const {reject} of requests) reject(new ParleyError('offline', 'the connection ended before the reply'));
    for (const entry of this.#outbox.values()) Object.assign(entry, {sending: false, notBefore: 0});
    if (socket) socket.close();
  }

  #closed(code, reason) {
    const why = {code, reason: this.#kick?.reason || reason || `connection closed (${code})`};
    const final = Number(this.#kick?.code) || code;
    const wasSignedIn = this.#signedIn;
    if (code === Close.TOO_BIG) this.#refuseUnconfirmed();
    const stop = final >= Close.STOP_FROM && final <= Close.STOP_TO;
    const renew = final === Close.TOKEN_REFUSED && this.#options.getToken && wasSignedIn;
    if (stop && !renew) this.#stop({...why, code: final});
    else this.#again(why);
  }

  #lost(reason) {
    this.#again({code: 0, reason});
  }

  #stop(why) {
    this.#wanted = false;
    this.#drop();
    this.#kick = null;
    this.save();
    this.#setState('stopped', why);
  }

  #again(why, floorMs = 0) {
    this.#drop();
    this.#kick = null;
    const now = this.#now();
    if (this.#onlineSince !== null && now - this.#onlineSince >= STABLE_MS) this.#attempt = 0;
    this.#onlineSince = null;
    const {baseMs, capMs} = this.#options.backoff;
    const jitter = this.#random() * Math.min(capMs, baseMs * 2 ** this.#attempt);
    this.#attempt = Math.min(this.#attempt + 1, 30);
    this.#wait(Math.max(floorMs, this.#floorUntil - now, 0) + jitter, why);
  }

  #wait(delay, {code, reason}) {
    this.#timer('retry', delay, () => this.#open());
    this.#setState('waiting', {retryAt: this.#now() + delay, code, reason});
  }

  async #login(token) {
    const id = this.#attemptId;
    let reply;
    try {
      const {platform, device} = this.#options;
      const data = {v: 1, platform, device};
      if (this.#user !== undefined) data.userId = this.#user;
      if (token) data.serviceToken = token;
      // No cursors here: the catch-up asks for what was missed, while pushes wait.
      reply = await this.#request('login', data);
    } catch (error) {
      if (id === this.#attemptId) this.#loginFailed(error);
      return;
    }
    this.#cancel('connect');
    if (reply.user !== undefined && reply.user !== this.#user) this.#become(reply.user);
    this.#session = reply;
    this.#signedIn = true;
    this.#beat();
    this.#expireToken(reply.tokenExpiresIn);
    if (this.#watched.size > 0) this.watch([]).catch(() => {});
    await this.#catchUp();
  }

  #loginFailed(error) {
    const renew = error.code === Code.TOKEN_EXPIRED && this.#options.getToken;
    if (error.kind !== 'refused' || LOGIN_RETRY.has(error.code) || renew) this.#again({code: error.code, reason: error.message});
    else if (error.retryAfterMs !== undefined) this.#again({code: error.code, reason: error.message}, error.retryAfterMs);
    else this.#stop({code: error.code, reason: error.message});
  }

  /** The token names another user than was believed: nothing kept for the other one counts. */
  #become(user) {
    if (this.#user !== undefined) {
      this.#logs.clear();
      for (const cid of [...this.#outbox.keys()]) this.#fail(cid, new ParleyError('invalid', `signed in as ${user}`));
    }
    this.#user = user;
  }

  #beat(delay = (this.#session.heartbeatSeconds ?? 30) * 1000 * (0.9 + 0.1 * this.#random())) {
    const id = this.#attemptId;
    this.#timer('heartbeat', delay, async () => {
      try {
        const data = await this.#request('heartbeat', {cursors: this.#recentCursors()}, Math.min(this.#options.requestTimeoutMs, 10_000));
        this.#missed(data);
        this.#beat();
      } catch (error) {
        if (id === this.#attemptId) this.#lost(`heartbeat: ${error.message}`);
      }
    });
  }

  /** Of the conversations where something was heard last: the reply names those whose newest message was lost on its way. */
  #recentCursors() {
    const cursors = {};
    for (const {conversation, epoch, offset} of [...this.#logs.values()].slice(-HEARTBEAT_CURSORS)) cursors[conversation] = {epoch, offset};
    return cursors;
  }

  #expireToken(seconds) {
    if (!(seconds > 0)) return;
    // Early enough for a few tries: a fifth of its life, at most a minute before its end.
    const lead = Math.min(60_000, seconds * 200);
    const delay = seconds * 1000 - lead;
    if (delay > MAX_TIMEOUT_MS) return;
    this.#timer('token', delay, () => this.#renewToken(lead));
  }

  async #renewToken(leftMs) {
    if (!this.#options.getToken) {
      this.#emit('tokenExpiring', {inMs: leftMs});
      return;
    }
    const id = this.#attemptId;
    try {
      await this.refresh(await this.#options.getToken());
    } catch {
      // The server closes with 4503 when it really ends, and the next login asks again.
      if (id === this.#attemptId) this.#timer('token', Math.max(1000, leftMs / 4), () => this.#renewToken((leftMs * 3) / 4));
    }
  }

  // ---- frames

  #timer(name, delay, task) {
    this.#cancel(name);
    const timer = setTimeout(() => {
      this.#timers.delete(name);
      task();
    }, delay);
    this.#timers.set(name, timer);
  }

  #cancel(name) {
    clearTimeout(this.#timers.get(name));
    this.#timers.delete(name);
  }

  #request(action, data, timeoutMs = this.#options.requestTimeoutMs) {
    return new Promise((resolve, reject) => {
      if (this.#socket?.readyState !== 1) {
        reject(new ParleyError('offline', `${action}: not connected`));
        return;
      }
      const seq = `c${++this.#lastSeq}`;
      const timer = setTimeout(() => {
        this.#requests.delete(seq);
        reject(new ParleyError('timeout', `${action}: no reply within ${timeoutMs} ms`));
      }, timeoutMs);
      const settle = (end) => (value) => {
        clearTimeout(timer);
        end(value);
      };
      this.#requests.set(seq, {action, resolve: settle(resolve), reject: settle(reject)});
      this.#socket.send(JSON.stringify({seq, action, data}));
    });
  }

  #receive(text) {
    let frame;
    try {
      frame = JSON.parse(text);
    } catch {
      // prim's literal answer to a frame that is not JSON; the request that it answers runs into its timeout.
      return;
    }
    const {seq, response} = frame;
    const action = frame.action ?? frame.cmd;
    const request = this.#requests.get(seq);
    if (request && request.action === action) {
      this.#requests.delete(seq);
      const data = response.data ?? {};
      if (response.code === Code.OK) request.resolve(data);
      else request.reject(new ParleyError('refused', data.reason || `${action}: ${response.codeMsg}`, {code: response.code, retryAfterMs: data.retryAfterMs}));
    } else if (response) {
      this.#push(action, response.data ?? {});
    }
  }

  #push(action, data) {
    switch (action) {
      case 'msg':
        // prim's room messages have no log.
        if (data.conversation === undefined) this.#emit('push', {action, data});
        else this.#take(data);
        return;
      case 'resync':
        if (data.all) this.#catchUp();
        else this.#missed(data);
        return;
      case 'drain':
        this.#detour = this.#options.followGateways ? detourTo(data.gateway, this.#socket.url) : null;
        // Without another node to go to, coming back early would only find the one that stops.
        this.#floorUntil = this.#detour ? 0 : this.#now() + (data.afterMs ?? 0);
        break;
      case 'kick':
        this.#kick = data;
        break;
      default:
    }
    const known = ['receipt', 'presence', 'room', 'typing', 'kick', 'drain'].includes(action);
    this.#emit(known ? action : 'push', known ? data : {action, data});
  }

  // ---- logs: order, no doubles, no silent holes

  /** After each login, and when the server asks: the list, then everything after the cursors; pushes wait until it is through. */
  async #catchUp() {
    if (this.#catchingUp) {
      this.#catchUpAgain = true;
      return;
    }
    const id = this.#attemptId;
    this.#catchingUp = true;
    this.#setState('syncing');
    try {
      do {
        this.#catchUpAgain = false;
        const list = await this.conversations();
        this.#emit('conversations', list);
        for (const entry of list) this.#adopt(entry);
        await this.#syncAll(list);
      } while (this.#catchUpAgain);
    } catch (error) {
      if (id === this.#attemptId) this.#again({code: error.code ?? 0, reason: error.message}, error.retryAfterMs);
      return;
    }
    this.#catchingUp = false;
    const live = this.#live;
    this.#live = [];
    for (const message of live) this.#accept(message, true);
    for (const log of this.#logs.values()) if (log.doubtful || log.offset < log.want) this.#fill(log);
    this.#onlineSince ??= this.#now();
    this.#setState('online');
    this.#flushMarks();
    this.#pump();
  }

  #adopt({conversation, epoch, head, unread = 0, delivered = 0}) {
    let log = this.#logs.get(conversation);
    if (!log && this.#options.start === 'unread') {
      log = new Log(conversation, epoch, Math.max(0, head - Math.min(unread, UNREAD_DEPTH)));
      this.#logs.set(conversation, log);
      this.#saveSoon();
    }
    // An acknowledgement that got lost with its connection.
    if (log?.epoch === epoch && delivered < log.offset) this.#mark(conversation, {delivered: log.offset});
  }

  async #syncAll(list) {
    const {maxFrameBytes = 65_536, syncLimit = 200} = this.#session.limits ?? {};
    for (;;) {
      const cursors = {};
      for (const {conversation, epoch, offset} of this.#logs.values()) cursors[conversation] = {epoch, offset};
      if (new TextEncoder().encode(JSON.stringify(cursors)).length > maxFrameBytes - 1024) {
        await this.#syncChanged(list);
        return;
      }
      const reply = await this.#request('sync', {cursors, limit: syncLimit});
      let moved = false;
      for (const page of reply.conversations) {
        const log = this.#logs.get(page.conversation);
        // The log has lost what this client has seen: it is another one, whatever its epoch says.
        if (log && page.head < log.offset) log.epoch = null;
        moved = this.#ingest(page) || moved;
      }
      if (!reply.more && !reply.conversations.some((page) => page.more)) return;
      if (!moved) throw new ParleyError('invalid', 'sync: the server says there is more, but sends nothing new');
    }
  }

  /** More cursors than fit into a frame: the list tells which conversations have moved, and those are read one by one. */
  async #syncChanged(list) {
    for (const {conversation, epoch, head} of list) {
      const log = this.#logOf(conversation, epoch, head);
      if (log.epoch === epoch && log.offset >= head) continue;
      log.want = Math.max(log.want, head);
      log.doubtful = log.epoch !== epoch;
      await this.#fill(log);
    }
  }

  #logOf(conversation, epoch, head) {
    let log = this.#logs.get(conversation);
    if (!log) {
      log = new Log(conversation, epoch, this.#beginning(head));
      this.#logs.set(conversation, log);
    }
    return log;
  }

  #beginning(head) {
    return this.#options.start === 'unread' ? Math.max(0, head - UNREAD_DEPTH) : 0;
  }

  #take(message) {
    if (!this.#catchingUp) this.#accept(message);
    else if (this.#live.length < HELD_LIMIT) this.#live.push(message);
    else this.#catchUpAgain = true;
  }

  #accept(message, listed = false) {
    const {conversation, epoch, offset} = message;
    if (!listed && offset > 1 && this.#options.start === 'unread' && !this.#logs.has(conversation)) {
      // A room just joined, or a first message that got lost: the list knows what is unread.
      this.#live.push(message);
      this.#catchUp();
      return;
    }
    const log = this.#logOf(conversation, epoch, offset);
    if (epoch !== log.epoch) {
      // Late from the old log, or early from a new one? The server's log knows.
      log.doubtful = true;
      log.doubtfulAgain = log.filling === this.#attemptId;
      this.#fill(log);
    } else if (offset === log.offset + 1) {
      this.#deliver(log, message);
      this.#drain(log);
    } else if (offset > log.offset) {
      log.hold(message);
      this.#fill(log, HOLE_PATIENCE_MS);
    }
  }

  #deliver(log, message) {
    log.offset = message.offset;
    log.want = Math.max(log.want, message.offset);
    log.held.delete(message.offset);
    this.#logs.delete(log.conversation);
    this.#logs.set(log.conversation, log);
    this.#saveSoon();
    if (message.from !== this.#user) this.#mark(log.conversation, {delivered: message.offset});
    else if (message.cid !== undefined) this.#settle(message.cid, message);
    this.#emit('message', message);
  }

  #drain(log) {
    for (let message = log.next(); message; message = log.next()) this.#deliver(log, message);
  }

  #gap(log, from, to) {
    if (to < from) return;
    log.offset = to;
    for (const offset of log.held.keys()) if (offset <= to) log.held.delete(offset);
    this.#saveSoon();
    this.#emit('gap', {conversation: log.conversation, from, to});
  }

  /** Takes a page of the server's log; true when this client now has more, or another epoch. */
  #ingest({conversation, epoch, head = 0, messages = [], gap}) {
    const log = this.#logOf(conversation, epoch, head);
    const before = log.offset;
    const restarted = log.epoch !== epoch;
    if (restarted) {
      log.restart(epoch, this.#beginning(head));
      log.want = Math.max(log.want, head);
      this.#saveSoon();
      this.#emit('reset', {conversation, epoch});
      // The page was read from a cursor of the old epoch and may begin too late.
      if (!gap && messages.length > 0 && messages[0].offset > log.offset + 1) return true;
    }
    log.doubtful = false;
    if (gap) this.#gap(log, log.offset + 1, gap.to ?? (messages[0]?.offset ?? head + 1) - 1);
    for (const message of messages) {
      if (message.offset <= log.offset) continue;
      if (message.offset > log.offset + 1) this.#gap(log, log.offset + 1, message.offset - 1);
      this.#deliver(log, message);
    }
    this.#drain(log);
    return restarted || log.offset !== before;
  }

  /** Reads the server's log until nothing known is missing. One at a time for each conversation. */
  async #fill(log, patienceMs = 0) {
    const id = this.#attemptId;
    if (log.filling === id) return;
    log.filling = id;
    const {pageLimit = 100} = this.#session.limits ?? {};
    try {
      if (patienceMs > 0) await this.#pause(patienceMs);
      for (let tries = 0; id === this.#attemptId && (log.doubtful || log.offset < log.want); ) {
        try {
          const page = await this.#request('history', {conversation: log.conversation, after: log.offset, limit: pageLimit});
          const moved = this.#ingest(page);
          log.doubtful = log.doubtfulAgain;
          log.doubtfulAgain = false;
          if (moved || log.offset >= log.want) continue;
          if (++tries >= FILL_TRIES) this.#skip(log);
          else await this.#pause(COALESCE_MS * tries);
        } catch (error) {
          if (error.kind === 'timeout' && id === this.#attemptId) this.#lost(error.message);
          if (error.kind !== 'refused') return;
          if (error.code === Code.NOT_MEMBER || error.code === Code.NOT_FOUND) {
            this.#logs.delete(log.conversation);
            return;
          }
          if (error.retryAfterMs === undefined || ++tries >= FILL_TRIES) this.#skip(log);
          else await this.#pause(error.retryAfterMs);
        }
      }
    } finally {
      if (log.filling === id) log.filling = 0;
    }
  }

  /** The server does not give what a push promised: say so, and go on behind it. */
  #skip(log) {
    log.doubtful = false;
    const first = Math.min(...log.held.keys(), log.want + 1);
    this.#gap(log, log.offset + 1, first - 1);
    this.#drain(log);
  }

  #pause(ms) {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }

  /** A heartbeat's reply or a resync push names conversations whose head may have moved unseen. */
  #missed({conversations = []}) {
    for (const item of conversations) {
      const {conversation, epoch, head} = typeof item === 'string' ? {conversation: item} : item;
      const log = this.#logs.get(conversation);
      if (!log) {
        this.#catchUp();
        return;
      }
      if (head !== undefined) log.want = Math.max(log.want, epoch === log.epoch ? head : 0);
      const doubt = head === undefined || (epoch !== undefined && epoch !== log.epoch);
      log.doubtful ||= doubt;
      log.doubtfulAgain ||= doubt && log.filling === this.#attemptId;
      if (!this.#catchingUp) this.#fill(log);
    }
  }

  // ---- what was kept

  #saveSoon() {
    if (this.#options.storage && !this.#timers.has('save')) this.#timer('save', COALESCE_MS, () => this.save());
  }

  /** Writes cursors and unsent messages to the storage now; for a page that is about to go. */
  save() {
    const {storage} = this.#options;
    if (!storage) return;
    this.#cancel('save');
    const cursors = {};
    for (const {conversation, epoch, offset} of this.#logs.values()) cursors[conversation] = {epoch, offset};
    try {
      storage.set('parley', JSON.stringify({user: this.#user, cursors, outbox: this.pending}));
    } catch (error) {
      // A full storage costs only the memory over a reload.
      console.warn(`cannot keep cursors: ${error.message}`);
    }
  }

  #restore() {
    let kept;
    try {
      kept = JSON.parse(this.#options.storage?.get('parley') ?? 'null');
    } catch {
      kept = null;
    }
    if (!kept || (this.#user !== undefined && kept.user !== this.#user)) return;
    this.#user ??= kept.user;
    for (const [conversation, {epoch, offset}] of Object.entries(kept.cursors ?? {})) {
      this.#logs.set(conversation, new Log(conversation, epoch, offset));
    }
    for (const {cid, to, type, body, time} of kept.outbox ?? []) this.#enqueue({cid, to, type, body, time});
  }

  // ---- sending

  /** A new id for one message: 96 random bits. */
  newCid() {
    const bytes = new Uint8Array(12);
    if (globalThis.crypto?.getRandomValues) globalThis.crypto.getRandomValues(bytes);
    else for (let i = 0; i < bytes.length; i++) bytes[i] = Math.floor(this.#random() * 256);
    return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  }

  /**
   * Sends a message, now or as soon as there is a connection. Messages to one target are stored in the order of their sending.
   *
   * @param {Target} to
   * @param {string | {type?: string, [field: string]: any}} body a text, or a type with its fields
   * @param {{cid?: string}} [options]
   * @returns {Promise<{id: string, conversation: string, epoch: string, offset: number, time: number, duplicate: boolean}>} when it is
   *     stored; fails with a {@link ParleyError} when the server refuses it for good
   */
  send(to, body, {cid = this.newCid()} = {}) {
    if (to?.user === undefined && to?.room === undefined) {
      return Promise.reject(new ParleyError('invalid', `to is ${JSON.stringify(to)}, expected {user} or {room}`));
    }
    if (this.#outbox.size >= this.#options.outboxLimit) {
      return Promise.reject(new ParleyError('full', `${this.#outbox.size} messages are waiting already`));
    }
    const {type = 'text', ...fields} = typeof body === 'string' ? {msg: body} : body;
    const entry = this.#enqueue({cid, to, type, body: fields, time: this.#now()});
    this.save();
    this.#pump();
    return entry.promise;
  }

  #enqueue(message) {
    const {user, room} = message.to;
    const entry = {...message, target: room === undefined ? `user ${user}` : `room ${room}`, sending: false, notBefore: 0};
    entry.promise = new Promise((resolve, reject) => Object.assign(entry, {resolve, reject}));
    // The `failed` event tells it too; a caller who only listens must not see an unhandled rejection.
    entry.promise.catch(() => {});
    this.#outbox.set(entry.cid, entry);
    return entry;
  }

  /** Transmits the first unsent message of each target. */
  #pump() {
    if (this.#state.state !== 'online') return;
    const busy = new Set();
    for (const entry of [...this.#outbox.values()]) {
      if (!busy.has(entry.target) && !entry.sending && entry.notBefore <= this.#now()) this.#transmit(entry);
      busy.add(entry.target);
    }
  }

  async #transmit(entry) {
    const id = this.#attemptId;
    const {cid, to, type, body} = entry;
    const {maxBodyBytes = Infinity} = this.#session.limits ?? {};
    if (new TextEncoder().encode(JSON.stringify(body)).length > maxBodyBytes) {
      this.#fail(cid, new ParleyError('refused', `the message is larger than ${maxBodyBytes} bytes`, {code: Code.TOO_LARGE}));
      return;
    }
    entry.sending = true;
    try {
      const stored = await this.#request('send', {...body, to, cid, type});
      const {conversation, epoch, offset, time} = stored;
      const message = {...body, id: stored.id, conversation, epoch, offset, from: this.#user, platform: this.#options.platform, time, cid, type};
      this.#settle(cid, stored);
      this.#take(message);
    } catch (error) {
      entry.sending = false;
      this.#sendFailed(entry, error, id === this.#attemptId);
    }
    this.#pump();
  }

  #sendFailed(entry, error, connected) {
    if (error.kind === 'offline' || !connected) return;
    const renew = error.code === Code.TOKEN_EXPIRED && this.#options.getToken;
    if (error.kind === 'timeout' || error.code === Code.NOT_LOGGED_IN || renew) {
      // The connection is not what it seems; another one asks again with the same cid.
      this.#lost(error.message);
    } else if (error.retryAfterMs !== undefined) {
      entry.notBefore = this.#now() + error.retryAfterMs;
      this.#timer(`send ${entry.cid}`, error.retryAfterMs, () => {
        entry.notBefore = 0;
        this.#pump();
      });
    } else {
      this.#fail(entry.cid, error);
    }
  }

  #settle(cid, stored) {
    const entry = this.#outbox.get(cid);
    if (!entry) return;
    this.#outbox.delete(cid);
    this.save();
    const {id, conversation, epoch, offset, time, duplicate = false} = stored;
    const result = {cid, id, conversation, epoch, offset, time, duplicate};
    entry.resolve(result);
    this.#emit('sent', {...result, to: entry.to});
  }

  #fail(cid, error) {
    const entry = this.#outbox.get(cid);
    if (!entry) return;
    this.#outbox.delete(cid);
    this.save();
    entry.reject(error);
    this.#emit('failed', {cid, to: entry.to, type: entry.type, body: entry.body, error});
  }

  /** The frame that was too big is one of those that were not confirmed: retrying them would close every connection. */
  #refuseUnconfirmed() {
    for (const {cid, sending} of [...this.#outbox.values()]) {
      if (sending) this.#fail(cid, new ParleyError('refused', 'the message is too big for a frame', {code: Code.TOO_LARGE}));
    }
  }

  // ---- marks

  #mark(conversation, {delivered = 0, read = 0}) {
    const mark = this.#marks.get(conversation) ?? {delivered: 0, read: 0};
    mark.delivered = Math.max(mark.delivered, delivered);
    mark.read = Math.max(mark.read, read);
    this.#marks.set(conversation, mark);
    if (!this.#timers.has('marks')) this.#timer('marks', COALESCE_MS, () => this.#flushMarks());
  }

  #flushMarks() {
    // Kept until the next connection; the server takes the maximum, so a repeat does no harm.
    if (this.#state.state !== 'online') return;
    this.#cancel('marks');
    const marks = [...this.#marks];
    this.#marks.clear();
    for (const [conversation, {delivered, read}] of marks) {
      const data = {conversation};
      if (delivered > 0) data.delivered = delivered;
      if (read > 0) data.read = read;
      this.#request('ack', data).catch((error) => {
        if (error.kind !== 'refused' || error.retryAfterMs !== undefined) this.#mark(conversation, {delivered, read});
      });
    }
  }

  /** Says, soon and together with other marks, that the user has seen everything up to `offset`. */
  markRead(conversation, offset) {
    this.#mark(conversation, {delivered: offset, read: offset});
  }

  /** Sets marks at once. @returns {Promise<object>} */
  ack(conversation, {delivered, read}) {
    return this.request('ack', {conversation, delivered, read});
  }

  // ---- other actions; each fails with a ParleyError of kind `offline` when there is no session

  /** Any action of the protocol. @returns {Promise<any>} the reply's data */
  request(action, data = {}) {
    if (!this.#signedIn) return Promise.reject(new ParleyError('offline', `${action}: not signed in`));
    return this.#request(action, data);
  }

  /** All conversations of the user. @returns {Promise<object[]>} with head, unread, marks, last message */
  async conversations() {
    const {pageLimit = 100} = this.#session?.limits ?? {};
    const list = [];
    for (let after; ; ) {
      const page = await this.request('conversations', after === undefined ? {limit: pageLimit} : {after, limit: pageLimit});
      list.push(...page.conversations);
      if (!page.more || page.conversations.length === 0) return list;
      after = page.conversations.at(-1).conversation;
    }
  }

  /**
   * A page of a conversation's log, ascending; does not touch the cursor.
   *
   * @param {string} conversation
   * @param {{before?: number, after?: number, limit?: number}} [range] from the end when neither is given
   * @returns {Promise<{conversation: string, epoch: string, head: number, messages: Message[], more: boolean}>}
   */
  history(conversation, {before, after, limit} = {}) {
    return this.request('history', {conversation, before, after, limit});
  }

  /** Asks for everything after the cursors once more. Comes by itself after each login. */
  sync() {
    if (!this.#signedIn) return Promise.reject(new ParleyError('offline', 'sync: not signed in'));
    return this.#catchUp();
  }

  /** Who is online. @param {string[]} users */
  async presence(users) {
    return (await this.request('presence', {users})).users;
  }

  /** Adds users whose presence is told by `presence` events, first as it is, then each change; lasts over reconnects. */
  async watch(users) {
    for (const user of users) this.#watched.add(user);
    if (!this.#signedIn) return [];
    const reply = await this.request('watch', {users: [...this.#watched]});
    for (const entry of reply.users ?? []) this.#emit('presence', entry);
    return reply.users ?? [];
  }

  /** @param {string[]} users */
  async unwatch(users) {
    for (const user of users) this.#watched.delete(user);
    if (this.#signedIn) await this.request('unwatch', {users});
  }

  /** Tells the other members that the user writes; may be dropped. */
  typing(conversation) {
    return this.request('typing', {conversation});
  }

  /** @param {{room?: string, name?: string, members?: string[], join?: 'open' | 'approval' | 'invite'}} room */
  createRoom(room) {
    return this.request('room.create', room);
  }

  joinRoom(room) {
    return this.request('room.join', {room});
  }

  async leaveRoom(room) {
    const reply = await this.request('room.leave', {room});
    this.#logs.delete(reply.conversation ?? roomConversation(room));
    this.#saveSoon();
    return reply;
  }

  /** Rooms that anyone may join. */
  rooms({after, limit} = {}) {
    return this.request('room.list', {after, limit});
  }

  /** One page of a room's members. */
  members(room, {after, limit} = {}) {
    return this.request('room.members', {room, after, limit});
  }

  /** Replaces the token of the live session. */
  async refresh(token) {
    this.#options.token = token;
    const reply = await this.request('refresh', {serviceToken: token});
    this.#expireToken(reply.tokenExpiresIn);
    return reply;
  }
}
