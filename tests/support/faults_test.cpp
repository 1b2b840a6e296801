#include "tests/support/faults.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netdb.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "reactor/unique_fd.h"
#include "tests/support/stream_pair.h"

namespace rp {
namespace {

// Each call, made plainly; `fd` is one end of a stream.
struct Wrapped {
  const char* name;
  SystemCall call;
  long (*make)(int fd);
  bool by_descriptor;
};

const sockaddr kNowhere{AF_UNSPEC, {}};

const Wrapped kWrapped[] = {
    {"Accept4", SystemCall::kAccept4,
     [](int fd) -> long { return ::accept4(fd, nullptr, nullptr, 0); }, true},
    {"Connect", SystemCall::kConnect,
     [](int fd) -> long { return ::connect(fd, &kNowhere, sizeof kNowhere); },
     true},
    {"EpollWait", SystemCall::kEpollWait,
     [](int fd) -> long {
       epoll_event event;
       return ::epoll_wait(fd, &event, 1, 0);
     },
     true},
    {"Eventfd", SystemCall::kEventfd,
     [](int) -> long { return ::eventfd(0, EFD_CLOEXEC); }, false},
    {"Getaddrinfo", SystemCall::kGetaddrinfo,
     [](int) -> long {
       addrinfo hints{};
       hints.ai_flags = AI_NUMERICHOST;
       addrinfo* found = nullptr;
       const int code = ::getaddrinfo("127.0.0.1", nullptr, &hints, &found);
       if (code == 0) ::freeaddrinfo(found);
       return code;
     },
     false},
    {"Open", SystemCall::kOpen,
     [](int) -> long { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); },
     false},
    {"Pselect", SystemCall::kPselect,
     [](int) -> long {
       const timespec now{};
       return ::pselect(0, nullptr, nullptr, nullptr, &now, nullptr);
     },
     false},
    {"Read", SystemCall::kRead,
     [](int fd) -> long {
       char byte;
       return ::read(fd, &byte, 1);
     },
     true},
    {"Recv", SystemCall::kRecv,
     [](int fd) -> long {
       char byte;
       return ::recv(fd, &byte, 1, 0);
     },
     true},
    {"Recvfrom", SystemCall::kRecvfrom,
     [](int fd) -> long {
       char byte;
       return ::recvfrom(fd, &byte, 1, 0, nullptr, nullptr);
     },
     true},
    {"Send", SystemCall::kSend,
     [](int fd) -> long { return ::send(fd, "x", 1, 0); }, true},
    {"Sendto", SystemCall::kSendto,
     [](int fd) -> long { return ::sendto(fd, "x", 1, 0, nullptr, 0); }, true},
    {"Socket", SystemCall::kSocket,
     [](int) -> long { return ::socket(AF_UNIX, SOCK_STREAM, 0); }, false},
    {"Write", SystemCall::kWrite,
     [](int fd) -> long { return ::write(fd, "x", 1); }, true},
};

class FaultsTest : public testing::Test {
 protected:
  int ours() const { return stream_.ours.get(); }
  int theirs() const { return stream_.theirs.get(); }

