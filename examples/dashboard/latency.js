// Pings: a small request every 50 ms, and how long each waited. What they
// wait, every client waits. The quickest of the last ones tells how long they
// are on the way: that much nobody waited for the loop.

const kEvery = 50;          // milliseconds
const kMostUnanswered = 60; // a server that says nothing is not asked for ever
const kKept = 30_000;       // milliseconds
const kCompared = 200;      // pings of which the quickest is the network's time

export class Pings {
  samples = [];  // {sent, back: milliseconds, or null until it is answered}
  onTheWay = 0;  // milliseconds to the server and back
  #server; #timer = 0; #clock;

  constructor(server, clock = () => performance.now()) {
    this.#server = server;
    this.#clock = clock;
  }

  start() {
    this.stop();
    this.#timer = setInterval(() => this.send(), kEvery);
  }

  stop() {
    clearInterval(this.#timer);
    this.samples = this.samples.filter((sample) => sample.back !== null);
  }

  async send() {
    const now = this.#clock();
    if (this.#unanswered().length >= kMostUnanswered) return;
    while (this.samples.length > 0 && this.samples[0].sent < now - kKept) {
      this.samples.shift();
    }
    const sample = {sent: now, back: null};
    this.samples.push(sample);
    try {
      await this.#server.call('echo', []);
      sample.back = this.#clock();
      this.#compare();
    } catch {
      this.samples = this.samples.filter((other) => other !== sample);
    }
  }

  #compare() {
    const last = this.samples.filter(({back}) => back !== null)
        .slice(-kCompared);
    this.onTheWay = Math.min(...last.map(({sent, back}) => back - sent));
  }

  #unanswered() {
    return this.samples.filter((sample) => sample.back === null);
  }

  /// How long a ping has waited, besides the time it is on the way.
  wait({sent, back}) {
    return Math.max(0, (back ?? this.#clock()) - sent - this.onTheWay);
  }

  /// How long the oldest ping without an answer has waited; 0: there is none.
  silence() {
    const oldest = this.#unanswered()[0];
    return oldest ? this.wait(oldest) : 0;
  }

  /// All that were sent before this moment have been answered.
  answeredUntil() {
    return this.#unanswered()[0]?.sent ?? this.#clock();
  }

  /// The longest wait of those that waited at any time from `from` to `to`.
  worst(from, to) {
    const now = this.#clock();
    return Math.max(0, ...this.samples
        .filter(({sent, back}) => sent < to && (back ?? now) > from)
        .map((sample) => this.wait(sample)));
  }

  /// Of those answered in the last `ms`: in what time the given shares came
  /// back, the way included.
  percentiles(ms, shares) {
    const from = this.#clock() - ms;
    const waits = this.samples
        .filter(({back}) => back !== null && back >= from)
        .map(({sent, back}) => back - sent);
    return percentiles(waits, shares);
  }
}

/// The values that the given shares of `numbers` do not exceed; null of none.
export function percentiles(numbers, shares) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return shares.map((share) => {
    if (sorted.length === 0) return null;
    const rank = Math.ceil(share * sorted.length);
    return sorted[Math.min(sorted.length, Math.max(1, rank)) - 1];
  });
}
