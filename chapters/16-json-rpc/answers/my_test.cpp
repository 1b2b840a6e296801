#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "reactor/reactor.h"
#include "rpc/reply.h"

namespace rp {
namespace {

TEST(MyTest, EachCallerIsAnswered) {
  Reactor reactor;
  std::vector<std::string> answered;
  const auto owe = [&](std::string caller) {
    return Reply(Mailbox(reactor), [&answered, caller](const Answer&) {
      answered.push_back(caller);
    });
  };
  Reply latest = owe("first caller");
  latest = owe("second caller");
  latest.result("here");
  EXPECT_EQ(answered,
            (std::vector<std::string>{"first caller", "second caller"}));
}

}  // namespace
}  // namespace rp
