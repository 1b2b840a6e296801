#include "pool/resolver.h"

#include <gtest/gtest.h>
#include <netdb.h>

#include <cerrno>
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "tests/support/fake_clock.h"
#include "tests/support/faults.h"
#include "tests/support/scripted_poller.h"
#include "tests/support/sim_executor.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

using Found = Outcome<std::vector<Address>>;

class ResolverTest : public testing::Test {
 protected:
  void resolve(std::string name, std::uint16_t port = 7000) {
    resolver.resolve(std::move(name), port,
                     [this](Found outcome) { found = std::move(outcome); });
  }

  // The addresses in words, or why there are none.
  std::string answer() {
    EXPECT_FALSE(found.has_value()) << "never inside resolve()";
    reactor.run_after(1h, [this] { reactor.stop(); });
    reactor.run();
    if (!found.has_value()) return "no answer";
    if (!found->ok()) return found->message();
    std::string words;
    for (const Address& each : found->value()) words += each.to_string() + ' ';
    return words;
  }
  std::string answer_for(std::string name) {
    resolve(std::move(name));
    return answer();
  }

  FakeClock clock;
  Reactor reactor{std::make_unique<ScriptedPoller>(clock), clock};
  SimExecutor pool{reactor, {.workers = 1, .capacity = 1}};
  Resolver resolver{pool};
  std::optional<Found> found;
  Fault asked = Fault::on_any();
};

TEST_F(ResolverTest, FindsThisMachineByItsName) {
  const std::string words = answer_for("localhost");
  const bool four = words.find("127.0.0.1:7000 ") != std::string::npos;
  const bool six = words.find("[::1]:7000 ") != std::string::npos;
  EXPECT_TRUE(four || six) << words;
}

TEST_F(ResolverTest, TakesNumericAddresses) {
  resolve("192.0.2.1", 65535);
  EXPECT_EQ(answer(), "192.0.2.1:65535 ");
}

TEST_F(ResolverTest, TakesNumericAddressesOfVersion6) {
  resolve("2001:db8::1", 0);
  EXPECT_EQ(answer(), "[2001:db8::1]:0 ");
}

TEST_F(ResolverTest, SaysThatANameIsNotKnown) {
  asked.getaddrinfo({Fault::error(EAI_NONAME)});
  EXPECT_EQ(answer_for("nosuch.invalid"),
            "resolve \"nosuch.invalid\": Name or service not known");
}

TEST_F(ResolverTest, TellsAPassingFailureByItsCode) {
  asked.getaddrinfo({Fault::error(EAI_AGAIN)});
  EXPECT_EQ(answer_for("example.com"),
            "resolve \"example.com\": Temporary failure in name resolution");
  try {
    found->value();
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code(), std::error_code(EAI_AGAIN, resolver_category()));
    EXPECT_STREQ(error.code().category().name(), "getaddrinfo");
  }
}

TEST_F(ResolverTest, TellsTheSystemsFailureInTheSystemsWords) {
  asked.getaddrinfo({Fault::error(EMFILE)});
  EXPECT_EQ(answer_for("example.com"),
            "resolve \"example.com\": Too many open files");
}

TEST_F(ResolverTest, RefusesAnEmptyName) {
  EXPECT_EQ(answer_for(""), "resolve a name that is empty");
  EXPECT_EQ(asked.calls(SystemCall::kGetaddrinfo), 0u);
}

TEST_F(ResolverTest, RefusesANameThatHoldsANul) {
  EXPECT_EQ(answer_for(std::string("127.0.0.1\0.evil", 15)),
            "resolve a name that has a NUL in it");
  EXPECT_EQ(asked.calls(SystemCall::kGetaddrinfo), 0u);
}

TEST_F(ResolverTest, RefusesANameThatIsTooLong) {
  EXPECT_EQ(answer_for(std::string(256, 'a')),
            "resolve a name that is longer than 255 characters");
  EXPECT_EQ(asked.calls(SystemCall::kGetaddrinfo), 0u);
}

TEST_F(ResolverTest, AsksForANameOfTheGreatestLength) {
  asked.getaddrinfo({Fault::error(EAI_NONAME)});
  EXPECT_NE(answer_for(std::string(255, 'a')).find("not known"),
            std::string::npos);
  EXPECT_EQ(asked.calls(SystemCall::kGetaddrinfo), 1u);
}

TEST_F(ResolverTest, TellsThatItsExecutorHadNoRoom) {
  resolver.resolve("127.0.0.1", 1, [](const Found&) {});
  EXPECT_EQ(answer_for("127.0.0.1"),
            "the job was refused: there is no room for it");
}

TEST_F(ResolverTest, CanBeCancelledWhileItWaits) {
  resolver.cancel(resolver.resolve(
      "127.0.0.1", 1, [this](Found outcome) { found = std::move(outcome); }));
  EXPECT_EQ(answer(), "the job was dropped: cancelled, or its executor ended");
  EXPECT_EQ(asked.calls(SystemCall::kGetaddrinfo), 0u);
}

TEST_F(ResolverTest, ItsJobsSayTheirKindAndTheirDeadline) {
  struct Noted : Executor {
    JobId submit(Job job) override {
      noted = std::move(job);
      return 1;
    }
    Cancelled cancel(JobId) override { return Cancelled::unknown; }
    void abandon(JobId) override {}
    Job noted;
  } executor;
  Resolver(executor).resolve("localhost", 1, [](const Found&) {},
                             {.deadline = 2s});
  EXPECT_EQ(executor.noted.kind, "resolve");
  EXPECT_EQ(executor.noted.deadline, Duration(2s));
}

}  // namespace
}  // namespace rp
