#include "examples/upload_server.h"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include "examples/digesting.h"
#include "examples/sent_name.h"
#include "examples/upload_page.h"
#include "pool/new_file.h"
#include "reactor/socket.h"
#include "rpc/http_download.h"
#include "rpc/http_files.h"
#include "rpc/http_rpc.h"
#include "rpc/in_process.h"
#include "rpc/websocket_server.h"
#include "rpc/wire/http_grammar.h"

namespace rp {
namespace {

constexpr std::string_view kFiles = "/files/";

// A name that we give.
bool is_name(std::string_view word) {
  return word.size() == 32 &&
         word.find_first_not_of("0123456789abcdef") == word.npos;
}

void make_folder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) throw_errno("create folder " + path, error.value());
  const NewFile to_see_that_it_can_be_written(path);
}

}  // namespace

// Its place in the table goes with its client.
class UploadServer::Upload : public HttpUpload {
 public:
  Upload(UploadServer& server, const HttpRequest& request, HttpIntake& intake)
      : HttpUpload(server.pool_.executor(), intake, {server.folder_},
                   [&server](HttpReply reply, const Stored& it) {
                     server.stored(std::move(reply), it);
                   }),
        table_(server.table_) {
    table_.add(name(), request.path()).expected =
        content_length(request.fields).value_or(0);
    on_progress([this](std::uint64_t bytes) {
      if (UploadEntry* entry = table_.find(name())) entry->received = bytes;
    });
    on_failed([](const std::string& why) {
      std::fprintf(stderr, "upload: %s\n", why.c_str());
    });
  }
  ~Upload() override {
    const UploadEntry* entry = table_.find(name());
    if (!entry || entry->state != UploadEntry::State::arriving) return;
    table_.erase(name());
  }

 private:
  UploadTable& table_;
};

UploadServer::UploadServer(Reactor& reactor, Options options)
    : folder_(std::move(options.folder)),
      most_(options.most),
      // Each connection has one job for it at a time.
      pool_(reactor, {.capacity = options.http.acceptor.connections}),
      workers_(reactor, {.command = std::move(options.worker),
                         .workers = options.workers}),
      inner_(reactor),
      service_(reactor),
      client_(inner_, inner_),
      server_(reactor, options.address, std::move(options.http)) {
  make_folder(folder_);
  register_digest_piece(inner_, InProcess{workers_});
  service_.method("uploads", on_loop, [this](const Params& params) -> Value {
    return table_.to_value(params.arena());
  });
  take_at("/*");
  take_at("/files/*");
  take_at("/rpc");
  for (const HttpFile& file : upload_page()) take_at(file.url);
  server_.get("/files/*", [this](const HttpRequest& request, HttpReply reply) {
    send_back(request.path().substr(kFiles.size()), std::move(reply));
  });
  serve_json_rpc(server_, "/rpc", service_);
  serve_json_rpc_websocket(server_, "/rpc", service_);
  serve_files(server_, upload_page());
}

std::string UploadServer::path_of(std::string_view name) const {
  return folder_ + "/" + std::string(name);
}

void UploadServer::take_at(std::string_view path) {
  server_.stream("PUT", path,
                 [this](const HttpRequest& request, HttpIntake& intake) {
                   return take(request, intake);
                 },
                 {.body = most_});
}

// A part would be stored as if it were the whole (RFC 9110, section 14.5).
HttpStart UploadServer::take(const HttpRequest& request, HttpIntake& intake) {
  if (request.field("Content-Range") != nullptr) {
    return plain_text(400, "only whole files are taken\n");
  }
  return std::make_unique<Upload>(*this, request, intake);
}

void UploadServer::stored(HttpReply reply, const HttpUpload::Stored& it) {
  HttpResponse answer = plain_text(201, it.name + '\n');
  answer.fields.emplace_back("Location", std::string(kFiles) + it.name);
  reply.send(std::move(answer));
  digest(it);
}

void UploadServer::digest(const HttpUpload::Stored& it) {
  UploadEntry* entry = table_.find(it.name);
  if (entry == nullptr) return;
  entry->state = UploadEntry::State::digesting;
  digest_file(
      client_, {.path = path_of(it.name), .size = it.size},
      [this, name = it.name](std::uint64_t done) {
        if (auto* found = table_.find(name)) found->digested = done;
      },
      [this, name = it.name](const DigestEnd& end) {
        auto* found = table_.find(name);
        if (found == nullptr) return;
        found->sha1 = end.sha1;
        found->error = end.error;
        found->state = end.error.empty() ? UploadEntry::State::done
                                         : UploadEntry::State::failed;
      });
}

// What was sent before the program began is there, too, without its old name.
void UploadServer::send_back(std::string_view name, HttpReply reply) {
  if (!is_name(name)) return reply.send(plain_text(404));
  const UploadEntry* entry = table_.find(name);
  send_file(pool_.executor(), path_of(name), std::move(reply),
            {.fields = {{"Content-Type", "application/octet-stream"},
                        {"Content-Disposition",
                         attachment_of(entry ? entry->sent_as : "")},
                        {"X-Content-Type-Options", "nosniff"}}});
}

}  // namespace rp
