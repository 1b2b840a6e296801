#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

// A gate lets only requests for /public through, to a server that trusts it.
// Both read HTTP, and both know two ways to tell where a body ends. The gate
// goes by Content-Length; the server goes by the chunks, if there are any. A
// request that has both is one request at the gate, and two at the server.
//
// Promise: never prints "the server has served what the gate let through"

using Paths = std::vector<std::string>;

static std::size_t number_behind(std::string_view head, std::string_view name) {
  const std::size_t at = head.find(name);
  if (at == head.npos) return 0;
  return std::stoul(std::string(head.substr(at + name.size())));
}

// The last chunk is empty, and an empty line stands behind it.
static std::size_t end_of_chunks(std::string_view body) {
  return body.find("0\r\n\r\n") + 5;
}

static Paths read(std::string_view stream, bool knows_chunks) {
  Paths paths;
  while (!stream.empty()) {
    const std::size_t end = stream.find("\r\n\r\n") + 4;
    const std::string_view head = stream.substr(0, end);
    const std::size_t path = head.find(' ') + 1;
    paths.emplace_back(head.substr(path, head.find(' ', path) - path));
    stream.remove_prefix(end);
    const bool chunked = head.find("chunked") != head.npos;
    stream.remove_prefix(knows_chunks && chunked
                             ? end_of_chunks(stream)
                             : number_behind(head, "Content-Length: "));
  }
  return paths;
}

int main() {
  const std::string body = "0\r\n\r\nGET /secret HTTP/1.1\r\nHost: a\r\n\r\n";
  const std::string stream =
      "POST /public HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
      "Content-Length: " +
      std::to_string(body.size()) + "\r\n\r\n" + body;
  const Paths passed = read(stream, false);
  for (const std::string& path : passed) {
    std::printf("the gate reads a request for %s\n", path.c_str());
    if (path != "/public") return 0;
  }
  const Paths served = read(stream, true);
  for (const std::string& path : served) {
    std::printf("the server serves %s\n", path.c_str());
  }
  if (served == passed) {
    std::puts("the server has served what the gate let through");
  }
}
