import assert from 'node:assert/strict';
import {beforeEach, describe, it, mock} from 'node:test';
import {Parley, directConversation, roomConversation, targetOf} from '../../main/resources/web/parley.js';
import {FakeServer, Refusal, SILENCE, settle} from './fake-server.js';

const CONVERSATION = 'direct:alice:bob';
let server;
let clock;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({apis: ['setTimeout', 'Date'], now: 1_000_000});
  server = new FakeServer();
  clock = async (ms) => {
    mock.timers.tick(ms);
    await settle();
  };
});

function client(options = {}) {
  const parley = new Parley({url: 'ws://test/acc', user: 'alice', device: 'd1', WebSocket: server.WebSocket, random: () => 1, ...options});
  const seen = {messages: [], gaps: [], resets: [], states: [], failed: [], conversations: []};
  parley.on('message', (message) => seen.messages.push(message));
  parley.on('gap', (gap) => seen.gaps.push(gap));
  parley.on('reset', (reset) => seen.resets.push(reset));
  parley.on('state', (state) => seen.states.push(state));
  parley.on('failed', (failed) => seen.failed.push(failed));
  return {parley, seen};
}

async function online(options) {
  const pair = client(options);
  pair.parley.connect();
  await settle();
  server.last.open();
  await settle();
  return pair;
}

function message(offset, fields = {}) {
  return {id: `m${offset}`, conversation: CONVERSATION, epoch: 'e1', offset, from: 'bob', time: offset, type: 'text', msg: `text ${offset}`, ...fields};
}

const offsets = (seen) => seen.messages.map((m) => m.offset);
const page = (messages, fields = {}) => ({conversation: CONVERSATION, epoch: 'e1', head: messages.at(-1)?.offset ?? 0, messages, gap: null, more: false, ...fields});

function memory() {
  const values = new Map();
  return {get: (key) => values.get(key) ?? null, set: (key, value) => values.set(key, value)};
}

describe('login', () => {
  it('is native and carries user, platform, device and token', async () => {
    const {parley} = await online({getToken: async () => 'jwt', platform: 'desktop'});
    assert.deepEqual(server.requests('login')[0].data, {v: 1, platform: 'desktop', device: 'd1', userId: 'alice', serviceToken: 'jwt'});
    assert.equal(parley.state.state, 'online');
  });

  it('refused for good stops and says why', async () => {
    server.answers.login = () => new Refusal(1002, {reason: 'userId is 40 bytes, expected at most 32'});
    const {parley} = await online();
    assert.deepEqual(parley.state, {state: 'stopped', code: 1002, reason: 'userId is 40 bytes, expected at most 32'});
    await clock(600_000);
    assert.equal(server.sockets.length, 1);
  });

  it('refused for now waits at least as long as the server asks', async () => {
    server.answers.login = () => new Refusal(1106, {retryAfterMs: 20_000});
    const {parley} = await online({random: () => 0});
    assert.equal(parley.state.state, 'waiting');
    assert.equal(parley.state.retryAt, Date.now() + 20_000);
  });

  it('without a reply is given up and tried again', async () => {
    server.answers.login = () => SILENCE;
    const {parley} = await online();
    await clock(15_000);
    assert.equal(parley.state.state, 'waiting');
    assert.ok(server.last.closedByClient);
  });
});

