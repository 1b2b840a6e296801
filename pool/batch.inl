#pragma once

#include <iterator>
#include <optional>
#include <type_traits>
#include <utility>

#include "pool/batch.h"

namespace rp {

template <class Action, class Task>
decltype(auto) call_action(Action& action, Task&& task, std::stop_token token) {
  if constexpr (std::is_invocable_v<Action&, Task, std::stop_token>) {
    return action(std::forward<Task>(task), std::move(token));
  } else {
    return action(std::forward<Task>(task));
  }
}

template <class Action, class Task>
using ActionResult = std::decay_t<decltype(call_action(
    std::declval<Action&>(), std::declval<Task>(), std::stop_token()))>;

template <class Task, class Action>
class BatchTaskOf : public BatchTask {
 public:
  using Result = ActionResult<Action, Task>;

  BatchTaskOf(std::size_t number, Task task, std::shared_ptr<Action> action)
      : BatchTask(number), task_(std::move(task)), action_(std::move(action)) {}

  // The task ends here, not when its result has been read.
  void run(std::stop_token token) override {
    Task task = std::move(task_);
    if constexpr (std::is_void_v<Result>) {
      call_action(*action_, std::move(task), std::move(token));
      outcome_.emplace();
    } else {
      outcome_.emplace(
          call_action(*action_, std::move(task), std::move(token)));
    }
  }

  Outcome<Result> take_outcome() { return *std::move(outcome_); }

 private:
  Task task_;
  std::shared_ptr<Action> action_;
  std::optional<Outcome<Result>> outcome_;
};

template <class Iterator, class Sentinel, class Action, class Callback>
class BatchSourceOf : public BatchSource {
 public:
  using Task = std::iter_value_t<Iterator>;
  using TaskHere = BatchTaskOf<Task, Action>;
  using Result = typename TaskHere::Result;

  BatchSourceOf(Iterator begin, Sentinel end, Action action, Callback& callback,
                std::size_t known)
      : next_(std::move(begin)),
        end_(std::move(end)),
        action_(std::make_shared<Action>(std::move(action))),
        callback_(callback),
        still_there_(known) {}

  std::unique_ptr<BatchTask> next(std::size_t index) override {
    if (at_end()) return nullptr;
    auto task = std::make_unique<TaskHere>(index, *next_, action_);
    ++next_;
    if (still_there_ > 0) --still_there_;
    return task;
  }

  void settle(std::size_t index, const Settled& end, BatchTask* task) override {
    Outcome<Result> outcome = end.fate == Fate::finished
                                  ? static_cast<TaskHere*>(task)->take_outcome()
                                  : Outcome<Result>(end);
    callback_(index, outcome);
  }

  std::size_t still_there() const override { return still_there_; }

  bool at_end() const override { return next_ == end_; }

 private:
  Iterator next_;
  Sentinel end_;
  std::shared_ptr<Action> action_;
  Callback& callback_;
  std::size_t still_there_;
};

template <class Task, class Action>
auto Batch::run(std::vector<Task> tasks, Action action) {
  return run(std::move(tasks), std::move(action), [](std::size_t, auto&) {});
}

template <class Task, class Action, class Callback>
auto Batch::run(std::vector<Task> tasks, Action action, Callback on_outcome) {
  using Result = ActionResult<Action, Task>;
  std::vector<std::optional<Outcome<Result>>> places(tasks.size());
  const auto keep = [&](std::size_t task, Outcome<Result>& outcome) {
    on_outcome(task, outcome);
    places[task].emplace(std::move(outcome));
  };
  BatchSourceOf source(std::make_move_iterator(tasks.begin()),
                       std::make_move_iterator(tasks.end()), std::move(action),
                       keep, tasks.size());
  run_tasks(source);

  std::vector<Outcome<Result>> outcomes;
  outcomes.reserve(places.size());
  for (auto& place : places) outcomes.push_back(*std::move(place));
  return outcomes;
}

template <class Iterator, class Sentinel, class Action, class Callback>
void Batch::run(Iterator begin, Sentinel end, Action action,
                Callback on_outcome) {
  BatchSourceOf source(std::move(begin), std::move(end), std::move(action),
                       on_outcome, 0);
  run_tasks(source);
}

}  // namespace rp
