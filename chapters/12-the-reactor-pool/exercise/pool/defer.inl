#pragma once

#include <memory>
#include <utility>

#include "pool/defer.h"

namespace rp {

template <DeferrableWork Work>
decltype(auto) call_work(Work& work, const std::stop_token& token) {
  if constexpr (std::invocable<Work&, std::stop_token>) {
    return std::invoke(work, token);
  } else {
    return std::invoke(work);
  }
}

template <class Work, class Done>
Job job_with_result(Work work, Done done) {
  // Exercise 12.2: this draft throws away what the work returns, and says of
  // every job that it was dropped. Work and callback are closures of their own:
  // find a place for the result that belongs to both, fill it on the worker,
  // and give it to `done` if the work finished; else `done` is told the end.
  using Result = std::decay_t<typename WorkResult<Work>::type>;
  return {
      .work = [work = std::move(work)](
                  std::stop_token token) mutable { call_work(work, token); },
      .settled =
          [done = std::move(done)](Settled) mutable {
            std::invoke(done, Outcome<Result>(Settled{Fate::dropped, nullptr}));
          }};
}

template <class Work, class Done>
Job job_without_result(Work work, Done done) {
  return {
      .work = [work = std::move(work)](
                  std::stop_token token) mutable { call_work(work, token); },
      .settled =
          [done = std::move(done)](Settled end) mutable {
            std::invoke(done, Outcome<void>(end));
          }};
}

template <DeferrableWork Work, DoneWith<Work> Done>
JobId defer(Executor& executor, Work work, Done done, DeferOptions options) {
  Job job;
  if constexpr (std::is_void_v<typename WorkResult<Work>::type>) {
    job = job_without_result(std::move(work), std::move(done));
  } else {
    job = job_with_result(std::move(work), std::move(done));
  }
  job.deadline = options.deadline;
  return executor.submit(std::move(job));
}

template <DeferrableWork Work>
JobId defer(Executor& executor, Work work, DeferOptions options) {
  Job job = job_without_result(std::move(work), [](const Outcome<void>&) {});
  job.deadline = options.deadline;
  return executor.submit(std::move(job));
}

}  // namespace rp
