#include "examples/digesting.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include "reactor/socket.h"
#include "reactor/unique_fd.h"
#include "rpc/wire/digest.h"

namespace rp {
namespace {

constexpr std::size_t kBlock = 256 * 1024;

// What a crash of the worker, its kill or an overload end alike.
bool is_worth_another_try(const RpcError& error) {
  return error.code == kWorkerLost || error.code == kDeadlinePassed ||
         error.code == kOverloaded;
}

void update(Sha1& sha, int fd, std::uint64_t begin, std::uint64_t length) {
  std::vector<char> block(kBlock);
  while (length > 0) {
    const auto most = std::min<std::uint64_t>(length, block.size());
    const ssize_t count =
        ::pread(fd, block.data(), most, static_cast<off_t>(begin));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw_errno("read the file");
    if (count == 0) throw std::runtime_error("the file has become shorter");
    const auto read = static_cast<std::uint64_t>(count);
    sha.update({block.data(), read});
    begin += read;
    length -= read;
  }
}

void update(Sha1& sha, const Params& params) {
  const std::string path(params.string("path"));
  const UniqueFd fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!fd) throw_errno("open the file");
  update(sha, fd.get(), static_cast<std::uint64_t>(params.integer("offset")),
         static_cast<std::uint64_t>(params.integer("length")));
}

// What goes wrong is told in words, for whoever watches.
Value digest_piece(const Params& params) {
  const std::string_view before = params.string("state");
  auto sha = before.empty() ? Sha1() : Sha1::resume(before);
  if (!sha) throw RpcError(kInvalidParams, "that is no state");
  try {
    update(*sha, params);
  } catch (const std::runtime_error& error) {
    throw RpcError(kHandlerFailed, error.what());
  }
  return ObjectBuilder(params.arena())
      .add("state", text(params.arena(), sha->state()))
      .build();
}

// One file on its way. The answer it waits for owns it.
struct Digesting {
  Asker& client;
  DigestJob job;
  Function<void(std::uint64_t)> progress;
  Function<void(const DigestEnd&)> ended;
  std::string state = {};
  std::uint64_t done = 0;
  int tried = 0;

  std::uint64_t next() const { return std::min(job.piece, job.size - done); }
};

void ask_for_next(std::unique_ptr<Digesting> it);

void take_answer(std::unique_ptr<Digesting> it, const CallResult& answer) {
  if (answer.ok()) {
    it->state = answer.value.find("state")->as_string();
    it->done += it->next();
    it->tried = 0;
    it->progress(it->done);
  } else if (!is_worth_another_try(*answer.error) ||
             it->tried >= it->job.tries) {
    return it->ended({{}, answer.error->what()});
  }
  ask_for_next(std::move(it));
}

void ask_for_next(std::unique_ptr<Digesting> it) {
  if (it->done == it->job.size) {
    auto sha = it->state.empty() ? Sha1() : *Sha1::resume(it->state);
    return it->ended({to_hex(sha.finish()), {}});
  }
  ++it->tried;
  Arena arena;
  const Value piece = ObjectBuilder(arena)
                          .add("path", std::string_view(it->job.path))
                          .add("offset", it->done)
                          .add("length", it->next())
                          .add("state", std::string_view(it->state))
                          .build();
  Asker& client = it->client;
  client.ask(
      "digest_piece", piece,
      [it = std::move(it)](const CallResult& answer) mutable {
        take_answer(std::move(it), answer);
      },
      std::chrono::minutes(2));
}

}  // namespace

void register_digest_piece(Dispatcher& service, const Where& where) {
  MethodOptions options;
  options.deadline = std::chrono::minutes(1);
  options.params = {{"path", Type::string},
                    {"offset", Type::integer},
                    {"length", Type::integer},
                    {"state", Type::string}};
  service.method("digest_piece", where, digest_piece, std::move(options));
}

void digest_file(Asker& client, DigestJob job,
                 Function<void(std::uint64_t)> progress,
                 Function<void(const DigestEnd&)> ended) {
  ask_for_next(std::make_unique<Digesting>(Digesting{
      client, std::move(job), std::move(progress), std::move(ended)}));
}

}  // namespace rp
