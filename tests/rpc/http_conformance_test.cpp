#include "rpc/wire/json_rpc.h"
#include "tests/support/conformance.h"
#include "tests/support/http_transport.h"
#include "tests/support/rpc_texts.h"

namespace rp {
namespace {

RP_OVER_TRANSPORTS(SpecificationTest, std::vector{http_transport()});
RP_OVER_TRANSPORTS(ConformanceTest, std::vector{http_transport()});

/// What is different where there is no way back.
class OneWayTest : public OverTransports {};
RP_OVER_TRANSPORTS(OneWayTest, std::vector{http_transport()});

TEST_P(OneWayTest, AHandlerThatAsksItsCallerIsToldThatItCannot) {
  service_.method("ask", on_loop, [](Call call, Reply reply) {
    call.caller().ask("name", {},
                      [reply = std::move(reply)](const CallResult& r) mutable {
                        reply.error(*r.error);
                      });
  });
  const std::string answer = exchange(request("ask"));
  EXPECT_EQ(error_code(answer), kInternalError);
  EXPECT_EQ(error_message(answer), "this caller cannot be asked");
}

TEST_P(OneWayTest, AHandlerThatTellsItsCallerIsToldThatItCannot) {
  const std::string answer = exchange(request("ask_back"));
  EXPECT_EQ(error_code(answer), kInternalError);
  EXPECT_EQ(error_message(answer), "this caller cannot be asked");
}

}  // namespace
}  // namespace rp
