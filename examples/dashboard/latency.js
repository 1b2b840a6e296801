// Pings: a small request every 50 ms, and how long each waited. What they
// wait, every client waits.

const kEvery = 50;          // milliseconds
const kMostUnanswered = 60; // a server that says nothing is not asked for ever
const kKept = 30_000;       // milliseconds

export class Pings {
  samples = [];  // {sent, back: milliseconds, or null until it is answered}
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
    } catch {
      this.samples = this.samples.filter((other) => other !== sample);
    }
  }

  #unanswered() {
    return this.samples.filter((sample) => sample.back === null);
  }

  /// How long the oldest ping without an answer has waited; 0: there is none.
  silence() {
    const oldest = this.#unanswered()[0];
    return oldest ? this.#clock() - oldest.sent : 0;
  }

  /// The longest wait of those that waited at any time from `from` to `to`.
  worst(from, to) {
    const now = this.#clock();
    return Math.max(0, ...this.samples
        .filter(({sent, back}) => sent < to && (back ?? now) > from)
        .map(({sent, back}) => (back ?? now) - sent));
  }

  /// Of those answered in the last `ms`: how long the given shares waited.
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
