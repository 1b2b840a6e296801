#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "reactor/reactor.h"
#include "tests/support/stream_pair.h"

namespace rp {
namespace {

class Idle : public EventHandler {
 public:
  int fd() const override { return stream_.ours.get(); }

 private:
  StreamPair stream_;
};

TEST(OpenHandles, AreThoseInTheForegroundInTheOrderOfTheirComing) {
  Reactor reactor;
  const auto add = [&reactor](Lifetime lifetime) {
    return reactor.add(std::make_unique<Idle>(), Interest::reading(), lifetime);
  };
  const HandleId first = add(Lifetime::foreground);
  add(Lifetime::background);
  const HandleId second = add(Lifetime::foreground);
  EXPECT_EQ(reactor.open_handles(), (std::vector<HandleId>{first, second}));
  reactor.close(first);
  EXPECT_EQ(reactor.open_handles(), std::vector<HandleId>{second});
}

}  // namespace
}  // namespace rp
