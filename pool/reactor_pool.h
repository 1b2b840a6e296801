#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "pool/deadlines.h"
#include "pool/thread_pool.h"
#include "reactor/mailbox.h"

namespace rp {

/// What became of deferred work: its fate and, if it finished, its result.
template <class T>
class Outcome;

/// The reactor and its hands. Work runs on a worker, its result or its error
/// comes back on the loop.
///
///     ReactorPool pool{reactor};
///     pool.defer([] { return primes_below(1'000'000); },
///                [](Outcome<Primes> outcome) { print(outcome.value()); });
///
/// defer() never fails and never calls `done` inside itself: every fate
/// arrives through `done`, on the loop. After Reactor::stop(), `done` waits
/// for the next run(); if the reactor is destroyed first, it is destroyed
/// uncalled.
///
/// Thread rule: the loop's thread. The reactor must outlive the pool.
class ReactorPool;

}  // namespace rp
