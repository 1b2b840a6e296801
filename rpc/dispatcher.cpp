#include "rpc/dispatcher.h"

#include <stdexcept>
#include <utility>

#include "rpc/responder.h"

namespace rp {

/// The responders that live. The reactor's shutdown hook shares it, since the
/// hook may outlive the dispatcher.
struct Dispatcher::Roll {
  std::vector<Responder*> responders;
  std::vector<Responder::Owed> spare;
  bool hooked = false;

  // Taking what is refused, a callback may end other responders, and those
  // that stay change places: so again, until nobody owes anything.
  void refuse_owed() {
    for (bool some = true; some;) {
      some = false;
      for (std::size_t i = 0; i < responders.size(); ++i) {
        if (responders[i]->in_flight() == 0) continue;
        responders[i]->refuse_owed();
        some = true;
      }
    }
  }
};

namespace {

bool is_pattern(std::string_view name) {
  return name.find('*') != std::string_view::npos;
}

}  // namespace

Dispatcher::Dispatcher(Reactor& reactor)
    : reactor_(reactor),
      loop_(reactor),
      arenas_(std::make_shared<ArenaPool>()),
      roll_(std::make_shared<Roll>()) {}

Dispatcher::~Dispatcher() { roll_->responders.clear(); }

void Dispatcher::method(std::string name, const Where& where, Handler handler,
                        MethodOptions options) {
  reactor_.check_thread("Dispatcher::method()");
  if (name.empty()) throw std::invalid_argument("a method needs a name");
  auto method = std::make_unique<Method>();
  method->name = std::move(name);
  method->where = where.name();
  method->place = where.place(reactor_, std::move(handler), options);
  method->summary = std::move(options.summary);
  method->params = std::make_shared<const Declared>(std::move(options.params));
  if (!names_.emplace(method->name, method.get()).second) {
    throw std::invalid_argument("method " + method->name + " is taken");
  }
  if (is_pattern(method->name)) patterns_.push_back(method.get());
  methods_.push_back(std::move(method));
}

void Dispatcher::dispatch(Call call, Reply reply) {
  Method* method = find(call.method());
  if (method == nullptr) {
    count_refused({call.method(), call.address(), kMethodNotFound});
    return reply.error(RpcError(kMethodNotFound));
  }
  ++method->calls;
  try {
    if (!method->params->empty()) {
      Params::check(call.params().value(), *method->params);
    }
  } catch (const RpcError& error) {
    count_refused({call.method(), call.address(), error.code});
    return reply.error(error);
  }
  call.set_declared(method->params);
  method->place->take(std::move(call), std::move(reply));
}

void Dispatcher::count_refused(const RefusedCall& call) {
  ++refused_[call.code];
  if (refused_listener_) refused_listener_(call);
}

Dispatcher::Method* Dispatcher::find(std::string_view name) {
  const auto found = names_.find(name);
  if (found != names_.end() && !is_pattern(name)) return found->second;
  for (Method* method : patterns_) {
    if (fits_pattern(method->name, name)) return method;
  }
  return nullptr;
}

void Dispatcher::enlist(Responder& responder) {
  responder.place_on_roll_ = roll_->responders.size();
  roll_->responders.push_back(&responder);
}

// A hook is good for one run, so each run in which something is owed needs
// one.
void Dispatcher::expect_answers() {
  if (std::exchange(roll_->hooked, true)) return;
  reactor_.on_shutdown([roll = roll_] {
    roll->refuse_owed();
    roll->hooked = false;
  });
}

void Dispatcher::dismiss(Responder& responder) {
  auto& all = roll_->responders;
  all.back()->place_on_roll_ = responder.place_on_roll_;
  std::swap(all[responder.place_on_roll_], all.back());
  all.pop_back();
}

void Dispatcher::lend_memory(Responder& responder) {
  if (responder.owed_.capacity() == 0) responder.owed_.swap(roll_->spare);
}

void Dispatcher::take_back_memory(Responder& responder) {
  if (roll_->spare.capacity() == 0) roll_->spare.swap(responder.owed_);
  std::vector<Responder::Owed>().swap(responder.owed_);
}

// The star takes as little as it can and more when the rest does not fit;
// only the last star ever needs to take more.
bool fits_pattern(std::string_view pattern, std::string_view name) {
  std::size_t p = 0, n = 0, star = std::string_view::npos, after_star = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      after_star = n;
    } else if (p < pattern.size() && pattern[p] == name[n]) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++after_star;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace rp
