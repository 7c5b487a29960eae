/** A scripted server behind a fake WebSocket: tests read the frames it got and say what comes back. */
export class FakeServer {
  constructor() {
    /** @type {FakeSocket[]} */
    this.sockets = [];
    const server = this;
    this.WebSocket = class extends FakeSocket {
      constructor(url) {
        super(url, server);
        server.sockets.push(this);
      }
    };
    /** Answers by action; a function of (data, socket) that returns the reply's data, a {@link Refusal}, or `SILENCE`. */
    this.answers = {
      login: (data) => ({session: 's', user: data.userId, node: 'n1', heartbeatSeconds: 30, tokenExpiresIn: 0, limits: {pageLimit: 10, syncLimit: 10}}),
      conversations: () => ({conversations: [], more: false}),
      sync: () => ({conversations: [], more: false}),
      heartbeat: () => ({}),
      ack: () => ({}),
    };
  }

  get last() {
    return this.sockets.at(-1);
  }

  /** All requests of an action, over all sockets, in order. */
  requests(action) {
    return this.sockets.flatMap((socket) => socket.sent).filter((frame) => frame.action === action);
  }
}

export const SILENCE = Symbol('silence');

export class Refusal {
  constructor(code, data = {}) {
    this.code = code;
    this.data = data;
  }
}

class FakeSocket {
  constructor(url, server) {
    this.url = url;
    this.server = server;
    this.readyState = 0;
    this.sent = [];
    this.closedByClient = false;
  }

  open() {
    this.readyState = 1;
    this.onopen({});
  }

  send(text) {
    const frame = JSON.parse(text);
    this.sent.push(frame);
    const answer = this.server.answers[frame.action];
    const data = answer ? answer(frame.data, this) : SILENCE;
    if (data === SILENCE) return;
    const refused = data instanceof Refusal;
    const response = refused ? {code: data.code, codeMsg: 'refused', data: data.data} : {code: 200, codeMsg: 'Success', data};
    queueMicrotask(() => this.deliver({seq: frame.seq, action: frame.action, response}));
  }

  deliver(frame) {
    if (this.readyState === 1) this.onmessage({data: JSON.stringify(frame)});
  }

  push(action, data) {
    this.deliver({seq: 'push', action, response: {code: 200, codeMsg: 'Ok', data}});
  }

  /** The server ends the connection. */
  end(code, reason = '') {
    this.readyState = 3;
    this.onclose({code, reason});
  }

  close() {
    this.closedByClient = true;
    this.readyState = 3;
  }
}

/** Lets all promises that can settle, settle. */
export async function settle() {
  for (let i = 0; i < 50; i++) await Promise.resolve();
}
