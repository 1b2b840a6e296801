'use strict';

const link = document.getElementById('link');
const refused = document.getElementById('refused');
const list = document.getElementById('uploads');
const items = new Map();

const words = {
  arriving: 'on its way',
  digesting: 'on the disk, being digested',
  done: 'done',
  failed: 'could not be digested',
};

function amount(bytes) {
  if (bytes < 1e3) return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`;
  if (bytes < 999_950) return `${(bytes / 1e3).toFixed(1)} kB`;
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function element(tag, text = '') {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}

// The path, as a person writes it; a long one may be cut within an escape.
function nameOf(upload) {
  const name = upload.sent_as.replace(/^\//, '');
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function makeItem(upload) {
  const item = element('li');
  const title = element('a', nameOf(upload));
  const state = element('span');
  const bar = element('progress');
  const detail = element('code');
  item.append(title, ' ', state, bar, detail);
  return { item, title, state, bar, detail };
}

function show(upload) {
  if (!items.has(upload.name)) items.set(upload.name, makeItem(upload));
  const { item, title, state, bar, detail } = items.get(upload.name);
  const whole = upload.state === 'arriving' ? upload.expected : upload.received;
  const part = upload.state === 'arriving' ? upload.received : upload.digested;
  if (upload.state !== 'arriving') title.href = `/files/${upload.name}`;
  setText(state, `${words[upload.state]}: ${amount(part)}` +
      (whole > part ? ` of ${amount(whole)}` : ''));
  bar.max = Math.max(whole, 1);
  if (whole > 0 || upload.state !== 'arriving') {
    bar.value = upload.state === 'done' ? bar.max : part;
  }
  bar.setAttribute('aria-label', `${nameOf(upload)}, ${words[upload.state]}`);
  setText(detail, upload.sha1 ? `SHA-1 ${upload.sha1}` : upload.error);
  return item;
}

// What has not changed is left alone: somebody may have selected it, or be in
// it with the keyboard.
function setText(part, text) {
  if (part.textContent !== text) part.textContent = text;
}

function showAll(uploads) {
  const names = new Set(uploads.map((upload) => upload.name));
  for (const [name, { item }] of items) {
    if (names.has(name)) continue;
    item.remove();
    items.delete(name);
  }
  uploads.forEach((upload, i) => {
    const item = show(upload);
    if (list.children[i] !== item) list.insertBefore(item, list.children[i]);
  });
}

// The next question waits for the answer: a slow page asks less often.
function connect() {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  const socket = new WebSocket(`${scheme}://${location.host}/rpc`);
  const ask = () => {
    if (socket.readyState !== WebSocket.OPEN) return;
    socket.send(JSON.stringify({ jsonrpc: '2.0', method: 'uploads', id: 1 }));
  };
  socket.onopen = () => {
    link.textContent = 'connected';
    ask();
  };
  socket.onmessage = (event) => {
    showAll(JSON.parse(event.data).result);
    setTimeout(ask, 200);
  };
  socket.onclose = () => {
    link.textContent = 'the server is gone; trying again …';
    setTimeout(connect, 1000);
  };
}

// A proxy may answer with a page of its own.
async function reasonOf(answer) {
  const type = answer.headers.get('Content-Type') ?? '';
  const body = type.startsWith('text/plain') ? await answer.text() : '';
  return body.trim() || `error ${answer.status}`;
}

async function send(file) {
  const path = `/${encodeURIComponent(file.name)}`;
  let reason = 'it was cut off';
  try {
    const answer = await fetch(path, { method: 'PUT', body: file });
    if (answer.ok) return;
    reason = await reasonOf(answer);
  } catch {
    // there was no answer
  }
  refused.append(element('li', `${file.name} was not stored: ${reason}`));
}

document.getElementById('chosen').addEventListener('change', (event) => {
  for (const file of event.target.files) send(file);
  event.target.value = '';
});

connect();
