#include "pool/outcome.h"

#include <gtest/gtest.h>

#include <exception>
#include <memory>
#include <stdexcept>
#include <utility>

#include "tests/support/foreign_exception.h"

namespace rp {
namespace {

TEST(Fate, HasAName) {
  EXPECT_EQ(to_string(Fate::finished), "finished");
  EXPECT_EQ(to_string(Fate::failed), "failed");
  EXPECT_EQ(to_string(Fate::expired), "expired");
  EXPECT_EQ(to_string(Fate::refused), "refused");
  EXPECT_EQ(to_string(Fate::dropped), "dropped");
}

Settled failed_with(std::exception_ptr error) {
  return {Fate::failed, std::move(error)};
}

TEST(HandledError, IsWhatWasThrown) {
  try {
    throw 7;
  } catch (...) {
    EXPECT_THROW(std::rethrow_exception(handled_error()), int);
  }
}

TEST(HandledError, IsNeverNull) {
  try {
    throw_foreign();
  } catch (...) {
    EXPECT_EQ(Outcome<void>(failed_with(handled_error())).message(),
              "an exception that is no C++ exception");
  }
}

TEST(Outcome, HoldsTheResultOfWorkThatFinished) {
  const Outcome<int> outcome{7};
  EXPECT_TRUE(outcome.ok());
  EXPECT_EQ(outcome.fate(), Fate::finished);
  EXPECT_EQ(outcome.value(), 7);
  EXPECT_EQ(outcome.error(), nullptr);
  EXPECT_EQ(outcome.message(), "");
}

TEST(Outcome, GivesItsResultAway) {
  Outcome<std::unique_ptr<int>> outcome{std::make_unique<int>(7)};
  EXPECT_EQ(*outcome.value(), 7);
  const std::unique_ptr<int> taken = std::move(outcome).value();
  EXPECT_EQ(*taken, 7);
}

TEST(Outcome, ThrowsWhatTheWorkThrew) {
  const auto error = std::make_exception_ptr(std::out_of_range("no such row"));
  Outcome<int> outcome{failed_with(error)};
  EXPECT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.fate(), Fate::failed);
  EXPECT_EQ(outcome.error(), error);
  EXPECT_EQ(outcome.message(), "no such row");
  EXPECT_THROW(outcome.value(), std::out_of_range);
  EXPECT_THROW(std::move(outcome).value(), std::out_of_range);
}

TEST(Outcome, HasWordsForAnExceptionWithoutAMessage) {
  const Outcome<void> outcome{failed_with(std::make_exception_ptr(7))};
  EXPECT_EQ(outcome.message(), "an exception that is no std::exception");
  EXPECT_THROW(outcome.value(), int);
}

TEST(Outcome, OfNothingReturnsWhenTheWorkDid) {
  const Outcome<void> outcome;
  EXPECT_TRUE(outcome.ok());
  EXPECT_NO_THROW(outcome.value());
}

class OutcomeOfLostJob : public testing::TestWithParam<Fate> {};

TEST_P(OutcomeOfLostJob, SaysWhatBecameOfIt) {
  const Outcome<int> outcome{Settled{GetParam(), nullptr}};
  EXPECT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.fate(), GetParam());
  EXPECT_EQ(outcome.message().find("the job"), 0u);
  try {
    outcome.value();
    FAIL() << "there is no value";
  } catch (const JobLost& lost) {
    EXPECT_EQ(lost.fate(), GetParam());
    EXPECT_EQ(lost.what(), outcome.message());
  }
}

INSTANTIATE_TEST_SUITE_P(Fates, OutcomeOfLostJob,
                         testing::Values(Fate::expired, Fate::refused,
                                         Fate::dropped),
                         [](const auto& test) {
                           return std::string(to_string(test.param));
                         });

}  // namespace
}  // namespace rp
