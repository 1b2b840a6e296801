// JSON-RPC 2.0 over a WebSocket that comes back: after a loss it tries again,
// each time after twice the pause, and says so.

const kFirstPause = 500;  // milliseconds
const kLongestPause = 8000;
const kGoingAway = 1001;  // RFC 6455, section 7.4.1

/// An error that the server answered with.
export class RpcError extends Error {
  constructor({code, message, data}) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

/// Doubles up to its limit; a random quarter less, so that a hundred pages do
/// not knock at a restarted server in the same moment.
export function pauseBefore(attempt, random = Math.random) {
  const pause = Math.min(kLongestPause, kFirstPause * 2 ** (attempt - 1));
  return pause * (1 - random() / 4);
}

///     const server = new Connection('ws://127.0.0.1:7080/rpc', show);
///     server.open();
///     const five = await server.call('add', [2, 3]);
///
/// `onState` hears {state: 'connecting' | 'open' | 'lost', attempt, pause,
/// left: whether the server had said that it ends}.
export class Connection {
  #url; #onState; #socket = null; #timer = 0;
  #attempt = 0; #left = false; #nextId = 1; #waiting = new Map();

  constructor(url, onState) {
    this.#url = url;
    this.#onState = onState;
  }

  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  open() {
    clearTimeout(this.#timer);
    this.#onState({state: 'connecting', attempt: this.#attempt});
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    socket.onopen = () => {
      this.#attempt = 0;
      this.#left = false;
      this.#onState({state: 'open'});
    };
    socket.onmessage = ({data}) => this.#take(JSON.parse(data));
    socket.onclose = ({code}) => {
      if (this.#socket === socket) this.#lose(code);
    };
  }

  /// For good: a recorded trace is watched instead.
  close() {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    this.#failAll();
  }

  /// The result; fails with RpcError when the server answers with an error,
  /// and with Error when the connection is lost before it answers.
  call(method, params = []) {
    if (!this.isOpen) return Promise.reject(new Error('not connected'));
    const id = this.#nextId++;
    this.#send({method, params, id});
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, {resolve, reject});
    });
  }

  #send(message) {
    this.#socket.send(JSON.stringify({jsonrpc: '2.0', ...message}));
  }

  #take(message) {
    if (message.method !== undefined) return this.#refuse(message);
    const call = this.#waiting.get(message.id);
    if (!call) return;
    this.#waiting.delete(message.id);
    if (message.error) call.reject(new RpcError(message.error));
    else call.resolve(message.result);
  }

  // The server may ask, too; this page has nothing to be asked.
  #refuse({id}) {
    if (id === undefined) return;
    this.#send({id, error: {code: -32601, message: 'Method not found'}});
  }

  #lose(code) {
    this.#failAll();
    this.#left ||= code === kGoingAway;
    const pause = pauseBefore(++this.#attempt);
    this.#onState({state: 'lost', attempt: this.#attempt, pause,
                   left: this.#left});
    this.#timer = setTimeout(() => this.open(), pause);
  }

  #failAll() {
    const calls = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const {reject} of calls) reject(new Error('the connection was lost'));
  }
}
