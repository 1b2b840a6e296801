#pragma once

#include <cstddef>
#include <string>

#include "pool/executor.h"
#include "rpc/http_reply.h"
#include "rpc/wire/http.h"

namespace rp {

/// How a file is sent.
struct DownloadOptions {
  HttpFields fields = {};          ///< "Content-Type" and others
  std::size_t piece = 256 * 1024;  ///< read at a time, in bytes
};

/// Answers with a file of any size: read by the pool a piece at a time, the
/// next one when the client has taken most of the last.
///
///     site.get("/big", [&](HttpRequest, HttpReply reply) {
///       send_file(pool.executor(), "files/big.iso", std::move(reply));
///     });
///
/// 404 when `path` names no plain file, 503 when the pool has no room or the
/// process no descriptor, 500 when it cannot be opened. When reading fails
/// later the client sees a body that was cut. `path` is the program's, never
/// made from what a client sent.
///
/// Thread rule: the loop's thread. The executor must outlive the reply.
void send_file(Executor& pool, std::string path, HttpReply reply,
               DownloadOptions options = {});

}  // namespace rp
