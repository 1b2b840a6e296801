#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "pool/executor.h"
#include "pool/file_writer.h"
#include "pool/outcome.h"
#include "reactor/function.h"
#include "rpc/http_reply.h"
#include "rpc/http_stream.h"

namespace rp {

/// Stores the body of a request in a new file, written by the pool, under a
/// name of ours. The client is held back while the disk is behind, so a body
/// of any size takes a few hundred KiB of memory.
///
///     site.stream("PUT", "/*", [&](const HttpRequest&, HttpIntake& intake) {
///       return std::make_unique<HttpUpload>(
///           pool.executor(), intake, HttpUpload::Options{.folder = "uploads"},
///           [](HttpReply reply, const HttpUpload::Stored& it) {
///             reply.send(plain_text(201, it.name + '\n'));
///           });
///     });
///
/// A client that goes away, a full disk and a shutdown leave nothing that is
/// not whole (see FileWriter). A client whose file could not be written is
/// told: 507 when there is no space (or a limit, EFBIG), 503 when the pool has
/// no room or the process no descriptor, else 500; `failed` is told the
/// reason, which is nothing for strangers.
///
/// Thread rule: the loop's thread. Ownership: the connection's, as every
/// HttpTaker; the executor must outlive it.
class HttpUpload : public HttpTaker {
 public:
  struct Options {
    std::string folder;
    std::size_t pause_at = 512 * 1024;  ///< see FileWriter
  };

  /// What became of a body.
  struct Stored {
    std::string name;    ///< random, 32 hexadecimal digits
    std::uint64_t size;  ///< bytes
  };

  using Done = Function<void(HttpReply reply, const Stored& stored)>;

  HttpUpload(Executor& pool, HttpIntake& intake, Options options, Done done);

  /// Told why a file could not be written, for a log.
  void on_failed(Function<void(const std::string& why)> failed) {
    failed_ = std::move(failed);
  }

  /// Told how many bytes have come, each time when some have.
  void on_progress(Function<void(std::uint64_t received)> progress) {
    progress_ = std::move(progress);
  }

  const std::string& name() const { return stored_.name; }

  void on_body(std::string_view bytes) override;
  void on_end(HttpReply reply) override;

 private:
  HttpResponse complaint(const Outcome<void>& end);

  HttpIntake& intake_;
  Done done_;
  Stored stored_;
  Function<void(const std::string&)> failed_;
  Function<void(std::uint64_t)> progress_;
  FileWriter writer_;
};

/// The status that tells a client why its file could not be stored.
int status_of_failure(const OutcomeBase& end);

}  // namespace rp