describe('order', () => {
  it('emits pushes in the order of offsets, once', async () => {
    const {seen} = await online();
    for (const offset of [1, 2, 2, 1, 3]) server.last.push('msg', message(offset));
    assert.deepEqual(offsets(seen), [1, 2, 3]);
  });

  it('fills a hole from the history before it emits what lies beyond', async () => {
    server.answers.history = () => page([message(2), message(3), message(4)]);
    const {seen} = await online();
    server.last.push('msg', message(1));
    server.last.push('msg', message(4));
    server.last.push('msg', message(5));
    assert.deepEqual(offsets(seen), [1]);
    await clock(100);
    assert.deepEqual(offsets(seen), [1, 2, 3, 4, 5]);
    assert.deepEqual(server.requests('history').map((r) => r.data.after), [1]);
  });

  it('asks for nothing when what is missing comes a moment later, as between nodes', async () => {
    const {seen} = await online();
    for (const offset of [2, 3, 1, 4]) server.last.push('msg', message(offset));
    await clock(100);
    assert.deepEqual(offsets(seen), [1, 2, 3, 4]);
    assert.equal(server.requests('history').length, 0);
  });

  it('asks again when told to while an answer is on its way', async () => {
    const {seen} = await online();
    server.last.push('msg', message(1));
    let asked = 0;
    server.answers.history = () => {
      if (++asked === 1) server.last.push('resync', {conversations: [CONVERSATION]});
      return asked === 1 ? page([], {head: 1}) : page([message(2)]);
    };
    server.last.push('resync', {conversations: [CONVERSATION]});
    await settle();
    assert.equal(asked, 2);
    assert.deepEqual(offsets(seen), [1, 2]);
  });

  it('reads as many pages as the hole needs', async () => {
    server.answers.history = ({after, limit}) =>
      page(Array.from({length: Math.min(limit, 24 - after)}, (_, i) => message(after + 1 + i)), {head: 25, more: after + limit < 25});
    const {seen} = await online();
    server.last.push('msg', message(25));
    await clock(100);
    assert.deepEqual(offsets(seen), Array.from({length: 25}, (_, i) => i + 1));
  });

  it('tells a gap when the history cannot fill the hole', async () => {
    server.answers.history = () => page([message(8), message(9)]);
    const {seen} = await online();
    server.last.push('msg', message(1));
    server.last.push('msg', message(9));
    await clock(100);
    assert.deepEqual(seen.gaps, [{conversation: CONVERSATION, from: 2, to: 7}]);
    assert.deepEqual(offsets(seen), [1, 8, 9]);
  });

  it('tells a gap when the server refuses the history for good', async () => {
    server.answers.history = () => new Refusal(1110);
    const {seen} = await online();
    server.last.push('msg', message(1));
    server.last.push('msg', message(5));
    await clock(100);
    assert.deepEqual(seen.gaps, [{conversation: CONVERSATION, from: 2, to: 4}]);
    assert.deepEqual(offsets(seen), [1, 5]);
  });

  it('holds pushes back until the catch-up is through', async () => {
    let answer;
    server.answers.sync = (data, socket) => {
      answer = () => socket.deliver({seq: socket.sent.at(-1).seq, action: 'sync', response: {code: 200, data: {conversations: [page([message(1), message(2)])], more: false}}});
      return SILENCE;
    };
    const {seen, parley} = await online();
    server.last.push('msg', message(3));
    server.last.push('msg', message(2));
    assert.equal(parley.state.state, 'syncing');
    assert.deepEqual(offsets(seen), []);
    answer();
    await settle();
    assert.deepEqual(offsets(seen), [1, 2, 3]);
    assert.equal(parley.state.state, 'online');
  });

  it('a fault of one listener costs nobody a message', async () => {
    const error = mock.method(console, 'error', () => {});
    const {parley, seen} = await online();
    parley.on('message', () => {
      throw new Error('listener');
    });
    server.last.push('msg', message(1));
    server.last.push('msg', message(2));
    assert.deepEqual(offsets(seen), [1, 2]);
    assert.equal(error.mock.callCount(), 2);
    error.mock.restore();
  });
});

