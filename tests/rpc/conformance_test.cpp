#include "tests/support/conformance.h"

// The cases stand in tests/support, where the wires of later chapters meet
// them, too.

namespace rp {
namespace {

RP_OVER_TRANSPORTS(SpecificationTest, basic_transports());
RP_OVER_TRANSPORTS(ConformanceTest, basic_transports());
RP_OVER_TRANSPORTS(ConversationTest, basic_transports());

}  // namespace
}  // namespace rp
