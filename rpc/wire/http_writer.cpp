#include "rpc/wire/http_writer.h"

#include <array>
#include <charconv>
#include <stdexcept>

#include "rpc/wire/http_grammar.h"

namespace rp {

namespace {

[[noreturn]] void refuse(const char* what) {
  throw std::invalid_argument(std::string("HTTP: ") + what);
}

void check_fields(const HttpFields& fields) {
  for (const auto& [name, value] : fields) {
    if (!is_token(name)) refuse("a field's name is no token");
    if (!is_field_value(value)) refuse("a control character in a field");
    if (is_framing(name)) refuse("the framing of a body is the writer's");
  }
}

void check_request(const HttpRequest& request) {
  HttpRequest read{.fields = request.fields};
  try {
    parse_request_line(request.method + " " + request.target + " HTTP/1.1",
                       read);
    check_host(read);
  } catch (const HttpRefusal& refusal) {
    refuse(refusal.what());
  }
  check_fields(request.fields);
}

void add_field(std::string& out, std::string_view name,
               std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

void add_fields(std::string& out, const HttpFields& fields) {
  for (const auto& [name, value] : fields) add_field(out, name, value);
}

void add_length(std::string& out, std::uint64_t length) {
  add_field(out, "Content-Length", std::to_string(length));
}

void add_framing(std::string& out, std::optional<std::uint64_t> length) {
  if (length) {
    add_length(out, *length);
  } else {
    add_field(out, "Transfer-Encoding", "chunked");
  }
}

// 304 may tell the length that the answer to GET would have.
bool may_have_length(int status) {
  return may_have_body(status) || status == 304;
}

void add_usual_fields(std::string& out, const HttpFields& fields,
                      const HttpWriting& writing) {
  if (!writing.date.empty() && find_field(fields, "Date") == nullptr) {
    add_field(out, "Date", writing.date);
  }
  if (writing.keep_alive) {
    if (writing.minor == 0) add_field(out, "Connection", "keep-alive");
  } else if (!has_token(fields, "Connection", "close")) {
    add_field(out, "Connection", "close");
  }
}

void begin_response(std::string& out, const HttpResponse& response,
                    const HttpWriting& writing) {
  if (response.status < 100 || response.status > 599) refuse("no such status");
  if (!is_field_value(writing.date)) refuse("a control character in a date");
  check_fields(response.fields);
  out.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
  out.append(http_reason(response.status)).append("\r\n");
  add_usual_fields(out, response.fields, writing);
  add_fields(out, response.fields);
}

void begin_request(std::string& out, const HttpRequest& request) {
  check_request(request);
  out.append(request.method).append(" ").append(request.target);
  out.append(" HTTP/1.1\r\n");
  add_fields(out, request.fields);
}

// Two digits, as dates have them.
std::string two(unsigned number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

}  // namespace

void write_response(std::string& out, const HttpResponse& response,
                    const HttpWriting& writing) {
  begin_response(out, response, writing);
  const bool has_body = may_have_body(response.status);
  if (has_body) add_length(out, response.body.size());
  out.append("\r\n");
  if (has_body && !writing.to_head) out.append(response.body);
}

void write_response_head(std::string& out, const HttpResponse& response,
                         std::optional<std::uint64_t> length,
                         const HttpWriting& writing) {
  const bool until_close = !length && writing.minor == 0;
  HttpWriting adapted = writing;
  if (until_close) adapted.keep_alive = false;
  begin_response(out, response, adapted);
  if (!until_close && may_have_length(response.status)) {
    add_framing(out, length);
  }
  out.append("\r\n");
}

void write_request(std::string& out, const HttpRequest& request) {
  begin_request(out, request);
  if (!request.body.empty() || wants_body(request.method)) {
    add_length(out, request.body.size());
  }
  out.append("\r\n").append(request.body);
}

void write_request_head(std::string& out, const HttpRequest& request,
                        std::optional<std::uint64_t> length) {
  begin_request(out, request);
  add_framing(out, length);
  out.append("\r\n");
}

void write_chunk(std::string& out, std::string_view bytes) {
  if (bytes.empty()) return;
  std::array<char, 16> size;
  const auto end =
      std::to_chars(size.data(), size.data() + size.size(), bytes.size(), 16);
  out.append(size.data(), end.ptr).append("\r\n");
  out.append(bytes).append("\r\n");
}

void write_last_chunk(std::string& out, const HttpFields& trailers) {
  check_fields(trailers);
  out.append("0\r\n");
  add_fields(out, trailers);
  out.append("\r\n");
}

std::string http_date(std::chrono::system_clock::time_point time) {
  static constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed",
                                       "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr",
                                         "May", "Jun", "Jul", "Aug",
                                         "Sep", "Oct", "Nov", "Dec"};
  using std::chrono::floor;
  const auto day = floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(floor<std::chrono::seconds>(time - day));
  const auto count = [](auto units) {
    return two(static_cast<unsigned>(units.count()));
  };
  return std::string(kDays[std::chrono::weekday(day).c_encoding()]) + ", " +
         two(static_cast<unsigned>(date.day())) + " " +
         kMonths[static_cast<unsigned>(date.month()) - 1] + " " +
         std::to_string(static_cast<int>(date.year())) + " " +
         count(clock.hours()) + ":" + count(clock.minutes()) + ":" +
         count(clock.seconds()) + " GMT";
}

}  // namespace rp
