#pragma once

#include <cstddef>

#include "examples/flags.h"
#include "pool/deadlines.h"
#include "pool/job_watch.h"
#include "pool/lanes.h"
#include "pool/live_trace.h"
#include "pool/process_workers.h"
#include "pool/strand.h"
#include "pool/thread_pool.h"
#include "reactor/reactor.h"
#include "rpc/status.h"

namespace rp {

/// All that works for rpc_server off its loop: threads, around them what keeps
/// their jobs apart, in order and in time, and child processes, which are this
/// program again. What they do goes into a trace.
///
///     Hands hands{reactor, given, lanes, trace};
///     register_demo_methods(service, InPool(hands.deadlines, 2s),
///                           InProcess(hands.processes, 2s));
///
/// Thread rule: the loop's thread. Reactor and trace must outlive it.
struct Hands {
  Hands(Reactor& reactor, const Flags& given, const Lanes::Options& kinds,
        LiveTrace& trace);

  /// What a status page looks at.
  Status::Parts parts() const;

  ProcessWorkers processes;
  ThreadPool threads;
  JobWatch watch;
  Lanes lanes;
  Strand strand;
  Deadlines deadlines;
};

/// How many jobs may wait, by `--queue`.
std::size_t queue_of(const Flags& given);

}  // namespace rp