describe('sync', () => {
  it('goes on from its cursors until the server has no more', async () => {
    server.answers.sync = ({cursors}) => {
      const after = cursors[CONVERSATION]?.offset ?? 0;
      return {conversations: [page([message(after + 1), message(after + 2)], {head: 6, more: after < 4})], more: after < 4};
    };
    const {seen} = await online();
    assert.deepEqual(offsets(seen), [1, 2, 3, 4, 5, 6]);
    assert.deepEqual(server.requests('sync').map((r) => r.data.cursors[CONVERSATION]?.offset), [undefined, 2, 4]);
  });

  it('after a reconnect asks from the last emitted message', async () => {
    const {seen} = await online();
    server.last.push('msg', message(1));
    server.last.end(1006);
    server.answers.sync = () => ({conversations: [page([message(2)])], more: false});
    await clock(1000);
    server.last.open();
    await settle();
    assert.deepEqual(server.requests('sync').at(-1).data.cursors, {[CONVERSATION]: {epoch: 'e1', offset: 1}});
    assert.deepEqual(offsets(seen), [1, 2]);
  });

  it('tells the range that retention has trimmed', async () => {
    server.answers.sync = () => ({conversations: [page([message(6), message(7)], {gap: {from: 1, to: 5}})], more: false});
    const {seen} = await online();
    assert.deepEqual(seen.gaps, [{conversation: CONVERSATION, from: 1, to: 5}]);
    assert.deepEqual(offsets(seen), [6, 7]);
  });

  it('with a new epoch drops the cursor and begins again', async () => {
    const {seen} = await online();
    for (const offset of [1, 2, 3]) server.last.push('msg', message(offset));
    server.last.end(4003);
    server.answers.sync = () => ({conversations: [page([message(1, {epoch: 'e2'}), message(2, {epoch: 'e2'})], {epoch: 'e2'})], more: false});
    await clock(1000);
    server.last.open();
    await settle();
    assert.deepEqual(seen.resets, [{conversation: CONVERSATION, epoch: 'e2'}]);
    assert.deepEqual(seen.messages.map((m) => `${m.epoch}:${m.offset}`), ['e1:1', 'e1:2', 'e1:3', 'e2:1', 'e2:2']);
  });

  it('asks the server which epoch is right when a push has another', async () => {
    server.answers.history = () => page([], {head: 1});
    const {seen} = await online();
    server.last.push('msg', message(1));
    server.last.push('msg', message(9, {epoch: 'e0'}));
    await settle();
    assert.deepEqual(seen.resets, []);
    server.answers.history = ({after}) => page(after === 0 ? [message(1, {epoch: 'e2'})] : [], {epoch: 'e2', head: 1});
    server.last.push('msg', message(1, {epoch: 'e2'}));
    await settle();
    assert.equal(seen.resets.length, 1);
    assert.deepEqual(seen.messages.map((m) => `${m.epoch}:${m.offset}`), ['e1:1', 'e2:1']);
  });

  it('that promises more and brings nothing is given up, not repeated for ever', async () => {
    server.answers.sync = () => ({conversations: [], more: true});
    const {parley} = await online();
    assert.equal(parley.state.state, 'waiting');
    assert.equal(server.requests('sync').length, 1);
  });

  it('started at the unread ones adopts the heads of the list', async () => {
    server.answers.conversations = () => ({conversations: [{conversation: CONVERSATION, epoch: 'e1', head: 500, unread: 2, delivered: 500, read: 498}], more: false});
    await online({start: 'unread'});
    assert.deepEqual(server.requests('sync')[0].data.cursors, {[CONVERSATION]: {epoch: 'e1', offset: 498}});
  });

  it('asks the list where a conversation begins that it hears of for the first time', async () => {
    const {seen} = await online({start: 'unread'});
    server.answers.conversations = () => ({conversations: [{conversation: 'room:r', epoch: 'e1', head: 500, unread: 1, delivered: 499}], more: false});
    server.last.push('msg', message(500, {conversation: 'room:r'}));
    await settle();
    assert.deepEqual(offsets(seen), [500]);
    assert.deepEqual(server.requests('sync').at(-1).data.cursors, {'room:r': {epoch: 'e1', offset: 499}});
  });

  it('begins again when the log has lost what was seen', async () => {
    const {seen} = await online();
    for (const offset of [1, 2, 3]) server.last.push('msg', message(offset));
    let asked = 0;
    server.answers.sync = () => (++asked === 1 ? {conversations: [page([], {head: 1})], more: false} : {conversations: [], more: false});
    server.answers.history = () => page([message(1)]);
    server.last.push('resync', {all: true});
    await settle();
    assert.equal(seen.resets.length, 1);
    assert.deepEqual(offsets(seen), [1, 2, 3, 1]);
  });

  it('with more cursors than a frame holds reads the moved conversations one by one', async () => {
    const names = Array.from({length: 40}, (_, i) => `room:r${i}`);
    server.answers.login = () => ({session: 's', user: 'alice', heartbeatSeconds: 30, limits: {maxFrameBytes: 2048, pageLimit: 100}});
    server.answers.conversations = () => ({conversations: names.map((conversation, i) => ({conversation, epoch: 'e1', head: 7, unread: i === 3 ? 1 : 0, delivered: 7})), more: false});
    server.answers.history = ({conversation}) => ({conversation, epoch: 'e1', head: 7, messages: [message(7, {conversation})], more: false});
    const {seen} = await online({start: 'unread'});
    assert.equal(server.requests('sync').length, 0);
    assert.deepEqual(server.requests('history').map((r) => r.data.conversation), ['room:r3']);
    assert.deepEqual(seen.messages.map((m) => m.conversation), ['room:r3']);
  });

  it('follows what a heartbeat says about heads', async () => {
    const {seen} = await online();
    server.last.push('msg', message(1));
    server.answers.heartbeat = () => ({conversations: [{conversation: CONVERSATION, epoch: 'e1', head: 2}]});
    server.answers.history = () => page([message(2)]);
    await clock(30_000);
    assert.deepEqual(server.requests('heartbeat')[0].data.cursors, {[CONVERSATION]: {epoch: 'e1', offset: 1}});
    assert.deepEqual(offsets(seen), [1, 2]);
  });

  it('follows a resync push', async () => {
    const {seen} = await online();
    server.answers.sync = () => ({conversations: [page([message(1)])], more: false});
    server.last.push('resync', {all: true});
    await settle();
    server.answers.history = () => page([message(2)]);
    server.last.push('resync', {conversations: [CONVERSATION]});
    await settle();
    assert.deepEqual(offsets(seen), [1, 2]);
  });
});

