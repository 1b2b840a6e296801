// Takes files of any size: the pool writes them, worker processes digest them,
// and the loop tells how far they are.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "examples/digesting.h"
#include "examples/end_on_signals.h"
#include "examples/flags.h"
#include "examples/listening.h"
#include "examples/poller_flag.h"
#include "examples/upload_server.h"
#include "reactor/select_poller.h"
#include "reactor/signals.h"
#include "rpc/stdio.h"

namespace rp {
namespace {

// `upload --worker`: digests what its parent asks for.
int serve_parent() {
  Signals::ignore_broken_pipes();
  Reactor reactor(std::make_unique<SelectPoller>());
  Dispatcher service(reactor);
  register_digest_piece(service, on_loop);
  Stdio::start(service, [&reactor](CloseReason) { reactor.stop(); });
  reactor.run();
  return 0;
}

// An upload has its connection and its file.
HttpOptions http_options(const Flags& given, std::size_t workers) {
  HttpOptions options = options_of_hosts(given);
  const std::size_t room = descriptors_left(given, workers) / 2;
  std::size_t& most = options.acceptor.connections;
  most = std::clamp<std::size_t>(room, 1, most);
  return options;
}

int serve(const Flags& given) {
  if (given.has("worker")) return serve_parent();
  const std::string self = std::filesystem::read_symlink("/proc/self/exe");
  const auto workers =
      static_cast<std::size_t>(given.integer("workers", 1, 64));
  Reactor reactor(chosen_poller(given));
  UploadServer server(reactor, {.address = given.address("http"),
                                .folder = given.text("folder"),
                                .worker = {self, "--worker"},
                                .workers = workers,
                                .http = http_options(given, workers)});
  end_on_signals(reactor);
  warn_if_open("upload", server.address(), "store files");
  std::printf("listening on http://%s\n", server.address().to_string().c_str());
  std::fflush(stdout);
  reactor.run();
  return 0;
}

}  // namespace
}  // namespace rp

int main(int argc, char** argv) {
  rp::Flags flags("upload", "Stores what is sent to it: curl -T FILE URL");
  flags.option("http", "HOST:PORT", "where to listen; port 0: any free one",
               "127.0.0.1:7084");
  rp::declare_host(flags);
  flags.option("folder", "PATH", "where files are stored", "build/uploads");
  flags.option("workers", "N", "processes that digest files", "2");
  flags.toggle("worker", "be such a process");
  rp::declare_poller(flags);
  return rp::run_program(flags, argc, argv, rp::serve);
}
