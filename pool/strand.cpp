#include "pool/strand.h"

namespace rp {

Turnstile::Rule Strand::rule_for(const Job& job) const {
  return {
      .group = job.key, .at_once = 1, .room = waiting() < options_.capacity};
}

}  // namespace rp
