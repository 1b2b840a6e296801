#include "tests/support/conformance.h"
#include "tests/support/websocket_transport.h"

namespace rp {
namespace {

RP_OVER_TRANSPORTS(SpecificationTest, std::vector{websocket_transport()});
RP_OVER_TRANSPORTS(ConformanceTest, std::vector{websocket_transport()});
RP_OVER_TRANSPORTS(ConversationTest, std::vector{websocket_transport()});

}  // namespace
}  // namespace rp