describe('storage', () => {
  it('resumes by the cursors of the last run', async () => {
    const storage = memory();
    const {parley} = await online({storage});
    server.last.push('msg', message(1));
    await clock(200);
    parley.close();
    await online({storage});
    assert.deepEqual(server.requests('sync').at(-1).data.cursors, {[CONVERSATION]: {epoch: 'e1', offset: 1}});
  });

  it('of another user is not used', async () => {
    const storage = memory();
    const {parley} = await online({storage});
    server.last.push('msg', message(1));
    parley.close();
    await online({storage, user: 'carol'});
    assert.deepEqual(server.requests('sync').at(-1).data.cursors, {});
  });

  it('keeps unsent messages over a reload, with their cid', async () => {
    const storage = memory();
    const {parley} = client({storage});
    parley.send({user: 'bob'}, 'hi', {cid: 'c-1'});
    server.answers.send = () => ({id: 'm1', conversation: CONVERSATION, epoch: 'e1', offset: 1, time: 5, duplicate: false});
    const {seen} = await online({storage});
    assert.deepEqual(server.requests('send')[0].data, {msg: 'hi', to: {user: 'bob'}, cid: 'c-1', type: 'text'});
    assert.deepEqual(seen.messages[0].cid, 'c-1');
  });
});

describe('outbox', () => {
  const stored = (offset) => ({id: `m${offset}`, conversation: CONVERSATION, epoch: 'e1', offset, time: 5, duplicate: false});

  it('keeps what is sent offline and sends it in order', async () => {
    let offset = 0;
    server.answers.send = () => stored(++offset);
    const {parley, seen} = client();
    const sent = ['a', 'b', 'c'].map((text) => parley.send({user: 'bob'}, text));
    assert.equal(parley.pending.length, 3);
    parley.connect();
    await settle();
    server.last.open();
    assert.deepEqual((await Promise.all(sent)).map((ack) => ack.offset), [1, 2, 3]);
    assert.deepEqual(seen.messages.map((m) => m.msg), ['a', 'b', 'c']);
    assert.equal(parley.pending.length, 0);
  });

  it('repeats the same cid over connections until it is answered', async () => {
    server.answers.send = () => SILENCE;
    const {parley, seen} = await online();
    const sent = parley.send({user: 'bob'}, 'hi');
    await settle();
    server.last.end(1006);
    server.answers.send = () => ({...stored(1), duplicate: true});
    await clock(1000);
    server.last.open();
    assert.equal((await sent).duplicate, true);
    const cids = server.requests('send').map((r) => r.data.cid);
    assert.equal(cids.length, 2);
    assert.equal(cids[0], cids[1]);
    assert.deepEqual(offsets(seen), [1]);
  });

  it('takes a synced message with its own cid as the answer', async () => {
    server.answers.send = () => SILENCE;
    const {parley, seen} = await online();
    const sent = parley.send({user: 'bob'}, 'hi', {cid: 'c-9'});
    await settle();
    server.last.end(1006);
    server.answers.sync = () => ({conversations: [page([message(1, {from: 'alice', cid: 'c-9'})])], more: false});
    await clock(1000);
    server.last.open();
    assert.equal((await sent).offset, 1);
    assert.equal(server.requests('send').length, 1);
    assert.deepEqual(offsets(seen), [1]);
  });

  it('without an answer in time takes the connection for dead', async () => {
    server.answers.send = () => SILENCE;
    const {parley} = await online();
    parley.send({user: 'bob'}, 'hi');
    await clock(15_000);
    assert.equal(parley.state.state, 'waiting');
    assert.equal(parley.pending.length, 1);
  });

  it('waits as a retryable refusal says, and sends nothing of the same target before', async () => {
    let calls = 0;
    server.answers.send = () => (++calls === 1 ? new Refusal(1105, {retryAfterMs: 3000}) : stored(calls - 1));
    const {parley} = await online();
    const sent = [parley.send({user: 'bob'}, 'a'), parley.send({user: 'bob'}, 'b')];
    await settle();
    await clock(2999);
    assert.equal(server.requests('send').length, 1);
    await clock(1);
    assert.deepEqual((await Promise.all(sent)).map((ack) => ack.offset), [1, 2]);
    assert.deepEqual(server.requests('send').map((r) => r.data.msg), ['a', 'a', 'b']);
  });

  it('rejects what the server refuses for good, and goes on with the next', async () => {
    server.answers.send = ({msg}) => (msg === 'bad' ? new Refusal(1109, {reason: 'blocked'}) : stored(1));
    const {parley, seen} = await online();
    const bad = parley.send({user: 'bob'}, 'bad');
    const good = parley.send({user: 'bob'}, 'good');
    await assert.rejects(bad, {code: 1109, message: 'blocked'});
    assert.equal((await good).offset, 1);
    assert.equal(seen.failed.length, 1);
  });

  it('is bounded', async () => {
    const {parley} = client({outboxLimit: 2});
    parley.send({user: 'bob'}, 'a');
    parley.send({user: 'bob'}, 'b');
    await assert.rejects(parley.send({user: 'bob'}, 'c'), {kind: 'full'});
  });

  it('does not repeat the frame that closed the connection as too big', async () => {
    server.answers.send = () => SILENCE;
    const {parley} = await online();
    const sent = parley.send({user: 'bob'}, 'x'.repeat(1000));
    await settle();
    server.last.end(1009);
    await assert.rejects(sent, {code: 1104});
  });

  it('refuses a body over the limit without sending it', async () => {
    server.answers.login = () => ({session: 's', user: 'alice', heartbeatSeconds: 30, limits: {maxBodyBytes: 50}});
    const {parley} = await online();
    await assert.rejects(parley.send({user: 'bob'}, 'x'.repeat(60)), {code: 1104});
    assert.equal(server.requests('send').length, 0);
  });

  it('an own message beyond a hole waits for the hole', async () => {
    server.answers.send = () => stored(3);
    server.answers.history = () => page([message(1), message(2)], {head: 3});
    const {parley, seen} = await online();
    await parley.send({user: 'bob'}, 'mine');
    await clock(100);
    assert.deepEqual(seen.messages.map((m) => m.msg), ['text 1', 'text 2', 'mine']);
  });
});

