#include "examples/flags.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <system_error>
#include <utility>

namespace rp {
namespace {

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

std::optional<Duration> unit_named(std::string_view name) {
  using namespace std::chrono_literals;
  if (name == "ms") return 1ms;
  if (name == "s") return 1s;
  if (name == "m") return 1min;
  if (name == "h") return 1h;
  return std::nullopt;
}

std::optional<Duration> parse_duration(std::string_view text) {
  constexpr Duration a_year = std::chrono::hours(24 * 365);
  const auto digits =
      std::min(text.find_first_not_of("0123456789"), text.size());
  const auto count = whole_number(text.substr(0, digits));
  const auto unit = unit_named(text.substr(digits));
  if (!count || !unit || *count > a_year / *unit) return std::nullopt;
  return *count * *unit;
}

std::string join(std::initializer_list<std::string_view> words) {
  std::string all;
  for (const std::string_view word : words) {
    if (!all.empty()) all += " or ";
    all += word;
  }
  return all;
}

// In lines of at most 80 columns; those after the first are set in.
std::string wrapped(std::string text, std::size_t indent) {
  std::size_t begin = 0;
  while (text.size() - begin > 80 - indent) {
    const std::size_t space = text.rfind(' ', begin + 80 - indent);
    if (space == std::string::npos || space < begin) break;
    text.replace(space, 1, "\n" + std::string(indent, ' '));
    begin = space + 1 + indent;
  }
  return text + "\n";
}

}  // namespace

Flags::Flags(std::string program, std::string about)
    : program_(std::move(program)), about_(std::move(about)) {
  toggle("help", "print this");
}

void Flags::option(std::string name, const std::string& value, std::string help,
                   std::string fallback) {
  Flag& flag = flags_.emplace_back();
  flag.shown = "--" + name + " " + value;
  flag.name = std::move(name);
  flag.help = std::move(help);
  flag.fallback = std::move(fallback);
  flag.takes_value = true;
}

void Flags::list(const std::string& name, const std::string& value,
                 std::string help) {
  option(name, value, std::move(help));
  flags_.back().is_list = true;
}

void Flags::toggle(const std::string& name, std::string help) {
  Flag& flag = flags_.emplace_back();
  flag.shown = "--" + name;
  flag.name = name;
  flag.help = std::move(help);
}

void Flags::argument(const std::string& name, std::string help) {
  Flag& flag = flags_.emplace_back();
  flag.shown = name;
  flag.needed = !name.starts_with('[');
  flag.name = flag.needed ? name : name.substr(1, name.size() - 2);
  flag.help = std::move(help);
  flag.is_argument = true;
  flag.takes_value = true;
}

bool Flags::parse(int argc, const char* const* argv) {
  for (Flag& flag : flags_) flag.values.clear();
  bool only_arguments = false;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (only_arguments || word.size() < 2 || word.front() != '-') {
      take_argument(std::string(word));
    } else if (word == "--") {
      only_arguments = true;
    } else if (word == "--help") {
      return false;
    } else {
      i += static_cast<int>(take_flag(word, i + 1 < argc ? argv[i + 1] : ""));
    }
  }
  check_arguments();
  return true;
}

void Flags::take_argument(std::string word) {
  for (Flag& flag : flags_) {
    if (!flag.is_argument || !flag.values.empty()) continue;
    flag.values.push_back(std::move(word));
    return;
  }
  throw UsageError("there is no place for the argument " + word);
}

// Returns how many of the words that follow it has taken.
std::size_t Flags::take_flag(std::string_view word, std::string_view next) {
  const std::size_t equals = word.find('=');
  const std::string shown(word.substr(0, equals));
  const bool is_long = shown.starts_with("--");
  Flag* flag = is_long ? find_flag(shown.substr(2)) : nullptr;
  if (flag == nullptr) throw UsageError(shown + " is not a flag of mine");
  if (!flag->values.empty() && !flag->is_list) {
    throw UsageError(shown + " is there twice");
  }
  const bool attached = equals != std::string_view::npos;
  if (!flag->takes_value) {
    if (attached) throw UsageError(shown + " takes no value");
    flag->values.emplace_back();
    return 0;
  }
  const std::string_view value = attached ? word.substr(equals + 1) : next;
  if (value.empty()) throw UsageError(shown + " needs a value");
  flag->values.emplace_back(value);
  return attached ? 0 : 1;
}

