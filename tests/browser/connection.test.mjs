// The connection of the page, over sockets that only take notes.
import assert from 'node:assert/strict';
import {beforeEach, mock, test} from 'node:test';

import {Connection, RpcError} from '../../examples/dashboard/connection.js';

/// As a browser's, but opened, fed and closed by the test.
class Socket {
  static OPEN = 1;
  readyState = 0;
  sent = [];

  constructor() { sockets.push(this); }
  send(text) { this.sent.push(JSON.parse(text)); }
  take(message) { this.onmessage({data: JSON.stringify(message)}); }
  open() {
    this.readyState = Socket.OPEN;
    this.onopen();
  }
  close(code = 1005) {
    this.readyState = 3;
    this.onclose({code});
  }
}

let sockets = [], states = [], timers = [], server = null;
globalThis.WebSocket = Socket;
mock.method(globalThis, 'setTimeout', (task) => timers.push(task));
mock.method(globalThis, 'clearTimeout', () => { timers = []; });

beforeEach(() => {
  sockets = [];
  states = [];
  timers = [];
  server = new Connection('ws://there/rpc', (state) => states.push(state));
  server.open();
});

const last = (list) => list.at(-1);
const again = () => timers.shift()();
const opened = () => {
  last(sockets).open();
  return last(sockets);
};

test('an answer goes to the call that has its id', async () => {
  const socket = opened();
  const one = server.call('add', [1]), two = server.call('add', [2]);
  const [first, second] = socket.sent;
  assert.deepEqual(first, {jsonrpc: '2.0', method: 'add', params: [1], id: 1});
  socket.take({id: second.id, result: 'two'});
  socket.take({id: first.id, result: 'one'});
  socket.take({id: first.id, result: 'one again'});
  assert.deepEqual(await Promise.all([one, two]), ['one', 'two']);
});

test('an error is told with its code and its data', async () => {
  const socket = opened(), call = server.call('crash');
  socket.take({id: 1, error: {code: -32003, message: 'gone', data: [7]}});
  await assert.rejects(call, (error) => error instanceof RpcError &&
      error.code === -32003 && error.message === 'gone' && error.data[0] === 7);
});

test('without a connection no call is made', async () => {
  await assert.rejects(server.call('add'), /not connected/);
  assert.deepEqual(sockets[0].sent, []);
});

test('what the server asks is refused, what it tells is not', () => {
  const socket = opened();
  socket.take({method: 'ask', id: 5});
  socket.take({method: 'tell'});
  assert.deepEqual(socket.sent.map(({id, error}) => [id, error.code]),
                   [[5, -32601]]);
});

test('what the server asks is no answer to a call of its id', async () => {
  const socket = opened(), call = server.call('echo');
  socket.take({method: 'ask', id: 1});
  socket.take({id: 1, result: 'mine'});
  assert.equal(await call, 'mine');
});

test('calls fail with the connection, and are not answered by the next',
     async () => {
  const call = server.call.bind(server);
  opened();
  const lost = call('sleep');
  last(sockets).close(1006);
  await assert.rejects(lost, /the connection was lost/);
});

test('after a loss it is tried again, each time later', () => {
  for (const attempt of [1, 2, 3]) {
    last(sockets).close(1006);
    assert.equal(last(states).attempt, attempt);
    assert.equal(timers.length, 1);
    again();
  }
  const pauses = states.filter(({state}) => state === 'lost')
      .map(({pause}) => 1 + Math.ceil(Math.log2(pause / 500)));
  assert.deepEqual(pauses, [1, 2, 3]);
});

test('a connection that has been open is tried again soon', () => {
  last(sockets).close(1006);
  again();
  last(sockets).close(1006);
  again();
  opened().close(1006);
  assert.equal(last(states).attempt, 1);
});

test('that the server ends is said until it is back', () => {
  opened().close(1001);
  assert.equal(last(states).left, true);
  again();
  last(sockets).close(1006);
  assert.equal(last(states).left, true, 'it is not back yet');
  again();
  opened().close(1006);
  assert.equal(last(states).left, false, 'the new one has said nothing');
});

test('once closed it stays closed, and its calls fail', async () => {
  opened();
  const call = server.call('sleep');
  server.close();
  await assert.rejects(call, /the connection was lost/);
  assert.deepEqual(timers, []);
  assert.notEqual(last(states).state, 'lost');
  assert.equal(server.isOpen, false);
});
