// Node's ws against our programs. Usage: node_peer.js echo URL | rpc URL |
// serve. Needs the module ws. Prints "ok", or throws.
'use strict';
const assert = require('assert');
const WebSocket = require('ws');

function next(socket, event) {
  return new Promise((resolve, reject) => {
    socket.once(event, (...values) => resolve(values));
    socket.once('error', reject);
  });
}

async function open(url) {
  const socket = new WebSocket(url);
  await next(socket, 'open');
  return socket;
}

async function echo(url) {
  const socket = await open(url + '/any/path');
  for (const text of ['', 'hello', 'größer € 😀', 'x'.repeat(200000)]) {
    socket.send(text);
    const [data, binary] = await next(socket, 'message');
    assert.equal(data.toString(), text);
    assert.equal(binary, false);
  }
  const bytes = Buffer.from(Array.from({length: 70000}, (_, i) => i % 256));
  socket.send(bytes);
  const [data, binary] = await next(socket, 'message');
  assert.ok(bytes.equals(data) && binary);

  socket.send('frag', {fin: false});
  socket.ping('between');
  socket.send('ments', {fin: true});
  const [[payload], [whole]] =
      await Promise.all([next(socket, 'pong'), next(socket, 'message')]);
  assert.equal(payload.toString(), 'between');
  assert.equal(whole.toString(), 'fragments');

  socket.close(4001, 'enough');
  assert.equal((await next(socket, 'close'))[0], 4001);
}

async function rpc(url) {
  const socket = await open(url + '/rpc');
  socket.send('{"jsonrpc":"2.0","id":"a","method":"ask_back"}');
  const [question] = await next(socket, 'message');
  const asked = JSON.parse(question);
  assert.equal(asked.method, 'your_name');
  socket.send(JSON.stringify({jsonrpc: '2.0', id: asked.id, result: 'node'}));
  const [answer] = await next(socket, 'message');
  assert.deepEqual(JSON.parse(answer),
                   {jsonrpc: '2.0', id: 'a', result: 'hello, node'});
  const foreign = new WebSocket(url + '/rpc', {origin: 'http://evil.example'});
  const [error] = await new Promise(
      (resolve) => foreign.once('error', (...values) => resolve(values)));
  assert.match(error.message, /403/);
  socket.close();
  await next(socket, 'close');
}

// A server whose method "add" adds, until its input ends.
function serve() {
  const server = new WebSocket.Server({host: '127.0.0.1', port: 0}, () => {
    console.log(`ws://127.0.0.1:${server.address().port}/`);
  });
  server.on('connection', (socket) => socket.on('message', (data) => {
    const {id, params} = JSON.parse(data);
    socket.ping();
    const result = params[0] + params[1];
    socket.send(JSON.stringify({jsonrpc: '2.0', id, result}));
  }));
  process.stdin.on('end', () => process.exit(0)).resume();
}

const [, , what, url] = process.argv;
if (what === 'serve') serve();
else ({echo, rpc})[what](url).then(() => console.log('ok'));
process.on('unhandledRejection', (error) => { throw error; });
