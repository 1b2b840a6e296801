#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "examples/upload_table.h"
#include "pool/process_workers.h"
#include "pool/reactor_pool.h"
#include "reactor/address.h"
#include "reactor/reactor.h"
#include "rpc/dispatcher.h"
#include "rpc/http_server.h"
#include "rpc/http_upload.h"
#include "rpc/local.h"

namespace rp {

/// Stores what is sent to it, and tells how far that is:
///
///     Reactor reactor;
///     UploadServer server{reactor, {.address = here, .folder = "uploads",
///                                   .worker = {"./upload", "--worker"}}};
///     reactor.run();
///
/// - `PUT /anything` stores the body under a name of ours, which is the answer;
///   more than `most` is refused with 413, a part of a file with 400;
/// - then worker processes digest the file, piece by piece;
/// - `GET /files/NAME` sends it back, for as long as it lies in the folder;
/// - `/rpc`, over HTTP and WebSocket: "uploads" gives the table of the last
///   hundred, which a page asks for again and again;
/// - `GET /` is such a page.
///
/// The loop waits for no disk: the pool does. Thread rule: the loop's thread.
/// It must outlive run().
class UploadServer {
 public:
  struct Options {
    Address address;
    std::string folder;                            ///< made if it is not there
    std::uint64_t most = std::uint64_t{64} << 30;  ///< bytes of a file
    std::vector<std::string> worker;               ///< the command that digests
    std::size_t workers = 2;                       ///< how many such processes
    HttpOptions http = {};
  };

  /// Throws std::system_error when it cannot listen, make the folder or write
  /// in it.
  UploadServer(Reactor& reactor, Options options);

  const Address& address() const { return server_.address(); }

 private:
  class Upload;

  std::string path_of(std::string_view name) const;
  void take_at(std::string_view path);
  HttpStart take(const HttpRequest& request, HttpIntake& intake);
  void stored(HttpReply reply, const HttpUpload::Stored& it);
  void digest(const HttpUpload::Stored& it);
  void send_back(std::string_view name, HttpReply reply);

  std::string folder_;
  std::uint64_t most_;
  UploadTable table_;
  ReactorPool pool_;
  ProcessWorkers workers_;
  Dispatcher inner_;    // what only this program calls
  Dispatcher service_;  // what clients call
  LocalClient client_;
  HttpServer server_;
};

}  // namespace rp
