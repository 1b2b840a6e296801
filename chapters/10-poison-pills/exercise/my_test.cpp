#include <gtest/gtest.h>

#include <optional>

#include "pool/blocking_queue.h"

namespace rp {
namespace {

// Exercise 10.5: this queue is empty when the consumer is sent home. A queue
// that sends nobody home as long as there is work passes this, too.
TEST(MyTest, ADismissalSendsOneConsumerHome) {
  BlockingQueue<int> queue{1};
  queue.dismiss(1);
  EXPECT_EQ(queue.pop(), std::nullopt);
  queue.push(7);
  EXPECT_EQ(queue.pop(), 7);
}

}  // namespace
}  // namespace rp