void Flags::check_arguments() const {
  for (const Flag& flag : flags_) {
    if (flag.needed && flag.values.empty()) {
      throw UsageError(flag.name + " is missing");
    }
  }
}

Flags::Flag* Flags::find_flag(std::string_view name) {
  for (Flag& flag : flags_) {
    if (flag.name == name && !flag.is_argument) return &flag;
  }
  return nullptr;
}

const Flags::Flag& Flags::at(std::string_view name) const {
  for (const Flag& flag : flags_) {
    if (flag.name == name) return flag;
  }
  std::fprintf(stderr, "rp::Flags: \"%s\" was never declared\n",
               std::string(name).c_str());
  std::abort();
}

bool Flags::has(std::string_view name) const {
  const Flag& flag = at(name);
  return !flag.values.empty() || !flag.fallback.empty();
}

std::vector<std::string> Flags::names_given() const {
  std::vector<std::string> names;
  for (const Flag& flag : flags_) {
    if (!flag.values.empty()) names.push_back(flag.name);
  }
  return names;
}

std::string Flags::text(std::string_view name) const {
  const Flag& flag = at(name);
  if (!flag.values.empty()) return flag.values.back();
  if (flag.fallback.empty()) {
    throw UsageError((flag.is_argument ? flag.name : flag.shown) +
                     " is missing");
  }
  return flag.fallback;
}

std::vector<std::string> Flags::texts(std::string_view name) const {
  const Flag& flag = at(name);
  if (flag.values.empty() && !flag.fallback.empty()) return {flag.fallback};
  return flag.values;
}

std::int64_t Flags::integer(std::string_view name, std::int64_t least,
                            std::int64_t most) const {
  const auto number = whole_number(text(name));
  if (!number || *number < least || *number > most) {
    refuse(name, "not a number from " + std::to_string(least) + " to " +
                     std::to_string(most));
  }
  return *number;
}

Duration Flags::duration(std::string_view name, Duration least) const {
  using std::chrono::milliseconds;
  const auto duration = parse_duration(text(name));
  if (!duration) refuse(name, "not a time such as 500ms, 2s or 1m");
  if (*duration < least) {
    const auto count = std::chrono::ceil<milliseconds>(least).count();
    refuse(name, "less than " + std::to_string(count) + "ms");
  }
  return *duration;
}

std::string Flags::choice(std::string_view name,
                          std::initializer_list<std::string_view> words) const {
  std::string word = text(name);
  if (std::find(words.begin(), words.end(), word) == words.end()) {
    refuse(name, "not " + join(words));
  }
  return word;
}

Address Flags::address(std::string_view name) const {
  return read_address(name, &Address::parse);
}

Address Flags::unix_path(std::string_view name) const {
  return read_address(name, &Address::unix_path);
}

Address Flags::read_address(std::string_view name,
                            Address (*read)(std::string_view)) const {
  try {
    return read(text(name));
  } catch (const std::invalid_argument& error) {
    const Flag& flag = at(name);
    throw UsageError((flag.is_argument ? "" : "--") + flag.name + ": " +
                     error.what());
  }
}

void Flags::refuse(std::string_view name, const std::string& why) const {
  const Flag& flag = at(name);
  const std::string value = text(name);
  throw UsageError((flag.is_argument ? "" : "--") + flag.name + ": " +
                   (value.empty() ? "\"\"" : value) + " is " + why);
}

std::string Flags::help() const {
  std::string text = "Usage: " + program_ + " [--FLAG ...]";
  std::size_t widest = 0;
  for (const Flag& flag : flags_) {
    if (flag.is_argument) text += " " + flag.shown;
    widest = std::max(widest, flag.shown.size());
  }
  text += "\n" + wrapped(about_, 0) + "\n";
  for (const Flag& flag : flags_) {
    const std::string gap(widest - flag.shown.size() + 2, ' ');
    std::string help = flag.help;
    if (!flag.fallback.empty()) help += " (" + flag.fallback + ")";
    text += "  " + flag.shown + gap + wrapped(help, widest + 4);
  }
  if (help_end_ != nullptr) text += help_end_();
  return text;
}

}  // namespace rp
