#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <string>
#include <string_view>

#include "rpc/wire/arena.h"
#include "rpc/wire/json_value.h"

namespace rp {

/// One upload, from its first byte to its digest.
struct UploadEntry {
  enum class State { arriving, digesting, done, failed };

  std::string name;            ///< ours
  std::string sent_as;         ///< of the path asked for, 200 bytes at most
  std::uint64_t expected = 0;  ///< bytes, if the client said how many; else 0
  std::uint64_t received = 0;
  std::uint64_t digested = 0;
  std::string sha1;
  std::string error;
  State state = State::arriving;
};

/// The last uploads, for who watches.
///
///     UploadEntry& entry = table.add("3f2a", "/big.iso");
///     entry.received = 65536;
///     table.erase("3f2a");  // the client went away
///
/// The oldest that are at their end are forgotten beyond `most`, when the next
/// comes; their files stay. Thread rule: the loop's thread.
class UploadTable {
 public:
  explicit UploadTable(std::size_t most = 100) : most_(most) {}

  /// The reference is good until the entry is forgotten or erased.
  UploadEntry& add(const std::string& name, std::string_view sent_as);
  UploadEntry* find(std::string_view name);
  void erase(std::string_view name);

  /// The newest first, at most `most`, however many are on their way: [{"name",
  /// "sent_as", "expected", "received", "digested", "sha1", "error", "state"}].
  Value to_value(Arena& arena) const;

  std::size_t size() const { return entries_.size(); }

 private:
  using Entries = std::list<UploadEntry>;

  bool forget_one();

  std::size_t most_;
  Entries entries_;  // the newest first
  std::map<std::string, Entries::iterator, std::less<>> by_name_;
};

}  // namespace rp
