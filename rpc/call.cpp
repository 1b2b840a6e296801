#include "rpc/call.h"

#include <utility>

#include "rpc/wire/json_parser.h"
#include "rpc/wire/json_writer.h"

namespace rp {

namespace {

CallResult failure(int code, std::string what) {
  return {RpcError(code, std::move(what)), {}};
}

CallResult nobody_there(bool can_be_asked) {
  if (!can_be_asked) {
    return failure(kInternalError, "this caller cannot be asked");
  }
  return failure(kWorkerLost, "the connection has ended");
}

// A text of our own: what it was written from was no deeper than the stack.
Value reread(const std::string& json, Arena& arena) {
  return parse_json(json, arena, {.depth = json.size()}).value;
}

}  // namespace

Value CallResult::get() const {
  if (error) throw *error;
  return value;
}

Caller::Caller(Mailbox loop, std::thread::id home,
               std::shared_ptr<AskerLink> link, bool can_be_asked)
    : loop_(std::move(loop)),
      home_(home),
      link_(std::move(link)),
      can_be_asked_(can_be_asked) {}

// On the loop, where the link may be looked at; else, or if nobody is there,
// it goes by the mailbox, so that `done` is never called inside ask().
Asker* Caller::at_hand() const {
  const bool here = std::this_thread::get_id() == home_;
  return here && can_be_asked_ && link_ ? link_->asker : nullptr;
}

void Caller::with_asker(Function<void(Asker*)> use) const {
  loop_.post([link = link_, use = std::move(use)]() mutable {
    use(link ? link->asker : nullptr);
  });
}

// The parameters lie in memory of the caller's thread: they go as text.
void Caller::ask(std::string_view method, const Value& params, Asker::Done done,
                 Duration timeout) const {
  if (Asker* asker = at_hand()) {
    return asker->ask(method, params, std::move(done), timeout);
  }
  with_asker([method = std::string(method), json = to_json(params), timeout,
              can = can_be_asked_,
              done = std::move(done)](Asker* asker) mutable {
    if (asker == nullptr || !can) return done(nobody_there(can));
    Arena arena;
    asker->ask(method, reread(json, arena), std::move(done), timeout);
  });
}

void Caller::notify(std::string_view method, const Value& params) const {
  if (Asker* asker = at_hand()) return asker->notify(method, params);
  with_asker([method = std::string(method), json = to_json(params),
              can = can_be_asked_](Asker* asker) {
    if (asker == nullptr || !can) return;
    Arena arena;
    asker->notify(method, reread(json, arena));
  });
}

std::unique_ptr<Arena> ArenaPool::take() {
  if (spare_.empty()) return std::make_unique<Arena>();
  std::unique_ptr<Arena> arena = std::move(spare_.back());
  spare_.pop_back();
  return arena;
}

void ArenaPool::give(std::unique_ptr<Arena> arena) {
  if (std::this_thread::get_id() != home_ || spare_.size() >= kMost) return;
  arena->reset();
  spare_.push_back(std::move(arena));
}

Call::Call(std::shared_ptr<const CallContext> context,
           std::unique_ptr<Arena> arena, std::string_view method, Value params)
    : context_(std::move(context)),
      own_(std::move(arena)),
      arena_(own_.get()),
      method_(method),
      params_(params) {}

Call::Call(std::shared_ptr<const CallContext> context, Arena& shared,
           std::string_view method, Value params)
    : context_(std::move(context)),
      arena_(&shared),
      method_(method),
      params_(params) {}

Call::~Call() {
  if (own_) context_->arenas->give(std::move(own_));
}

Caller Call::caller() const {
  return {context_->loop, home_, context_->link, context_->can_be_asked};
}

void Call::keep() {
  if (own_) return;
  own_ = context_->arenas->take();
  method_ = own_->copy(method_);
  params_ = copy(params_, *own_);
  arena_ = own_.get();
}

void Call::set_declared(std::shared_ptr<const Declared> declared) {
  declared_ = std::move(declared);
}

}  // namespace rp
