#include "examples/chat_room.h"

#include <algorithm>
#include <queue>

#include "examples/terminal_text.h"
#include "rpc/wire/utf8.h"

namespace rp {

namespace {

constexpr std::size_t kLongestName = 20;

// It has no width, so that one name could look like another.
bool is_invisible(char32_t code) {
  return (code >= 0x200b && code <= 0x200f) ||
         (code >= 0x2060 && code <= 0x2064) || code == 0xfeff;
}

// What one terminal sends must not steer another.
std::string clean(std::string_view words) {
  std::string valid;
  append_as_utf8(words, valid);
  std::string line;
  std::string_view rest = valid;
  while (!rest.empty()) {
    const Character next = take_character(rest);
    if (next.code == '\n') line += ' ';
    if (!steers_terminal(next.code)) line += next.bytes;
  }
  return line;
}

std::string clean_name(std::string_view words) {
  const std::string line = clean(words);
  std::string name;
  std::string_view rest = line;
  while (!rest.empty()) {
    const Character next = take_character(rest);
    if (!is_invisible(next.code)) name += next.bytes;
  }
  name.erase(name.find_last_not_of(' ') + 1);
  return name.erase(0, name.find_first_not_of(' '));
}

}  // namespace

void ChatRoom::hear(ChatMember& from, std::string_view words) {
  if (from.gone_) return;
  from.name_.empty() ? name(from, clean_name(words))
                     : tell_all(from.name_ + ": " + clean(words));
}

bool ChatRoom::is_taken(const std::string& name) const {
  return std::any_of(members_.begin(), members_.end(),
                     [&](const auto* other) { return other->name_ == name; });
}

void ChatRoom::name(ChatMember& member, const std::string& name) {
  if (name.empty() || name.size() > kLongestName) {
    return member.tell("* a name has 1 to 20 bytes; another?");
  }
  if (is_taken(name)) return member.tell("* that name is taken; another?");
  member.name_ = name;
  members_.push_back(&member);
  tell_all("* " + name + " is here, one of " + std::to_string(members_.size()));
}

// Who learns of those that are cut off may be too far behind for that, too.
void ChatRoom::tell_all(const std::string& line) {
  std::queue<std::string> lines({line});
  for (; !lines.empty(); lines.pop()) {
    for (ChatMember* member : members_) member->tell(lines.front());
    for (ChatMember* slow : take_out_the_slow()) {
      slow->cut_off("you read too slowly");
      lines.push("* " + slow->name_ + " was cut off: reads too slowly");
    }
  }
}

std::vector<ChatMember*> ChatRoom::take_out_the_slow() {
  const auto first = std::stable_partition(
      members_.begin(), members_.end(),
      [this](auto* member) { return member->behind() <= most_behind_; });
  const std::vector<ChatMember*> slow(first, members_.end());
  members_.erase(first, members_.end());
  for (ChatMember* member : slow) member->gone_ = true;
  return slow;
}

void ChatRoom::leave(ChatMember& member) {
  if (std::erase(members_, &member) == 0) return;
  member.gone_ = true;
  tell_all("* " + member.name_ + " has left");
}

}  // namespace rp
