#pragma once

#include "tests/support/transports.h"

namespace rp {

/// "WebSocket": each text is a text message.
///
///     RP_OVER_TRANSPORTS(SpecificationTest,
///     std::vector{websocket_transport()});
TransportKind websocket_transport();

}  // namespace rp