describe('connection', () => {
  it('backs off with full jitter, doubling to the cap', async () => {
    const {parley, seen} = client({backoff: {baseMs: 1000, capMs: 5000}});
    parley.connect();
    await settle();
    const delays = [];
    for (let i = 0; i < 5; i++) {
      server.last.end(1006);
      delays.push(parley.state.retryAt - Date.now());
      await clock(delays.at(-1));
    }
    assert.deepEqual(delays, [1000, 2000, 4000, 5000, 5000]);
    assert.equal(seen.states.at(-1).state, 'connecting');
  });

  it('spreads attempts down to zero', async () => {
    const {parley} = await online({random: () => 0.25});
    server.last.end(4000);
    assert.equal(parley.state.retryAt - Date.now(), 250);
  });

  it('a login that does not last does not reset the backoff', async () => {
    const {parley} = await online();
    server.last.end(4001);
    await clock(1000);
    server.last.open();
    await settle();
    server.last.end(4001);
    assert.equal(parley.state.retryAt - Date.now(), 2000);
  });

  it('keeps the floor that a drain push gave', async () => {
    const {parley} = await online({random: () => 0});
    server.last.push('drain', {afterMs: 8000});
    server.last.end(4000);
    assert.equal(parley.state.retryAt - Date.now(), 8000);
    parley.wake();
    assert.equal(parley.state.state, 'waiting');
    await clock(8000);
    assert.equal(server.sockets.length, 2);
  });

  it('goes where a drain push says, for one attempt, and then home', async () => {
    const {parley} = await online({random: () => 0});
    const home = server.last.url;
    server.last.push('drain', {afterMs: 8000, gateway: 'wss://other.example/acc'});
    assert.equal(server.sockets.length, 1);
    server.last.end(4000);
    await clock(0);
    assert.equal(server.last.url, 'wss://other.example/acc');
    server.last.open();
    await settle();
    assert.equal(parley.state.state, 'online');
    server.last.end(1006);
    await clock(0);
    assert.equal(server.last.url, home);
  });

  it('does not wait long for a node that it was sent to in vain', async () => {
    await online({random: () => 0});
    const home = server.last.url;
    server.last.push('drain', {afterMs: 0, gateway: 'ws://10.0.0.1:8089/acc'});
    server.last.end(4000);
    await clock(0);
    assert.equal(server.last.url, 'ws://10.0.0.1:8089/acc');
    await clock(4999);
    assert.equal(server.sockets.length, 2);
    await clock(1);
    assert.equal(server.last.url, home);
  });

  for (const [what, gateway, options] of [
    ['out of TLS', 'ws://other.example/acc', {url: 'wss://here/acc'}],
    ['to what is no WebSocket', 'https://other.example/acc', {}],
    ['to an address with a password', 'wss://alice:secret@other.example/acc', {}],
    ['to what is no address', 'other', {}],
    ['to what is no text', {toString: 1}, {}],
    ['when it is not to', 'wss://other.example/acc', {followGateways: false}],
  ]) {
    it(`is not sent ${what}`, async () => {
      const {parley} = await online({random: () => 0, ...options});
      const home = server.last.url;
      server.last.push('drain', {afterMs: 3000, gateway});
      server.last.end(4000);
      assert.equal(parley.state.retryAt - Date.now(), 3000);
      await clock(3000);
      assert.equal(server.sockets.length, 2);
      assert.equal(server.last.url, home);
    });
  }

  it('the network coming back ends the wait', async () => {
    const {parley} = await online();
    server.last.end(1006);
    parley.wake();
    await settle();
    assert.equal(server.sockets.length, 2);
    assert.equal(parley.state.state, 'connecting');
  });

  for (const code of [1001, 1006, 1011, 1012, 4000, 4001, 4002, 4003, 4499]) {
    it(`comes back after ${code}`, async () => {
      const {parley} = await online();
      server.last.end(code);
      await clock(1000);
      assert.equal(parley.state.state, 'connecting');
    });
  }

  for (const code of [4500, 4501, 4502, 4503, 4504, 4999]) {
    it(`stays away after ${code} and says why`, async () => {
      const {parley} = await online();
      server.last.end(code, 'because');
      assert.deepEqual(parley.state, {state: 'stopped', code, reason: 'because'});
      await clock(600_000);
      assert.equal(server.sockets.length, 1);
    });
  }

  it('a kick counts although its close frame is lost', async () => {
    const {parley} = await online();
    server.last.push('kick', {reason: 'replaced by another login', code: 4500});
    server.last.end(1006);
    assert.deepEqual(parley.state, {state: 'stopped', code: 4500, reason: 'replaced by another login'});
  });

  it('a token that ended is replaced by a new one', async () => {
    let n = 0;
    const {parley} = await online({getToken: () => `token ${++n}`});
    server.last.end(4503);
    await clock(1000);
    server.last.open();
    await settle();
    assert.equal(parley.state.state, 'online');
    assert.equal(server.requests('login').at(-1).data.serviceToken, 'token 2');
  });

  it('refreshes the token on the live socket before it ends', async () => {
    let n = 0;
    server.answers.login = () => ({session: 's', user: 'alice', heartbeatSeconds: 3600, tokenExpiresIn: 600});
    server.answers.refresh = () => ({tokenExpiresIn: 600});
    await online({getToken: () => `token ${++n}`});
    await clock(539_999);
    assert.equal(server.requests('refresh').length, 0);
    await clock(1);
    assert.equal(server.requests('refresh')[0].data.serviceToken, 'token 2');
    await clock(540_000);
    assert.equal(server.requests('refresh')[1].data.serviceToken, 'token 3');
  });

  it('takes a socket that does not answer a heartbeat for dead', async () => {
    const {parley} = await online();
    server.answers.heartbeat = () => SILENCE;
    await clock(30_000);
    await clock(9999);
    assert.equal(parley.state.state, 'online');
    await clock(1);
    assert.equal(parley.state.state, 'waiting');
    assert.ok(server.last.closedByClient);
  });

  it('closed by the user stays closed', async () => {
    const {parley} = await online();
    parley.close();
    await clock(600_000);
    assert.equal(server.sockets.length, 1);
    assert.equal(parley.state.state, 'offline');
  });
});

