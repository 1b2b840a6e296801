// Takes files larger than memory: the pool writes them, worker processes digest
// them, and the loop tells how far they are.

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>

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

// "1000", "500M", "64G": the units are those of 1024.
std::uint64_t most_bytes(const Flags& given) {
  constexpr std::string_view kUnits = "KMGT";
  const std::string text = given.text("most");
  const char* end = text.data() + text.size();
  std::uint32_t count = 0;
  const auto [stop, error] = std::from_chars(text.data(), end, count);
  const std::size_t unit = stop == end ? 0 : 1 + kUnits.find(*stop);
  const bool is_whole = stop == end || (unit > 0 && stop + 1 == end);
  const std::uint64_t bytes = std::uint64_t{count} << (10 * unit);
  const bool fits = bytes >> (10 * unit) == count;
  if (error != std::errc{} || !is_whole || !fits) {
    throw UsageError("--most: " + text + " is not a size such as 500M or 64G");
  }
  return bytes;
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
  UploadServer server(reactor, {.address = ip_address(given, "http"),
                                .folder = given.text("folder"),
                                .most = most_bytes(given),
                                .worker = {self, "--worker"},
                                .workers = workers,
                                .http = http_options(given, workers)});
  end_on_signals(reactor, stdout);
  report_refusals(reactor, "upload");
  warn_if_open("upload", server.address(), "store files");
  announce_page(server.address());
  reactor.run();
  return 0;
}

}  // namespace
}  // namespace rp

int main(int argc, char** argv) {
  rp::Flags flags(
      "upload",
      "Stores what is sent to it, by curl -T FILE URL or by its page.");
  flags.option("http", "HOST:PORT", "where to listen; port 0: any free one",
               "127.0.0.1:7084");
  rp::declare_host(flags);
  flags.option("folder", "PATH", "where files are stored", "build/uploads");
  flags.option("most", "SIZE", "bytes of a file, with K, M, G or T", "64G");
  flags.option("workers", "N", "processes that digest files", "2");
  flags.toggle("worker", "be such a process");
  rp::declare_poller(flags);
  flags.help_ends_with(rp::help_on_signals);
  return rp::run_program(flags, argc, argv, rp::serve);
}
