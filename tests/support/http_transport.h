#pragma once

#include "tests/support/transports.h"

namespace rp {

/// "Http": each text is a POST, sent without waiting for the answers before.
///
///     RP_OVER_TRANSPORTS(SpecificationTest, std::vector{http_transport()});
TransportKind http_transport();

}  // namespace rp
