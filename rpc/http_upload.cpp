#include "rpc/http_upload.h"

#include <cerrno>
#include <system_error>
#include <utility>

#include "rpc/random_bytes.h"
#include "rpc/wire/digest.h"

namespace rp {
namespace {

// Nobody guesses it, so who has not been told cannot ask for the file.
std::string new_name() { return to_hex(random_bytes(16)); }

bool is_want_of_space(const std::error_code& error) {
  return error == std::errc::no_space_on_device ||
         error == std::errc::file_too_large || error.value() == EDQUOT;
}

// Descriptors come back, space does not.
bool is_want_of_descriptors(const std::error_code& error) {
  return error == std::errc::too_many_files_open ||
         error == std::errc::too_many_files_open_in_system;
}

// The errno is for our log: it may tell of paths.
std::string why_not_stored(int status) {
  if (status == 507) return "there is no space for the file\n";
  if (status == 503) return "too much is being done; try again later\n";
  return "the file could not be written\n";
}

}  // namespace

int status_of_failure(const OutcomeBase& end) {
  if (end.fate() != Fate::failed) return 503;
  try {
    std::rethrow_exception(end.error());
  } catch (const std::system_error& error) {
    if (is_want_of_descriptors(error.code())) return 503;
    return is_want_of_space(error.code()) ? 507 : 500;
  } catch (...) {
    return 500;
  }
}

HttpUpload::HttpUpload(Executor& pool, HttpIntake& intake, Options options,
                       Done done)
    : intake_(intake),
      done_(std::move(done)),
      stored_{new_name(), 0},
      writer_(pool, {std::move(options.folder), options.pause_at}) {
  writer_.on_room([this] { intake_.resume(); });
  writer_.on_failed(
      [this](const Outcome<void>& end) { intake_.refuse(complaint(end)); });
}

void HttpUpload::on_body(std::string_view bytes) {
  writer_.write(bytes);
  if (writer_.full()) intake_.pause();
  if (progress_) progress_(writer_.size());
}

void HttpUpload::on_end(HttpReply reply) {
  stored_.size = writer_.size();
  writer_.publish(stored_.name, [this, reply = std::move(reply)](
                                    const Outcome<void>& end) mutable {
    if (!end.ok()) return reply.send(complaint(end));
    done_(std::move(reply), stored_);
  });
}

HttpResponse HttpUpload::complaint(const Outcome<void>& end) {
  if (failed_) failed_(end.message());
  const int status = status_of_failure(end);
  return plain_text(status, why_not_stored(status));
}

}  // namespace rp
