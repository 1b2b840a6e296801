#pragma once

#include <cstddef>

#include "pool/turnstile.h"

namespace rp {

/// Order where it is asked for: jobs with the same Job::key run one after
/// another, in the order in which they were submitted, each on any worker.
///
///     Strand strand{reactor, pool, {.capacity = 1024}};
///     strand.submit({.work = credit, .settled = ..., .key = account});
///     strand.submit({.work = debit, .settled = ..., .key = account});
///
/// Jobs of different keys, and jobs of key 0, know nothing of each other. The
/// next job of a key is handed on when the one before has been settled.
///
/// A job that was abandoned lets the next one go on, and may run still: it is
/// up to its work not to touch what they share once its stop token is set.
///
/// Around other executors: `Deadlines{Strand{Lanes{ThreadPool}}}`. In Lanes
/// around a strand a quick job could overtake a slow one of the same key.
///
/// Thread rule, ownership and ends: see Turnstile.
class Strand : public Turnstile {
 public:
  struct Options {
    std::size_t capacity = 1024;  ///< jobs that wait for their turn
  };

  Strand(Reactor& reactor, Executor& inner, Options options)
      : Turnstile(reactor, inner), options_(options) {}
  Strand(Reactor& reactor, Executor& inner)
      : Strand(reactor, inner, Options()) {}

 private:
  Rule rule_for(const Job& job) const override;

  const Options options_;
};

}  // namespace rp
