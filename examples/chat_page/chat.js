'use strict';

const link = document.getElementById('link');
const said = document.getElementById('said');
const form = document.getElementById('form');
const words = document.getElementById('words');
const asked = document.getElementById('asked');

const mostLines = 500;
const question = asked.textContent;
let socket = null;
let name = '';  // under which the room knows us
let wanted = '';  // what we have asked it to know us under
let draft = '';   // half written when it asked for a name anew

function show(line) {
  const atEnd = said.scrollHeight - said.scrollTop - said.clientHeight < 40;
  const item = document.createElement('li');
  item.textContent = line;
  if (line.startsWith('* ')) item.className = 'news';
  said.append(item);
  while (said.children.length > mostLines) said.firstChild.remove();
  if (atEnd) said.scrollTop = said.scrollHeight;
}

function label(known) {
  if (known === '' && asked.textContent !== question) {
    draft = words.value;
    words.value = '';
  } else if (known !== '' && draft !== '') {
    words.value = draft;
    draft = '';
  }
  asked.textContent = known || question;
}

function tellName(chosen) {
  wanted = chosen.trim();
  socket.send(wanted);
}

// The room's own words have a star before them. Ours is the first to greet us.
function take(line) {
  if (name === '' && line === '* your name?') {
    if (wanted !== '') tellName(wanted);
    return;
  }
  show(line);
  if (name !== '') return;
  const joined = /^\* (.*) is here, one of \d+$/.exec(line);
  wanted = joined ? joined[1] : '';
  name = wanted;
  label(name);
}

function connect() {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  socket = new WebSocket(`${scheme}://${location.host}/`);
  socket.onopen = () => { link.textContent = 'connected'; };
  socket.onmessage = (event) => take(event.data);
  socket.onclose = (event) => {
    link.textContent = event.reason !== ''
      ? `${event.reason}; trying again …`
      : 'the room is gone; trying again …';
    name = '';
    setTimeout(connect, 1000);
  };
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  if (socket.readyState !== WebSocket.OPEN || words.value === '') return;
  if (name === '' && wanted !== '') return;  // the room is about to answer
  if (name === '') {
    tellName(words.value);
  } else {
    socket.send(words.value);
  }
  words.value = '';
});

connect();
