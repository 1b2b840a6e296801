#include "pool/resolver.h"

#include <netdb.h>

#include <cerrno>
#include <memory>
#include <stdexcept>
#include <utility>

namespace rp {

namespace {

class ResolverCategory : public std::error_category {
 public:
  const char* name() const noexcept override { return "getaddrinfo"; }
  std::string message(int code) const override { return ::gai_strerror(code); }
};

void check(const std::string& name) {
  const auto refuse = [&](const std::string& why) {
    throw std::invalid_argument("resolve a name that " + why);
  };
  if (name.empty()) refuse("is empty");
  if (name.find('\0') != std::string::npos) refuse("has a NUL in it");
  if (name.size() > Resolver::kLongestName) {
    refuse("is longer than " + std::to_string(Resolver::kLongestName) +
           " characters");
  }
}

[[noreturn]] void fail(const std::string& name, int code, int number) {
  const std::string tried = "resolve \"" + name + '"';
  if (code == EAI_SYSTEM) {
    throw std::system_error(number, std::generic_category(), tried);
  }
  throw std::system_error(code, resolver_category(), tried);
}

}  // namespace

const std::error_category& resolver_category() {
  static const ResolverCategory category;
  return category;
}

std::vector<Address> resolve_blocking(const std::string& name,
                                      std::uint16_t port) {
  check(name);
  // Without a kind of socket each address would come once for each kind.
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* list = nullptr;
  const int code =
      ::getaddrinfo(name.c_str(), std::to_string(port).c_str(), &hints, &list);
  if (code != 0) fail(name, code, errno);
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(
      list, &::freeaddrinfo);
  std::vector<Address> found;
  for (const addrinfo* each = list; each != nullptr; each = each->ai_next) {
    found.push_back(Address::from(each->ai_addr, each->ai_addrlen));
  }
  return found;
}

JobId Resolver::resolve(std::string name, std::uint16_t port, Done done,
                        DeferOptions options) {
  Job job = job_with_result(
      [name = std::move(name), port] { return resolve_blocking(name, port); },
      std::move(done));
  job.deadline = options.deadline;
  job.kind = "resolve";
  return executor_.submit(std::move(job));
}

}  // namespace rp
