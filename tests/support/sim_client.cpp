#include "tests/support/sim_client.h"

#include <chrono>
#include <iterator>
#include <utility>

namespace rp {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kPatience = seconds(150);
constexpr std::uint64_t kLargest = SimClient::kLongestLine - 200;

const SimMethod kMethods[] = {
    {.name = "echo", .share = 30, .value = true},
    {.name = "fail", .share = 5, .value = false, .error = kHandlerFailed},
    {.name = "nosuch", .share = 3, .value = false, .error = kMethodNotFound},
    {.name = "later", .share = 10, .value = true, .expires = true},
    {.name = "ask",
     .share = 8,
     .value = true,
     .error = kWorkerLost,
     .expires = true},
    {.name = "quick", .share = 30, .value = true, .pooled = true},
    {.name = "slow", .share = 6, .value = true, .pooled = true},
    {.name = "ordered",
     .share = 10,
     .value = true,
     .pooled = true,
     .ordered = true},
    {.name = "throws",
     .share = 5,
     .value = false,
     .pooled = true,
     .error = kHandlerFailed},
    {.name = "hangs", .share = 3, .value = false, .pooled = true},
};

const SimMethod& any_method(SimRandom& random) {
  unsigned shares = 0;
  for (const SimMethod& method : kMethods) shares += method.share;
  std::uint64_t chosen = random.below(shares);
  for (const SimMethod& method : kMethods) {
    if (chosen < method.share) return method;
    chosen -= method.share;
  }
  return kMethods[0];
}

std::string any_params(SimRandom& random, std::uint64_t number, bool small) {
  const bool large = !small && random.chance(30);
  const std::uint64_t size = random.below(large ? kLargest : 30);
  return "[" + std::to_string(number) + ",\"" + std::string(size, 'x') + "\"]";
}

}  // namespace

SimClient::SimClient(SimLedger& ledger, std::uint64_t number)
    : ledger_(ledger), number_(number) {
  SimRandom& random = ledger.random();
  left_to_say_ = random.between(1, 25);
  const std::uint64_t way = random.below(100);
  if (way >= 60) leaving_ = static_cast<Leaving>((way - 60) / 8 + 1);
  ++ledger.report.clients;
}

SimClient::~SimClient() {
  SimNetwork& events = ledger_.network();
  events.cancel(next_);
  events.cancel(patience_);
  for (const TimerId answer : answers_) events.cancel(answer);
  ledger_.report.lost_by_clients += pending_.size();
}

void SimClient::on_connected() {
  patience_ = network().after(kPatience, [this] { lose_patience(); });
  next_ = network().after(ledger_.any_time(seconds(1)),
                          [this] { say_something(); });
}

// ---- what it says

void SimClient::say_something() {
  SimRandom& random = ledger_.random();
  if (!is_open()) return;
  if (left_to_say_ == 0) return leave();
  --left_to_say_;
  const std::uint64_t what = random.below(100);
  if (what < 70) {
    tell(request(0), "sends");
  } else if (what < 82) {
    tell(batch(), "sends");
  } else if (what < 92) {
    tell(notification(), "sends");
  } else {
    tell(nonsense(), "sends nonsense:");
  }
  const bool bursts = random.chance(400);
  next_ = network().after(bursts ? Duration() : ledger_.any_time(seconds(2)),
                          [this] { say_something(); });
}

void SimClient::tell(const std::string& line, const char* what) {
  constexpr std::size_t kShown = 90;
  ledger_.happened(number_, std::string(what) + " " + line.substr(0, kShown) +
                                (line.size() > kShown ? "..." : ""));
  send(line);
  send("\n");
}

std::string SimClient::request(std::uint64_t batch) {
  SimRandom& random = ledger_.random();
  const std::uint64_t number = ledger_.next_number();
  Pending pending{.method = &any_method(random),
                  .number = number,
                  .id = std::to_string(number),
                  .params = any_params(random, number, batch != 0),
                  .batch = batch,
                  .sent = network().now()};
  if (random.chance(200)) pending.id = "\"n" + pending.id + "\"";
  ++ledger_.report.requests;
  std::string json = R"({"jsonrpc":"2.0","id":)" + pending.id +
                     R"(,"method":")" + std::string(pending.method->name) +
                     R"(","params":)" + pending.params + "}";
  pending_.emplace(pending.id, std::move(pending));
  return json;
}

