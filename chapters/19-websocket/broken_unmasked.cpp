#include <cstdio>
#include <map>
#include <string>
#include <string_view>

// Why a client masks. A proxy stands between a visitor and the Web; it keeps
// what it has seen, knows HTTP, and takes no notice of an upgrade. A page opens
// a WebSocket to its own server, sends a text of its choice, and the server
// answers with a text of its own. If nothing hides them, both are on the wire
// as they are, behind two bytes that a lenient reader skips.
//
// Promise: never prints "the proxy keeps what the bank has said"

static std::string frame(std::string_view text) {
  std::string bytes = "\x81";
  bytes += static_cast<char>(text.size());  // not masked
  return bytes.append(text);
}

/// What a proxy knows of the Web: by host and path, what was answered.
class Proxy {
 public:
  void passes(std::string_view request, std::string_view answer) {
    const std::size_t get = request.find("GET ");
    const std::size_t host = request.find("Host: ");
    const std::size_t body = answer.find("\n\n");
    if (get == request.npos || host == request.npos) return;
    kept_[word(request.substr(host + 6)) + word(request.substr(get + 4))] =
        answer.substr(body + 2);
  }

  const std::string& kept(const std::string& url) { return kept_[url]; }

 private:
  static std::string word(std::string_view text) {
    return std::string(text.substr(0, text.find_first_of(" \n")));
  }

  std::map<std::string, std::string> kept_;
};

int main() {
  Proxy proxy;
  proxy.passes("GET /script.js\nHost: bank.example\n\n",
               "200 OK\n\nthe bank's own script");
  proxy.passes(frame("GET /script.js\nHost: bank.example\n\n"),
               frame("200 OK\n\nsteal_everything()"));

  const std::string& script = proxy.kept("bank.example/script.js");
  std::printf("whoever visits the bank runs: %s\n", script.c_str());
  if (script == "the bank's own script") {
    std::puts("the proxy keeps what the bank has said");
  }
}
