#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rp {

/// Somebody in a room, whatever the wire.
class ChatMember {
 public:
  virtual ~ChatMember() = default;
  virtual void tell(std::string_view line) = 0;
  /// How many bytes it has not read yet.
  virtual std::size_t behind() const = 0;
  virtual void cut_off(std::string_view why) = 0;

 private:
  friend class ChatRoom;
  std::string name_;  // who has none yet hears nothing
  bool gone_ = false;
};

/// Passes on what its members say. The first thing that one says is its name.
///
///     room.greet(member);
///     room.hear(member, line);
///     room.leave(member);
///
/// Who is further behind than `most_behind` is cut off, and the others learn
/// why: the room waits for nobody. What one says can steer no other's terminal:
/// of it characters are passed on that a terminal shows, in one line. A name
/// has none that cannot be seen.
///
/// Thread rule: the loop's thread. A member leaves before its end.
class ChatRoom {
 public:
  explicit ChatRoom(std::size_t most_behind) : most_behind_(most_behind) {}

  static void greet(ChatMember& member) { member.tell("* your name?"); }
  void hear(ChatMember& from, std::string_view words);
  void leave(ChatMember& member);

 private:
  void name(ChatMember& member, const std::string& name);
  void tell_all(const std::string& line);
  std::vector<ChatMember*> take_out_the_slow();
  bool is_taken(const std::string& name) const;

  std::size_t most_behind_;
  std::vector<ChatMember*> members_;  // who have a name
};

}  // namespace rp