describe('marks and watches', () => {
  it('acknowledges delivery once for many messages', async () => {
    await online();
    for (let offset = 1; offset <= 20; offset++) server.last.push('msg', message(offset));
    await clock(200);
    assert.deepEqual(server.requests('ack').map((r) => r.data), [{conversation: CONVERSATION, delivered: 20}]);
  });

  it('keeps a mark that could not be sent for the next connection', async () => {
    const {parley} = await online();
    server.last.push('msg', message(1));
    server.last.end(1006);
    parley.markRead(CONVERSATION, 1);
    await clock(1000);
    server.last.open();
    await settle();
    assert.deepEqual(server.requests('ack').map((r) => r.data), [{conversation: CONVERSATION, delivered: 1, read: 1}]);
  });

  it('watches again after a reconnect, and tells the snapshot as presence', async () => {
    server.answers.watch = ({users}) => ({users: users.map((user) => ({user, online: true, platforms: ['web']}))});
    const {parley} = await online();
    const told = [];
    parley.on('presence', (presence) => told.push(presence.user));
    await parley.watch(['bob']);
    await parley.watch(['carol']);
    server.last.end(1006);
    await clock(1000);
    server.last.open();
    await settle();
    assert.deepEqual(server.requests('watch').at(-1).data, {users: ['bob', 'carol']});
    assert.deepEqual(told, ['bob', 'bob', 'carol', 'bob', 'carol']);
  });
});

describe('ids', () => {
  it('of conversations are escaped, sorted and reversible', () => {
    assert.equal(directConversation('zoe', 'a:b%'), 'direct:a%3Ab%25:zoe');
    assert.deepEqual(targetOf('direct:a%3Ab%25:zoe', 'zoe'), {user: 'a:b%'});
    assert.deepEqual(targetOf('direct:a%3Ab%25:zoe', 'a:b%'), {user: 'zoe'});
    assert.deepEqual(targetOf(roomConversation('x.y-z'), 'zoe'), {room: 'x.y-z'});
    assert.deepEqual(targetOf(directConversation('zoe', 'zoe'), 'zoe'), {user: 'zoe'});
  });

  it('of messages do not repeat', () => {
    const {parley} = client();
    assert.equal(new Set(Array.from({length: 1000}, () => parley.newCid())).size, 1000);
  });
});
