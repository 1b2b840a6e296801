#include "examples/poller_flag.h"

#include "reactor/epoll_poller.h"
#include "reactor/select_poller.h"

namespace rp {

void declare_poller(Flags& flags) {
  flags.option("poller", "epoll|select", "how to wait", "epoll");
}

std::unique_ptr<Poller> chosen_poller(const Flags& given) {
  if (given.choice("poller", {"epoll", "select"}) == "epoll") {
    return std::make_unique<EpollPoller>();
  }
  return std::make_unique<SelectPoller>();
}

}  // namespace rp
