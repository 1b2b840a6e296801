#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "reactor/reactor.h"
#include "rpc/reply.h"

namespace rp {
namespace {

// Exercise 16.5: this reply is lost at the end of its scope, and its caller is
// told. A variable that holds a reply can lose it in another way.
TEST(MyTest, EachCallerIsAnswered) {
  Reactor reactor;
  std::vector<std::string> answered;
  const auto owe = [&](std::string caller) {
    return Reply(Mailbox(reactor), [&answered, caller](const Answer&) {
      answered.push_back(caller);
    });
  };
  { const Reply latest = owe("first caller"); }
  owe("second caller").result("here");
  EXPECT_EQ(answered,
            (std::vector<std::string>{"first caller", "second caller"}));
}

}  // namespace
}  // namespace rp
