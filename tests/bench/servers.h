#pragma once

namespace rp {

// The servers that are compared. Each serves the listening socket for ever.

/// The least that an event-driven server can do: epoll_wait(), and what was
/// read is written back. No limits, no timers, no buffers, no errors.
void serve_bare_epoll(int listening);

/// The same by the reactor and its connections.
void serve_reactor_echo(int listening);

/// JSON-RPC: `add` on the loop, `pooled_add` in the pool, and two that look
/// at the server itself: `allocations` counts those of the loop's thread,
/// `heap` tells the bytes in use.
void serve_rpc(int listening);

}  // namespace rp
