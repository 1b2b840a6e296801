#include "pool/executor.h"

namespace rp {

std::string_view to_string(Fate fate) {
  switch (fate) {
    case Fate::finished:
      return "finished";
    case Fate::failed:
      return "failed";
    case Fate::expired:
      return "expired";
    case Fate::refused:
      return "refused";
    case Fate::dropped:
      return "dropped";
  }
  return "unknown";
}

}  // namespace rp