  StreamPair stream_;
};

class WrappedCall : public FaultsTest,
                    public testing::WithParamInterface<Wrapped> {
 protected:
  // The errno of a call; 0 if it succeeded. What it opened is closed.
  int outcome(int fd) {
    errno = 0;
    const long result = GetParam().make(fd);
    const int number = result < 0 ? errno : 0;
    if (!GetParam().by_descriptor && result > 2) {
      ::close(static_cast<int>(result));
    }
    return number;
  }
};

INSTANTIATE_TEST_SUITE_P(Calls, WrappedCall, testing::ValuesIn(kWrapped),
                         [](const auto& chosen) { return chosen.param.name; });

TEST_P(WrappedCall, IsMetByAFaultOnAnyDescriptor) {
  Fault fault = Fault::on_any().in(GetParam().call, {Fault::error(EXDEV)});
  EXPECT_EQ(outcome(ours()), EXDEV);
  EXPECT_EQ(fault.left(), 0U);
}

TEST_P(WrappedCall, PassesThroughAfterTheLastStep) {
  Fault fault = Fault::on_any().in(GetParam().call, {Fault::error(EXDEV)});
  outcome(ours());
  EXPECT_NE(outcome(ours()), EXDEV);
  EXPECT_EQ(fault.calls(GetParam().call), 2U);
}

TEST_P(WrappedCall, PassesThroughWhenTheFaultIsGone) {
  { Fault::on_any().in(GetParam().call, {Fault::error(EXDEV).always()}); }
  EXPECT_NE(outcome(ours()), EXDEV);
}

TEST_P(WrappedCall, IsMetOnTheChosenDescriptorOnly) {
  Fault fault =
      Fault::on(ours()).in(GetParam().call, {Fault::error(EXDEV).always()});
  EXPECT_NE(outcome(theirs()), EXDEV);
  EXPECT_EQ(fault.calls(GetParam().call), 0U);
  EXPECT_EQ(outcome(ours()) == EXDEV, GetParam().by_descriptor);
}

using Faults = FaultsTest;

TEST_F(Faults, ServeTheirStepsInOrder) {
  ASSERT_EQ(::send(theirs(), "abcdef", 6, 0), 6);
  const Fault fault =
      Fault::on(ours()).recv({Fault::at_most(1), Fault::error(EINTR),
                              Fault::pass(), Fault::error(ECONNRESET)});
  char bytes[6];
  EXPECT_EQ(::recv(ours(), bytes, 6, 0), 1);
  EXPECT_EQ(::recv(ours(), bytes, 6, 0), -1);
  EXPECT_EQ(errno, EINTR);
  EXPECT_EQ(::recv(ours(), bytes, 6, 0), 5);
  EXPECT_EQ(::recv(ours(), bytes, 6, 0), -1);
  EXPECT_EQ(errno, ECONNRESET);
}

TEST_F(Faults, ShortenReadsAndWrites) {
  const Fault fault =
      Fault::on(ours()).write({Fault::at_most(2)}).read({Fault::at_most(3)});
  EXPECT_EQ(::write(ours(), "abcd", 4), 2);
  EXPECT_EQ(::write(theirs(), "efgh", 4), 4);
  char bytes[4];
  EXPECT_EQ(::read(ours(), bytes, 4), 3);
  EXPECT_EQ(::read(theirs(), bytes, 4), 2);
}

TEST_F(Faults, ShortenSends) {
  const Fault fault = Fault::on(ours()).send({Fault::at_most(2).always()});
  EXPECT_EQ(::send(ours(), "abcd", 4, 0), 2);
  EXPECT_EQ(::send(ours(), "cd", 2, 0), 2);
  EXPECT_EQ(::send(ours(), "efgh", 4, 0), 2);
}

TEST_F(Faults, NeverLengthenACall) {
  const Fault fault = Fault::on(ours()).write({Fault::at_most(100)});
  EXPECT_EQ(::write(ours(), "abcd", 4), 4);
}

TEST_F(Faults, LastWhileTheyAreHeld) {
  {
    const Fault fault =
        Fault::on_any().accept4({Fault::error(EMFILE).always()});
    for (int i = 0; i < 3; ++i) {
      EXPECT_EQ(::accept4(ours(), nullptr, nullptr, 0), -1);
      EXPECT_EQ(errno, EMFILE);
    }
  }
  EXPECT_EQ(::accept4(ours(), nullptr, nullptr, 0), -1);
  EXPECT_NE(errno, EMFILE);
}

TEST_F(Faults, CountWithoutAScript) {
  const Fault ours_only = Fault::on(ours());
  const Fault any = Fault::on_any();
  EXPECT_EQ(::write(ours(), "x", 1), 1);
  EXPECT_EQ(::write(theirs(), "x", 1), 1);
  EXPECT_EQ(ours_only.calls(SystemCall::kWrite), 1U);
  EXPECT_EQ(any.calls(SystemCall::kWrite), 2U);
  EXPECT_EQ(any.calls(SystemCall::kRead), 0U);
}

TEST_F(Faults, MayBeReplacedWhileTheyAreHeld) {
  Fault fault = Fault::on(ours()).write({Fault::error(EPIPE).always()});
  EXPECT_EQ(::write(ours(), "x", 1), -1);
  fault.write({});
  EXPECT_EQ(::write(ours(), "x", 1), 1);
}

TEST_F(Faults, PassTheModeOfAFileThatIsCreated) {
  const Fault armed = Fault::on_any();
  const UniqueFd file{
      ::open("/tmp", O_TMPFILE | O_WRONLY | O_CLOEXEC, S_IRUSR)};
  ASSERT_TRUE(file);
  struct stat status {};
  ASSERT_EQ(::fstat(file.get(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0400U);
}

TEST_F(Faults, TellOfNamesInTheirOwnNumbers) {
  const Fault fault = Fault::on_any().getaddrinfo(
      {Fault::error(EAI_NONAME), Fault::error(EIO)});
  addrinfo* found = nullptr;
  EXPECT_EQ(::getaddrinfo("127.0.0.1", nullptr, nullptr, &found), EAI_NONAME);
  EXPECT_EQ(::getaddrinfo("127.0.0.1", nullptr, nullptr, &found), EAI_SYSTEM);
  EXPECT_EQ(errno, EIO);
}

TEST_F(Faults, ServeEachStepOnceToManyThreads) {
  Fault fault =
      Fault::on(ours()).write(Fault::Script(500, Fault::error(EXDEV)));
  std::atomic<int> failed = 0;
  const auto write_often = [&] {
    for (int i = 0; i < 250; ++i) {
      if (::write(ours(), "x", 1) < 0 && errno == EXDEV) ++failed;
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back(write_often);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failed, 500);
  EXPECT_EQ(fault.left(), 0U);
}

}  // namespace
}  // namespace rp
