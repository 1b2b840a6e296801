#include "examples/upload_table.h"

#include <algorithm>

namespace rp {
namespace {

constexpr std::size_t kLongestName = 200;

std::string_view to_word(UploadEntry::State state) {
  switch (state) {
    case UploadEntry::State::arriving:
      return "arriving";
    case UploadEntry::State::digesting:
      return "digesting";
    case UploadEntry::State::done:
      return "done";
    case UploadEntry::State::failed:
      return "failed";
  }
  return "?";
}

bool is_at_its_end(const UploadEntry& entry) {
  return entry.state == UploadEntry::State::done ||
         entry.state == UploadEntry::State::failed;
}

Value entry_to_value(const UploadEntry& entry, Arena& arena) {
  return ObjectBuilder(arena)
      .add("name", text(arena, entry.name))
      .add("sent_as", text(arena, entry.sent_as))
      .add("expected", entry.expected)
      .add("received", entry.received)
      .add("digested", entry.digested)
      .add("sha1", text(arena, entry.sha1))
      .add("error", text(arena, entry.error))
      .add("state", to_word(entry.state))
      .build();
}

}  // namespace

UploadEntry& UploadTable::add(const std::string& name,
                              std::string_view sent_as) {
  while (entries_.size() >= most_ && forget_one()) {
  }
  UploadEntry& entry = entries_.emplace_front();
  entry.name = name;
  entry.sent_as = sent_as.substr(0, kLongestName);
  by_name_[name] = entries_.begin();
  return entry;
}

UploadEntry* UploadTable::find(std::string_view name) {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : &*found->second;
}

void UploadTable::erase(std::string_view name) {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return;
  entries_.erase(found->second);
  by_name_.erase(found);
}

bool UploadTable::forget_one() {
  const auto oldest =
      std::find_if(entries_.rbegin(), entries_.rend(), is_at_its_end);
  if (oldest == entries_.rend()) return false;
  erase(std::string(oldest->name));
  return true;
}

Value UploadTable::to_value(Arena& arena) const {
  ArrayBuilder all(arena);
  std::size_t left = most_;
  for (const UploadEntry& entry : entries_) {
    if (left-- == 0) break;
    all.push(entry_to_value(entry, arena));
  }
  return all.build();
}

}  // namespace rp
