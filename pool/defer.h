#pragma once

#include <concepts>
#include <functional>
#include <optional>
#include <stop_token>
#include <type_traits>

#include "pool/executor.h"
#include "pool/outcome.h"

namespace rp {

/// @file
/// defer() runs work on an executor and brings its result, or its error, back
/// to the loop.
///
///     defer(executor, [] { return primes_below(1'000'000); },
///           [](Outcome<Primes> outcome) { print(outcome.value()); });
///     defer(executor, [] { log_to_disk(); });  // nobody asks how it ended
///     defer(executor, work, done, {.deadline = 2s});
///
/// It never fails and never calls `done` inside itself: every fate arrives
/// through `done`, exactly once, on the loop.
///
/// Ownership: `work` is destroyed on the worker, `done` on the loop. The two
/// share nothing but the result, which belongs to both of them: a worker that
/// was given up may still write it, and nobody reads it then.
///
/// Thread rule: the loop's thread.

/// What one call of defer() may ask for.
struct DeferOptions {
  /// Heeded by an executor that has a clock (Deadlines, ReactorPool).
  std::optional<Duration> deadline = std::nullopt;
};

/// What can be done off the loop: a callable that takes nothing, or the stop
/// token that asks it to return early.
template <class F>
concept DeferrableWork =
    std::invocable<F&> || std::invocable<F&, std::stop_token>;

/// What the work returns.
template <class F>
struct WorkResult : std::invoke_result<F&> {};
/// The same for work that takes the token.
template <class F>
requires std::invocable<F&, std::stop_token>
struct WorkResult<F> : std::invoke_result<F&, std::stop_token> {
};

/// The outcome that `done` is given for this work.
template <class F>
using OutcomeOf = Outcome<std::decay_t<typename WorkResult<F>::type>>;

/// What takes the outcome of this work.
template <class F, class Work>
concept DoneWith = std::invocable<F&, OutcomeOf<Work>>;

template <DeferrableWork Work, DoneWith<Work> Done>
JobId defer(Executor& executor, Work work, Done done,
            DeferOptions options = {});

/// Fire and forget: result and errors are dropped.
template <DeferrableWork Work>
JobId defer(Executor& executor, Work work, DeferOptions options = {});

}  // namespace rp

#include "pool/defer.inl"
