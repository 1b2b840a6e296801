#pragma once

#include <cstdint>
#include <string>

#include "reactor/function.h"
#include "rpc/call.h"
#include "rpc/dispatcher.h"
#include "rpc/params.h"
#include "rpc/place.h"

namespace rp {

/// @file
/// A file is digested by worker processes, piece by piece. What one piece has
/// come to is a line of text, with which any worker goes on: one that crashes
/// costs its piece and nothing else.
///
///     Dispatcher inner{reactor};
///     register_digest_piece(inner, InProcess{workers});
///     LocalClient client{inner, nothing};
///     digest_file(client, {"uploads/3f2a", 1'000'000}, progress,
///                 [](const DigestEnd& end) { puts(end.sha1.c_str()); });
///
/// Thread rule: the loop's thread.

/// The method "digest_piece": {path, offset, length, state} gives {"state"}.
/// The state of nothing is "". Its paths are the caller's, so it belongs on no
/// wire that strangers use.
void register_digest_piece(Dispatcher& service, const Where& where);

/// What is to be digested.
struct DigestJob {
  std::string path;
  std::uint64_t size = 0;                  ///< bytes
  std::uint64_t piece = 16 * 1024 * 1024;  ///< bytes a call
  int tries = 3;                           ///< of each piece
};

/// What came of it: a SHA-1 in hexadecimal digits, or an error in words.
struct DigestEnd {
  std::string sha1;
  std::string error;
};

/// Calls "digest_piece" for one piece after another. A piece whose worker died
/// or took too long is tried again. `progress` is told how many bytes are
/// done; `ended` is called once, unless the client goes first. The client must
/// outlive the calls.
void digest_file(Asker& client, DigestJob job,
                 Function<void(std::uint64_t)> progress,
                 Function<void(const DigestEnd&)> ended);

}  // namespace rp
