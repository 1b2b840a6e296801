#include "tests/support/parsed_http.h"

#include <set>

#include "rpc/wire/http_request_parser.h"
#include "rpc/wire/http_response_parser.h"

namespace rp {

namespace {

std::string shown(const HttpFields& fields) {
  std::string text;
  for (const auto& [name, value] : fields) {
    text.append(text.empty() ? "" : ", ").append(name).append(": ");
    text.append(value);
  }
  return "{" + text + "}";
}

std::string shown_head(HttpRequestParser& parser) {
  const HttpRequest& request = parser.request();
  return request.method + " " + request.target + " HTTP/1." +
         std::to_string(request.minor) + " " + shown(request.fields);
}

std::string shown_head(HttpResponseParser& parser) {
  const HttpResponse& response = parser.response();
  return std::to_string(response.status) + " " + shown(response.fields);
}

std::string shown_end(const HttpParser& parser) {
  if (parser.trailers().empty()) return "end";
  return "end " + shown(parser.trailers());
}

void add_body(Said& said, std::string_view bytes) {
  if (said.empty() || !said.back().starts_with("body ")) {
    said.emplace_back("body ");
  }
  said.back().append(bytes);
}

// Returns false when the parser has no more to say.
template <class Parser>
bool ask(Parser& parser, Said& said) {
  const HttpEvent event = parser.next();
  switch (event.kind) {
    case HttpEvent::kNothingYet:
      return false;
    case HttpEvent::kHead:
      said.push_back(shown_head(parser));
      return true;
    case HttpEvent::kBody:
      add_body(said, event.bytes);
      return true;
    case HttpEvent::kEnd:
      said.push_back(shown_end(parser));
      return true;
    case HttpEvent::kError:
      said.push_back("error " + std::to_string(event.status));
      return false;
  }
  return false;
}

template <class Parser>
void lend(Parser& parser, std::string_view piece, Said& said) {
  if (!said.empty() && said.back().starts_with("error ")) return;
  const std::vector<char> lent(piece.begin(), piece.end());
  parser.feed({lent.data(), lent.size()});
  while (ask(parser, said)) {
  }
}

}  // namespace

Said requests_in(const Pieces& pieces, HttpLimits limits) {
  HttpRequestParser parser(limits);
  Said said;
  for (const std::string& piece : pieces) lend(parser, piece, said);
  return said;
}

Said responses_in(const Pieces& pieces, std::string_view method, bool ends,
                  HttpLimits limits) {
  HttpResponseParser parser(limits);
  parser.expect(method);
  Said said;
  for (const std::string& piece : pieces) lend(parser, piece, said);
  if (ends) {
    parser.feed_end();
    lend(parser, "", said);
  }
  return said;
}

Said requests_around_a_pause(const std::string& stream, std::size_t cut,
                             int asked) {
  HttpRequestParser parser;
  Said said;
  {
    const std::string_view piece = std::string_view(stream).substr(0, cut);
    const std::vector<char> lent(piece.begin(), piece.end());
    parser.feed({lent.data(), lent.size()});
    while (asked-- > 0 && ask(parser, said)) {
    }
    parser.keep();
  }
  lend(parser, std::string_view(stream).substr(cut), said);
  return said;
}

std::string last_said(const std::string& stream, HttpLimits limits) {
  std::vector<Pieces> ways = cut_everywhere(stream);
  ways.push_back(byte_by_byte(stream));
  std::set<std::string> last;
  for (const Pieces& pieces : ways) {
    const Said said = requests_in(pieces, limits);
    last.insert(said.empty() ? "nothing" : said.back());
  }
  std::string all;
  for (const std::string& one : last) all += (all.empty() ? "" : " or ") + one;
  return all;
}

Pieces byte_by_byte(std::string_view stream) {
  Pieces pieces;
  for (const char c : stream) pieces.emplace_back(1, c);
  return pieces;
}

std::vector<Pieces> cut_everywhere(const std::string& stream) {
  std::vector<Pieces> all;
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    all.push_back({stream.substr(0, cut), stream.substr(cut)});
  }
  return all;
}

}  // namespace rp
