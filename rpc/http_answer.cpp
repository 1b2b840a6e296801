#include "rpc/http_answer.h"

#include "rpc/wire/http_writer.h"

namespace rp {

HttpAnswer::HttpAnswer(const HttpRequest& request)
    : to_head_(request.method == "HEAD"), minor_(request.minor) {}

void HttpAnswer::begin(std::string& out, const HttpResponse& head,
                       std::optional<std::uint64_t> length, bool may_go_on,
                       const std::string& date) {
  const bool content = may_have_body(head.status);
  const bool by_close = content && !length && minor_ == 0;
  const bool wants_close = has_token(head.fields, "Connection", "close");
  const HttpWriting writing{
      .keep_alive = may_go_on && !by_close && !wants_close,
      .to_head = to_head_,
      .minor = minor_,
      .date = date};
  content ? write_response_head(out, head, length, writing)
          : write_response(out, head, writing);

  status_ = head.status;
  goes_on_ = writing.keep_alive;
  left_ = length.value_or(0);
  framing_ = length     ? Framing::length
             : by_close ? Framing::close
                        : Framing::chunks;
  if (!content || to_head_) framing_ = Framing::none;
}

bool HttpAnswer::count(std::uint64_t bytes) {
  if (framing_ == Framing::length) {
    if (bytes > left_) return false;
    left_ -= bytes;
  }
  sent_ += bytes;
  return true;
}

}  // namespace rp
