/** prim's chat page, anew: the same requests and answers, in its `cmd` dialect. Text of others is only ever text. */

const APPS = [101, 102, 103, 104];
const HEARTBEAT_MS = 30_000;
const RETRY_MS = {base: 1000, cap: 30_000};
const LOG_LIMIT = 500;
// Together at most five characters of three bytes and two digits: 17 bytes, and prim takes 19.
const FIRST = ['李', '王', '张', '刘', '陈', '杨', '赵', '周', '吴', '徐', '孙', '林', '何', '郭', '沈', '苏'];
const SECOND = ['小明', '子涵', '思远', '雨桐', '清风', '明月', '若兰', '云舟', '一诺', '长安', '听雪', '知秋', '望舒', '星河', '青山', '南歌'];

const $ = (id) => document.getElementById(id);
const asked = Number(new URLSearchParams(location.search).get('appID'));
const app = APPS.includes(asked) ? asked : APPS[0];
const pick = (list) => list[Math.floor(Math.random() * list.length)];
const me = `${pick(FIRST)}${pick(SECOND)}${Math.floor(Math.random() * 90) + 10}`;
const users = new Set();
let socket;
let heartbeat;
let attempt = 0;

const seq = () => `${Date.now()}-${String(Math.floor(Math.random() * 1e6)).padStart(6, '0')}`;
const request = (cmd, data) => socket.send(JSON.stringify({seq: seq(), cmd, data}));

function element(tag, className, text) {
  return Object.assign(document.createElement(tag), {className, textContent: text});
}

function show(entry) {
  const log = $('log');
  const end = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
  log.append(entry);
  while (log.childElementCount > LOG_LIMIT) log.firstChild.remove();
  if (end) log.scrollTop = log.scrollHeight;
}

function showMessage(from, text, mine) {
  const entry = element('div', mine ? 'entry mine' : 'entry', '');
  entry.append(element('b', '', from), element('span', '', text));
  show(entry);
}

function renderUsers() {
  $('users').replaceChildren(...[...users].map((user) => element('li', '', user === me ? `${user} (自己)` : user)));
  $('count').textContent = String(users.size);
}

async function listUsers() {
  try {
    const answer = await (await fetch(`/user/list?appID=${app}`)).json();
    if (answer.code !== 200) return;
    users.clear();
    for (const user of [...answer.data.userList, me]) users.add(user);
    renderUsers();
  } catch {
    // The list comes with the next connection.
  }
}

function receive(text) {
  let frame;
  try {
    frame = JSON.parse(text);
  } catch {
    // prim answers what is no JSON with a sentence.
    return;
  }
  const {cmd, response} = frame;
  if (cmd === 'login') {
    loggedIn(response);
    return;
  }
  const {from, msg} = response?.data ?? {};
  if (cmd === 'msg') {
    showMessage(from, msg, false);
  } else if (cmd === 'enter') {
    users.add(from);
    renderUsers();
    show(element('div', 'note', `${from} ${msg}`));
  } else if (cmd === 'exit') {
    users.delete(from);
    renderUsers();
    show(element('div', 'note', `${from} ${msg}`));
  }
}

function loggedIn({code, codeMsg}) {
  if (code !== 200) {
    $('state').textContent = `登录失败: ${codeMsg} (${code})`;
    return;
  }
  attempt = 0;
  $('state').textContent = `已连接: ${me}`;
  listUsers();
}

function connect() {
  $('state').textContent = '连接中…';
  socket = new WebSocket(`${location.protocol === 'https:' ? 'wss:' : 'ws:'}//${location.host}/acc`);
  socket.onopen = () => {
    request('login', {userID: me, appID: app});
    heartbeat = setInterval(() => request('heartbeat', {}), HEARTBEAT_MS);
  };
  socket.onmessage = (event) => receive(event.data);
  socket.onclose = () => {
    clearInterval(heartbeat);
    const delay = Math.random() * Math.min(RETRY_MS.cap, RETRY_MS.base * 2 ** attempt++);
    $('state').textContent = `连接已断开，${Math.ceil(delay / 1000)} 秒后重连`;
    setTimeout(connect, delay);
  };
}

async function send(text) {
  const body = new URLSearchParams({appID: app, userID: me, msgID: seq(), message: text});
  try {
    const response = await fetch('/user/sendMessageAll', {method: 'POST', body});
    const answer = await response.json();
    if (!response.ok || answer.code !== 200) throw new Error(answer.msg);
    showMessage(me, text, true);
  } catch (error) {
    show(element('div', 'note', `发送失败: ${error.message}`));
    $('text').value ||= text;
  }
}

for (const room of APPS) {
  const link = Object.assign(element('a', '', `房间 ${room}`), {href: `/home/index?appID=${room}`});
  if (room === app) link.setAttribute('aria-current', 'page');
  $('rooms').append(link);
}
$('form').addEventListener('submit', (event) => {
  event.preventDefault();
  const text = $('text').value.trim();
  $('text').value = '';
  if (text !== '') send(text);
});
// A browser may keep a page that was left, with its socket: the others shall see at once that it is gone.
addEventListener('pagehide', () => socket.close());
connect();
