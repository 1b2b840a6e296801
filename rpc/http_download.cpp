#include "rpc/http_download.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <memory>
#include <system_error>
#include <utility>

#include "pool/defer.h"
#include "reactor/socket.h"
#include "reactor/unique_fd.h"
#include "rpc/http_upload.h"

namespace rp {
namespace {

// Closed by who lets go of it last, a worker as a rule.
struct OpenFile {
  UniqueFd fd;
  std::uint64_t size = 0;
};
using File = std::shared_ptr<const OpenFile>;

// A file that is not plain would keep the worker waiting for who writes it.
File open_file(const std::string& path) {
  OpenFile file;
  file.fd.reset(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.fd) throw_errno("open " + path);
  struct stat status {};
  if (::fstat(file.fd.get(), &status) != 0) throw_errno("open " + path);
  if (!S_ISREG(status.st_mode)) throw_errno("open " + path, ENOENT);
  file.size = static_cast<std::uint64_t>(status.st_size);
  return std::make_shared<const OpenFile>(std::move(file));
}

// As much as is there, at most `most`.
std::string read_piece(const OpenFile& file, std::uint64_t begin,
                       std::size_t most) {
  std::string bytes(most, '\0');
  ssize_t count = 0;
  do {
    count =
        ::pread(file.fd.get(), bytes.data(), most, static_cast<off_t>(begin));
  } while (count < 0 && errno == EINTR);
  if (count < 0) throw_errno("read");
  bytes.resize(static_cast<std::size_t>(count));
  return bytes;
}

// One answer on its way. Its owner is what it waits for: a job of the pool, or
// the connection that has no room.
struct Download {
  Executor& pool;
  std::size_t piece;
  File file = nullptr;
  HttpBody body = {};
  std::uint64_t sent = 0;

  std::uint64_t left() const { return file->size - sent; }
};
using DownloadPtr = std::unique_ptr<Download>;

void go_on(DownloadPtr it);

// Without a piece the body is dropped, and so cut.
void take_piece(DownloadPtr it, Outcome<std::string> outcome) {
  if (!outcome.ok() || outcome.value().empty()) return;
  const std::string& bytes = outcome.value();
  it->sent += bytes.size();
  it->body.write(bytes);
  go_on(std::move(it));
}

void read_on(DownloadPtr it) {
  const auto most = std::min<std::uint64_t>(it->piece, it->left());
  auto work = [file = it->file, begin = it->sent, most] {
    return read_piece(*file, begin, static_cast<std::size_t>(most));
  };
  Executor& pool = it->pool;
  defer(pool, std::move(work),
        [it = std::move(it)](Outcome<std::string> outcome) mutable {
          take_piece(std::move(it), std::move(outcome));
        });
}

void go_on(DownloadPtr it) {
  if (it->left() == 0) return it->body.end();
  if (it->body.gone()) return;
  if (!it->body.full()) return read_on(std::move(it));
  HttpBody& body = it->body;
  body.on_ready([it = std::move(it)]() mutable { go_on(std::move(it)); });
}

// What open() says when the path names no file, or none that is plain.
bool is_no_file(const std::error_code& code) {
  return code == std::errc::no_such_file_or_directory ||
         code == std::errc::not_a_directory ||
         code == std::errc::no_such_device_or_address ||
         code == std::errc::too_many_symbolic_link_levels ||
         code == std::errc::filename_too_long;
}

int status_of(const OutcomeBase& outcome) {
  try {
    if (outcome.error()) std::rethrow_exception(outcome.error());
  } catch (const std::system_error& error) {
    if (is_no_file(error.code())) return 404;
  } catch (...) {
    return status_of_failure(outcome);
  }
  return status_of_failure(outcome);
}

}  // namespace

void send_file(Executor& pool, std::string path, HttpReply reply,
               DownloadOptions options) {
  defer(
      pool, [path = std::move(path)] { return open_file(path); },
      [&pool, reply = std::move(reply),
       options = std::move(options)](Outcome<File> file) mutable {
        if (!file.ok()) return reply.send(plain_text(status_of(file)));
        auto it = std::make_unique<Download>(Download{pool, options.piece});
        it->file = file.value();
        it->body =
            reply.start({200, std::move(options.fields), {}}, it->file->size);
        go_on(std::move(it));
      });
}

}  // namespace rp
