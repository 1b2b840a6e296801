#include <gtest/gtest.h>

#include <optional>

#include "pool/blocking_queue.h"

namespace rp {
namespace {

// A worker is sent home though there is work: else, under load, it would stay.
TEST(MyTest, ADismissalSendsOneConsumerHome) {
  BlockingQueue<int> queue{1};
  queue.push(7);
  queue.dismiss(1);
  EXPECT_EQ(queue.pop(), std::nullopt);
  EXPECT_EQ(queue.pop(), 7);
}

}  // namespace
}  // namespace rp
