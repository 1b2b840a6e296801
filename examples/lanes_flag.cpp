#include "examples/lanes_flag.h"

#include <algorithm>
#include <charconv>
#include <sstream>
#include <string>
#include <string_view>

namespace rp {
namespace {

void check_lane(const std::string& name, const Dispatcher& service) {
  const auto& methods = service.methods();
  const auto found =
      std::find_if(methods.begin(), methods.end(),
                   [&name](const auto& m) { return m->name == name; });
  if (found == methods.end()) {
    throw UsageError("--lanes: there is no method " + name);
  }
  const std::string& where = (*found)->where;
  if (where == "in the pool") return;
  throw UsageError("--lanes: " + name + " is not in the pool but " + where);
}

}  // namespace

Lanes::Options lanes_of(const Flags& given, std::size_t capacity) {
  Lanes::Options lanes;
  std::stringstream text(given.has("lanes") ? given.text("lanes") : "");
  for (std::string lane; std::getline(text, lane, ',');) {
    const std::size_t equals = std::min(lane.find('='), lane.size());
    const std::string_view digits = std::string_view(lane).substr(equals);
    std::size_t workers = 0;
    if (!digits.empty()) {
      std::from_chars(digits.data() + 1, digits.data() + digits.size(),
                      workers);
    }
    if (equals == 0 || workers == 0 ||
        digits != "=" + std::to_string(workers)) {
      throw UsageError("--lanes: " + (lane.empty() ? "\"\"" : lane) +
                       " is not METHOD=N with N from 1");
    }
    const std::string method = lane.substr(0, equals);
    if (!lanes.try_emplace(method, Lane{workers, capacity}).second) {
      throw UsageError("--lanes: " + method + " is there twice");
    }
  }
  return lanes;
}

void check_lanes(const Lanes::Options& lanes, const Dispatcher& service) {
  for (const auto& lane : lanes) check_lane(lane.first, service);
}

}  // namespace rp
