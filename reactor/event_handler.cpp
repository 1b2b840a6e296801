#include "reactor/event_handler.h"

#include "reactor/reactor.h"

namespace rp {

std::string_view to_string(CloseReason reason) {
  switch (reason) {
    case CloseReason::local:
      return "local";
    case CloseReason::peer:
      return "peer";
    case CloseReason::reset:
      return "reset";
    case CloseReason::idle:
      return "idle";
    case CloseReason::too_slow:
      return "too-slow";
    case CloseReason::overflow:
      return "overflow";
    case CloseReason::protocol:
      return "protocol";
    case CloseReason::drained:
      return "drained";
    case CloseReason::shutdown:
      return "shutdown";
  }
  return "?";
}

void EventHandler::on_drain() { reactor().close(id(), CloseReason::drained); }

}  // namespace rp
