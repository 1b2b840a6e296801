#include <chrono>
#include <utility>

#include "rpc/wire/json_parser.h"
#include "rpc/wire/json_writer.h"
#include "tests/support/sim_client.h"

namespace rp {
namespace {

// Deadlines, the wait for one's turn and bad weather; what takes longer hangs.
constexpr Duration kLongestWait = std::chrono::seconds(20);

}  // namespace

void SimClient::on_data(std::string_view bytes) {
  line_ += bytes;
  std::size_t begin = 0;
  for (std::size_t end; (end = line_.find('\n', begin)) != line_.npos;) {
    read(std::string_view(line_).substr(begin, end - begin));
    begin = end + 1;
  }
  line_.erase(0, begin);
}

void SimClient::read(std::string_view line) {
  Arena arena;
  const Parsed parsed = parse_json(line, arena);
  if (!parsed) return fail("was sent no JSON: " + std::string(line));
  if (parsed.value.is_array()) return read_batch(parsed.value);
  const Message message = read_message(parsed.value);
  if (const auto* question = std::get_if<Request>(&message)) {
    return answer(*question);
  }
  const auto* response = std::get_if<Response>(&message);
  if (response == nullptr) {
    return fail("was sent no message: " + std::string(line));
  }
  if (response->id.is_null()) return read_refusal(*response);
  const Pending pending = take_pending(*response);
  if (pending.batch != 0) fail("was answered " + pending.id + " out of batch");
}

void SimClient::read_batch(const Value& answers) {
  std::uint64_t batch = 0;
  for (const Value& item : answers.items()) {
    const Message message = read_message(item);
    const auto* response = std::get_if<Response>(&message);
    if (response == nullptr) return fail("was sent " + to_json(item));
    if (response->id.is_null()) continue;
    const Pending pending = take_pending(*response);
    if (batch != 0 && pending.batch != batch) fail("got two batches in one");
    batch = pending.batch;
  }
  const auto expected = batches_.find(batch);
  if (expected == batches_.end()) return fail("got an array for no batch");
  if (expected->second != answers.size()) {
    fail("got " + std::to_string(answers.size()) + " answers to a batch of " +
         std::to_string(expected->second));
  }
  batches_.erase(expected);
}

SimClient::Pending SimClient::take_pending(const Response& response) {
  const auto found = pending_.find(to_json(response.id));
  if (found == pending_.end()) {
    fail("was answered " + to_json(response.id) +
         " twice, or has not asked that");
    return {};
  }
  Pending pending = std::move(found->second);
  pending_.erase(found);
  judge(pending, response);
  return pending;
}

void SimClient::judge(const Pending& pending, const Response& response) {
  const int code = response.ok ? 0 : to_error(response.error).code;
  const std::string what = std::string(pending.method->name) + " " + pending.id;
  ledger_.happened(number_, "is answered " + what + ": " +
                                (code == 0 ? "a value" : std::to_string(code)));
  ++ledger_.report.answers[code];
  const Duration waited = network().now() - pending.sent;
  if (waited > kLongestWait) {
    fail("waited " + in_seconds(waited) + " for the answer to " + what);
  }
  if (!response.ok) {
    if (!allows(*pending.method, code)) {
      fail("was answered " + what + " with " + to_json(response.error));
    }
  } else if (!pending.method->value) {
    fail("was answered " + what + " with a value, " + to_json(response.result));
  } else if (to_json(response.result) != pending.params) {
    fail("was answered " + what + " with " + to_json(response.result) +
         " for " + pending.params);
  } else if (pending.method->ordered && pending.batch == 0) {
    // A batch waits for its last member.
    if (pending.number < last_ordered_) fail("was answered " + what + " late");
    last_ordered_ = pending.number;
  }
}

bool SimClient::allows(const SimMethod& method, int code) const {
  if (code == method.error) return true;
  if (code == kDeadlinePassed) return method.pooled || method.expires;
  if (code == kOverloaded) return method.pooled || asked_;
  return code == kShuttingDown && ledger_.draining;
}

void SimClient::read_refusal(const Response& response) {
  const int code = response.ok ? 0 : to_error(response.error).code;
  if (refusals_[code] == 0) return fail("was refused without a reason");
  --refusals_[code];
}

// A question of the server's; some are never answered.
void SimClient::answer(const Request& question) {
  SimRandom& random = ledger_.random();
  asked_ = true;
  if (random.chance(200)) return;
  std::string json = R"({"jsonrpc":"2.0","id":)" + to_json(question.id) +
                     R"(,"result":)" + to_json(question.params) + "}\n";
  answers_.push_back(network().after(ledger_.any_time(std::chrono::seconds(3)),
                                     [this, json] { say_late(json); }));
}

// Behind a line without an end it would be a part of that line.
void SimClient::say_late(const std::string& answer) {
  const bool begun =
      leaving_ == Leaving::unfinished || leaving_ == Leaving::too_long;
  if (!left_ || !begun) send(answer);
}

}  // namespace rp
