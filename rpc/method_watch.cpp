#include "rpc/method_watch.h"

#include <utility>
#include <variant>

namespace rp {

namespace {

constexpr std::size_t kMostCodes = 32;
const std::string kNobody;

bool is_for_all(const std::string& method) {
  return !std::string_view(method).starts_with("rpc.");
}

}  // namespace

struct MethodWatch::Book {
  explicit Book(Clock& clock_of_loop) : clock(clock_of_loop) {}

  void begin(Numbers& method, TimePoint now) {
    ++method.calls;
    ++method.in_flight;
    last = &method;
    if (!is_for_all(method.name)) return;
    ++total;
    rate.count(now);
  }

  void end(Numbers& method, const std::string& address, TimePoint began,
           const Answer& answer) {
    const TimePoint now = clock.now();
    --method.in_flight;
    method.recent.record(now, now - began);
    method.all.record(now - began);
    const auto* error = std::get_if<RpcError>(&answer);
    if (error != nullptr) count_error(method, error->code);
    if (!observer) return;
    const int code = error != nullptr ? error->code : 0;
    observer({method.name, address, code, now - began});
  }

  void count_error(Numbers& method, int code) {
    ++method.errors;
    if (!is_for_all(method.name)) return;
    const bool room = errors.contains(code) || errors.size() < kMostCodes;
    ++errors[room ? code : 0];
  }

  Clock& clock;
  std::vector<std::unique_ptr<Numbers>> methods;
  const Numbers* last = nullptr;
  std::uint64_t total = 0;
  RecentRate rate;
  std::map<int, std::uint64_t> errors;
  Function<void(const Answered&)> observer;
};

class MethodWatch::WatchedPlace : public Place {
 public:
  WatchedPlace(std::shared_ptr<Book> book, Numbers& method,
               std::unique_ptr<Place> inner)
      : book_(std::move(book)), method_(method), inner_(std::move(inner)) {}

  void take(Call call, Reply reply) override {
    const TimePoint now = book_->clock.now();
    book_->begin(method_, now);
    Reply watched(call.loop(),
                  [book = book_, &method = method_, address = call.address(),
                   now, reply = std::move(reply)](Answer answer) mutable {
                    book->end(method, address, now, answer);
                    reply.answer(std::move(answer));
                  });
    inner_->take(std::move(call), std::move(watched));
  }

 private:
  const std::shared_ptr<Book> book_;
  Numbers& method_;  ///< the book's
  const std::unique_ptr<Place> inner_;
};

MethodWatch::MethodWatch(Dispatcher& service)
    : book_(std::make_shared<Book>(service.reactor().clock())) {
  for (const auto& method : service.methods()) {
    auto numbers = std::make_unique<Numbers>();
    numbers->name = method->name;
    numbers->where = method->where;
    method->place = std::make_unique<WatchedPlace>(book_, *numbers,
                                                   std::move(method->place));
    book_->methods.push_back(std::move(numbers));
  }
}

MethodWatch::~MethodWatch() { book_->observer.reset(); }

std::vector<const MethodWatch::Numbers*> MethodWatch::methods() const {
  std::vector<const Numbers*> all;
  for (const auto& method : book_->methods) all.push_back(method.get());
  return all;
}

std::uint64_t MethodWatch::total() const { return book_->total; }

std::uint64_t MethodWatch::per_second() const {
  return book_->rate.per_second(book_->clock.now());
}

const std::map<int, std::uint64_t>& MethodWatch::errors() const {
  return book_->errors;
}

const std::string& MethodWatch::last() const {
  return book_->last != nullptr ? book_->last->name : kNobody;
}

void MethodWatch::on_answered(Function<void(const Answered&)> observer) {
  book_->observer = std::move(observer);
}

}  // namespace rp
