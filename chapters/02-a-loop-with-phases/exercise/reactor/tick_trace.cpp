#include "reactor/tick_trace.h"

#include <algorithm>
#include <charconv>
#include <ostream>
#include <stdexcept>

namespace rp {
namespace {

[[noreturn]] void refuse(const char* field, std::string_view text) {
  throw std::invalid_argument("trace: bad " + std::string(field) + " \"" +
                              std::string(text) + "\"");
}

// Takes the field before the next space off the front of `rest`; a field
// that follows nothing is empty, and so is refused.
std::string_view take_word(std::string_view& rest, const char* field) {
  const std::string_view word = rest.substr(0, rest.find(' '));
  if (word.empty()) refuse(field, word);
  rest.remove_prefix(std::min(word.size() + 1, rest.size()));
  return word;
}

template <class Number>
Number take_number(std::string_view& rest, const char* field) {
  const std::string_view word = take_word(rest, field);
  Number number{};
  const char* end = word.data() + word.size();
  const auto [stop, error] = std::from_chars(word.data(), end, number);
  if (error != std::errc{} || stop != end) refuse(field, word);
  return number;
}

std::chrono::microseconds take_time(std::string_view& rest, const char* field) {
  using std::chrono::microseconds;
  return microseconds{take_number<microseconds::rep>(rest, field)};
}

}  // namespace

std::string to_string(const TraceEvent& event) {
  std::string line = std::to_string(event.time.count());
  line.append(" ").append(std::to_string(event.tick));
  line.append(" ").append(event.phase);
  line.append(" ").append(event.lane);
  line.append(" ").append(event.what);
  line.append(" ").append(std::to_string(event.id));
  line.append(" ").append(std::to_string(event.length.count()));
  return line;
}

TraceEvent parse_trace_event(std::string_view line) {
  TraceEvent event;
  // Exercise 2.3: take the seven fields off the front of `line`, in the order
  // in which to_string() writes them, and refuse what is left as the "end". A
  // space behind the last field is refused too, as " ".
  event.tick = take_number<std::uint64_t>(line, "tick");
  event.phase = take_word(line, "phase");
  event.time = take_time(line, "time");
  return event;
}

TickTrace TickTrace::to(std::ostream& out) {
  return TickTrace(
      [&out](const TraceEvent& event) { out << to_string(event) << '\n'; });
}

}  // namespace rp
