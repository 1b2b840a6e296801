#include "reactor/handle_table.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/support/handlers.h"

namespace rp {
namespace {

std::unique_ptr<EventHandler> any_handler() {
  return std::make_unique<Probe>(UniqueFd());
}

TEST(HandleTable, FindsAHandlerByItsId) {
  HandleTable table;
  auto handler = any_handler();
  EventHandler* raw = handler.get();
  const HandleId id = table.insert(std::move(handler), Lifetime::foreground);
  ASSERT_NE(table.live(id), nullptr);
  EXPECT_EQ(table.live(id)->handler.get(), raw);
}

TEST(HandleTable, KnowsNobodyByTheIdsOfNobody) {
  HandleTable table;
  EXPECT_EQ(table.live(HandleId{}), nullptr);
  EXPECT_EQ(table.live(HandleId{0, 1}), nullptr);
  const HandleId id = table.insert(any_handler(), Lifetime::foreground);
  EXPECT_EQ(table.live(HandleId{id.slot, 0}), nullptr);
  EXPECT_EQ(table.live(HandleId{id.slot + 1, id.generation}), nullptr);
}

TEST(HandleTable, NeverGivesAnIdTwice) {
  HandleTable table;
  const HandleId first = table.insert(any_handler(), Lifetime::foreground);
  table.remove(first);
  const HandleId second = table.insert(any_handler(), Lifetime::foreground);
  EXPECT_EQ(second.slot, first.slot);
  EXPECT_NE(second.generation, first.generation);
  EXPECT_EQ(table.live(first), nullptr);
  EXPECT_NE(table.live(second), nullptr);
}

TEST(HandleTable, GivesTheHandlerBackWhenItIsRemoved) {
  HandleTable table;
  auto handler = any_handler();
  EventHandler* raw = handler.get();
  const HandleId id = table.insert(std::move(handler), Lifetime::foreground);
  EXPECT_EQ(table.remove(id).get(), raw);
  EXPECT_EQ(table.size(), 0u);
}

TEST(HandleTable, DoesNotFindTheDead) {
  HandleTable table;
  const HandleId id = table.insert(any_handler(), Lifetime::foreground);
  table.at(id).dead = true;
  EXPECT_EQ(table.live(id), nullptr);
  EXPECT_TRUE(table.live_ids().empty());
  EXPECT_EQ(table.foreground(), 1u);
}

TEST(HandleTable, ListsTheLivingInTheOrderOfTheirInsertion) {
  HandleTable table;
  const HandleId a = table.insert(any_handler(), Lifetime::foreground);
  const HandleId b = table.insert(any_handler(), Lifetime::background);
  table.remove(a);
  const HandleId c = table.insert(any_handler(), Lifetime::foreground);
  EXPECT_EQ(c.slot, a.slot);
  EXPECT_EQ(table.live_ids(), (std::vector<HandleId>{b, c}));
  EXPECT_EQ(table.live_ids(Lifetime::foreground), std::vector<HandleId>{c});
  EXPECT_EQ(table.live_ids(Lifetime::background), std::vector<HandleId>{b});
}

TEST(HandleTable, CountsForegroundHandlersApart) {
  HandleTable table;
  const HandleId a = table.insert(any_handler(), Lifetime::foreground);
  const HandleId b = table.insert(any_handler(), Lifetime::background);
  EXPECT_EQ(table.foreground(), 1u);
  EXPECT_EQ(table.size(), 2u);
  table.remove(a);
  EXPECT_EQ(table.foreground(), 0u);
  table.remove(b);
  EXPECT_EQ(table.size(), 0u);
}

}  // namespace
}  // namespace rp
