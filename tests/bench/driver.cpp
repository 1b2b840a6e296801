#include "tests/bench/driver.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "reactor/socket.h"

namespace rp {

namespace {

void send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count < 0) throw_errno("send to the server");
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

std::string_view receive_some(int fd) {
  static std::array<char, 65536> buffer;
  const ssize_t count = ::recv(fd, buffer.data(), buffer.size(), 0);
  if (count <= 0) throw std::runtime_error("the server closed a connection");
  return {buffer.data(), static_cast<std::size_t>(count)};
}

void receive_lines(int fd, std::size_t lines) {
  while (lines > 0) {
    const std::string_view bytes = receive_some(fd);
    const auto ends = std::count(bytes.begin(), bytes.end(), '\n');
    lines -= std::min(lines, static_cast<std::size_t>(ends));
  }
}

}  // namespace

Driver::Driver(std::uint16_t port, std::size_t connections) {
  for (std::size_t i = 0; i < connections; ++i) {
    connections_.push_back(connect_blocking(Address::ip("127.0.0.1", port)));
    send_without_delay(connections_.back().get());
  }
}

void Driver::drive(std::string_view line, std::size_t in_flight,
                   std::size_t count) {
  std::string burst;
  for (std::size_t i = 0; i < in_flight; ++i) burst.append(line).append("\n");
  const std::size_t a_round = in_flight * connections_.size();
  for (std::size_t sent = 0; sent < count; sent += a_round) {
    for (const UniqueFd& fd : connections_) send_all(fd.get(), burst);
    for (const UniqueFd& fd : connections_) {
      receive_lines(fd.get(), in_flight);
    }
  }
}

std::string Driver::ask(std::string_view line) {
  const int fd = connections_.front().get();
  send_all(fd, std::string(line) + "\n");
  std::string answer;
  while (answer.empty() || answer.back() != '\n') answer += receive_some(fd);
  answer.pop_back();
  return answer;
}

}  // namespace rp