std::string SimClient::notification() {
  const std::uint64_t number = ledger_.next_number();
  ++ledger_.report.notifications;
  ledger_.notified(number);
  notes_.push_back(number);
  return R"({"jsonrpc":"2.0","method":"note","params":[)" +
         std::to_string(number) + "]}";
}

// The first member is answered under an id, so that the whole is known by it.
std::string SimClient::batch() {
  SimRandom& random = ledger_.random();
  const std::uint64_t number = ledger_.next_number();
  std::size_t answers = 1;
  std::string json = "[" + request(number);
  for (std::uint64_t more = random.below(5); more > 0; --more) {
    const std::uint64_t what = random.below(10);
    answers += what == 0 ? 0 : 1;
    json += "," + (what == 0   ? notification()
                   : what == 1 ? R"({"no":"message"})"
                               : request(number));
  }
  batches_[number] = answers;
  return json + "]";
}

std::string SimClient::nonsense() {
  static constexpr std::pair<const char*, int> kNonsense[] = {
      {R"({"jsonrpc":"2.0","id":)", kParseError},
      {"]", kParseError},
      {"\xff\"", kParseError},
      {"[]", kInvalidRequest},
      {"17", kInvalidRequest},
      {R"({"jsonrpc":"1.0","method":"echo"})", kInvalidRequest}};
  const auto& [text, code] =
      kNonsense[ledger_.random().below(std::size(kNonsense))];
  ++ledger_.report.broken_lines;
  ++refusals_[code];
  return text;
}

void SimClient::leave() {
  static constexpr const char* kHow[] = {"sends no more",
                                         "falls silent",
                                         "breaks off",
                                         "vanishes",
                                         "leaves a line unfinished",
                                         "sends too long a line"};
  left_ = true;
  ledger_.happened(number_, kHow[static_cast<std::size_t>(leaving_)]);
  switch (leaving_) {
    case Leaving::orderly:
      return half_close();
    case Leaving::silent:
      return;
    case Leaving::resets:
      return reset();
    case Leaving::vanishes:
      return vanish();
    case Leaving::unfinished:
      return send(R"({"jsonrpc":"2.0",)");
    case Leaving::too_long:
      ++ledger_.report.broken_lines;
      ++refusals_[kInvalidRequest];
      return send(std::string(
          kLongestLine + 1 + ledger_.random().below(3 * kLongestLine), 'x'));
  }
}

// ---- how it ends

void SimClient::on_end(SimEnd end) {
  const bool reset = end == SimEnd::reset;
  ledger_.happened(number_, reset ? "is cut off" : "is told of the end");
  if (ledger_.draining || leaving_ == Leaving::unfinished) {
    ledger_.report.told_by_the_end += std::exchange(pending_, {}).size();
  } else if (reset) {
    fail("was cut off");
  } else {
    check_nothing_is_owed();
  }
  half_close();
}

void SimClient::check_nothing_is_owed() {
  if (!left_) fail("was sent away while it had more to say");
  if (!pending_.empty()) {
    const Pending& first = pending_.begin()->second;
    fail("never was answered " + std::string(first.method->name) + " " +
         first.id);
  }
  for (const auto& [code, count] : refusals_) {
    if (count != 0) fail("was not told " + std::to_string(code));
  }
  // While the server awaits answers, it may refuse what is new.
  for (const std::uint64_t note : notes_) {
    if (!asked_ && !ledger_.is_noted(note)) {
      fail("sent notification " + std::to_string(note) +
           ", which nobody has handled");
    }
  }
}

void SimClient::lose_patience() {
  if (!is_open()) return;
  if (pending_.empty()) return fail("waits for the end of its connection");
  const Pending& first = pending_.begin()->second;
  fail("waits for the answer to " + std::string(first.method->name) + " " +
       first.id);
}

void SimClient::fail(const std::string& what) const {
  ledger_.fail("client " + std::to_string(number_) + " " + what);
}

}  // namespace rp
