#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "reactor/reactor.h"
#include "rpc/place.h"
#include "rpc/session.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

class Noted : public Wire {
 public:
  void send(std::string_view json) override { sent.emplace_back(json); }
  void set_reading(bool) override {}
  void finish() override {}

  std::vector<std::string> sent;
};

// Exercise 17.5: what waits when the peer ends its input has failed by now. And
// what is asked after that? `wire.sent` holds what went to the peer.
TEST(MyTest, APeerThatHasEndedIsNotAsked) {
  Reactor reactor;
  Dispatcher service{reactor};
  Noted wire;
  Session session{service, "a peer"};
  session.attach(wire);
  int failed = 0;
  const auto count = [&](const CallResult& name) { failed += !name.ok(); };
  session.ask("name", {}, count, 1h);
  session.end_of_input();
  EXPECT_EQ(failed, 1);
}

}  // namespace
}  // namespace rp
