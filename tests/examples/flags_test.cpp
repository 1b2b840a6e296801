#include "examples/flags.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rp {
namespace {

using namespace std::chrono_literals;

class FlagsOf : public ::testing::Test {
 protected:
  FlagsOf() {
    flags_.option("port", "N", "where to listen", "7001");
    flags_.option("unix", "PATH", "a socket");
    flags_.toggle("trace", "print the ticks");
    flags_.argument("URL", "the server");
    flags_.argument("[PARAMS]", "what to send");
  }

  bool parse(std::vector<const char*> words) {
    words.insert(words.begin(), "server");
    return flags_.parse(static_cast<int>(words.size()), words.data());
  }

  std::string fault(const std::vector<const char*>& words) {
    try {
      parse(words);
    } catch (const UsageError& error) {
      return error.what();
    }
    return "none";
  }

  template <class Ask>
  static std::string fault_of(Ask ask) {
    try {
      ask();
    } catch (const UsageError& error) {
      return error.what();
    }
    return "none";
  }

  Flags flags_{"server", "Serves."};
};

TEST_F(FlagsOf, ReadsValuesAsTheNextWordOrAfterAnEqualsSign) {
  ASSERT_TRUE(parse({"--port", "80", "--unix=a=b", "--trace", "tcp://x"}));
  EXPECT_EQ(flags_.integer("port", 0, 65535), 80);
  EXPECT_EQ(flags_.text("unix"), "a=b");
  EXPECT_TRUE(flags_.has("trace"));
  EXPECT_EQ(flags_.text("URL"), "tcp://x");
}

TEST_F(FlagsOf, FallsBackOnWhatWasDeclared) {
  ASSERT_TRUE(parse({"url"}));
  EXPECT_EQ(flags_.text("port"), "7001");
  EXPECT_FALSE(flags_.has("trace"));
  EXPECT_FALSE(flags_.has("unix"));
  EXPECT_FALSE(flags_.has("PARAMS"));
  EXPECT_EQ(flags_.texts("port"), std::vector<std::string>{"7001"});
}

TEST_F(FlagsOf, NamesWhatWasGivenAndNoFallback) {
  ASSERT_TRUE(parse({"--trace", "--unix", "a", "url"}));
  EXPECT_EQ(flags_.names_given(),
            (std::vector<std::string>{"unix", "trace", "URL"}));
}

TEST_F(FlagsOf, KeepsTheLastValueOfAListAndAllOfThem) {
  flags_.list("host", "NAME", "a name");
  ASSERT_TRUE(parse({"--host", "a", "url", "--host=b"}));
  EXPECT_EQ(flags_.text("host"), "b");
  EXPECT_EQ(flags_.texts("host"), (std::vector<std::string>{"a", "b"}));
}

TEST_F(FlagsOf, RefusesAFlagThatIsThereTwice) {
  EXPECT_EQ(fault({"--port", "1", "u", "--port=1"}), "--port is there twice");
  EXPECT_EQ(fault({"--trace", "u", "--trace"}), "--trace is there twice");
}

TEST_F(FlagsOf, TakesAllWordsAfterTwoDashesForArguments) {
  ASSERT_TRUE(parse({"--", "--url", "-5"}));
  EXPECT_EQ(flags_.text("URL"), "--url");
  EXPECT_EQ(flags_.text("PARAMS"), "-5");
}

TEST_F(FlagsOf, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(fault({"--prot", "80", "u"}), "--prot is not a flag of mine");
  EXPECT_EQ(fault({"-p", "80", "u"}), "-p is not a flag of mine");
  EXPECT_EQ(fault({"--URL", "u"}), "--URL is not a flag of mine");
  EXPECT_EQ(fault({"u", "{}", "x"}), "there is no place for the argument x");
}

TEST_F(FlagsOf, RefusesAFlagWithoutItsValueAndAValueWithoutItsFlag) {
  EXPECT_EQ(fault({"u", "--port"}), "--port needs a value");
  EXPECT_EQ(fault({"--port", "", "u"}), "--port needs a value");
  EXPECT_EQ(fault({"--port=", "u"}), "--port needs a value");
  EXPECT_EQ(fault({"u", "--trace=1"}), "--trace takes no value");
}

TEST_F(FlagsOf, DemandsTheArgumentsThatAreNotInBrackets) {
  EXPECT_EQ(fault({"--trace"}), "URL is missing");
  EXPECT_EQ(fault({"--trace", "u"}), "none");
}

TEST_F(FlagsOf, SaysWhichOptionOrArgumentIsMissing) {
  parse({"u"});
  EXPECT_EQ(fault_of([&] { flags_.text("unix"); }), "--unix PATH is missing");
  EXPECT_EQ(fault_of([&] { flags_.text("PARAMS"); }), "PARAMS is missing");
}

TEST_F(FlagsOf, TakesNumbersAtTheLimitAndRefusesOneBeyond) {
  for (const char* number : {"0", "65535"}) {
    parse({"u", "--port", number});
    EXPECT_EQ(flags_.integer("port", 0, 65535), std::stoi(number));
  }
  for (const char* wrong :
       {"-1", "65536", "8o", " 1", "99999999999999999999"}) {
    Flags flags("server", "");
    flags.option("port", "N", "");
    const char* words[] = {"server", "--port", wrong};
    flags.parse(3, words);
    EXPECT_EQ(
        fault_of([&] { flags.integer("port", 0, 65535); }),
        "--port: " + std::string(wrong) + " is not a number from 0 to 65535");
  }
}

Duration duration_of(const char* text, Duration least = Duration::zero()) {
  Flags flags("server", "");
  flags.option("drain", "TIME", "");
  const char* words[] = {"server", "--drain", text};
  flags.parse(3, words);
  return flags.duration("drain", least);
}

TEST(FlagsDuration, KnowsFourUnits) {
  EXPECT_EQ(duration_of("500ms"), 500ms);
  EXPECT_EQ(duration_of("2s"), 2s);
  EXPECT_EQ(duration_of("1m"), 1min);
  EXPECT_EQ(duration_of("3h"), 3h);
  EXPECT_EQ(duration_of("0s"), 0s);
}

TEST(FlagsDuration, IsAtMostAYear) {
  EXPECT_EQ(duration_of("8760h"), 8760h);
  EXPECT_THROW(duration_of("8761h"), UsageError);
  EXPECT_THROW(duration_of("9223372036854775807ms"), UsageError);
}

TEST(FlagsDuration, RefusesWhatHasNoUnitOrNoWholeNumber) {
  for (const char* wrong : {"5", "s", "-1s", "1.5s", "2 s", "2S", "1d"}) {
    EXPECT_THROW(duration_of(wrong), UsageError) << wrong;
  }
}

TEST(FlagsDuration, IsAtLeastWhatIsAskedFor) {
  EXPECT_EQ(duration_of("1ms", 1ms), 1ms);
  try {
    duration_of("0s", 1ms);
    FAIL() << "it was taken";
  } catch (const UsageError& error) {
    EXPECT_STREQ(error.what(), "--drain: 0s is less than 1ms");
  }
}

TEST_F(FlagsOf, TakesOneOfSeveralWords) {
  parse({"u", "--unix", "epol"});
  EXPECT_EQ(fault_of([&] {
              flags_.choice("unix", {"epoll", "select"});
            }),
            "--unix: epol is not epoll or select");
  parse({"u", "--unix", "select"});
  EXPECT_EQ(flags_.choice("unix", {"epoll", "select"}), "select");
}

TEST_F(FlagsOf, ReadsAddressesAndSaysWhatIsWrongWithThem) {
  parse({"127.0.0.1:80", "--unix", "127.0.0.1:x"});
  EXPECT_EQ(flags_.address("URL").to_string(), "127.0.0.1:80");
  const std::string fault = fault_of([&] { flags_.address("unix"); });
  EXPECT_TRUE(fault.starts_with("--unix: address \"127.0.0.1:x\": ")) << fault;
}

TEST_F(FlagsOf, TakesAPathThatASocketCanHave) {
  const std::string longest(107, 'a');
  parse({"u", "--unix", longest.c_str()});
  EXPECT_EQ(flags_.unix_path("unix").path(), longest);
  const std::string too_long = longest + 'a';
  parse({"u", "--unix", too_long.c_str()});
  EXPECT_EQ(fault_of([&] { flags_.unix_path("unix"); }),
            "--unix: address \"" + too_long +
                "\": a Unix path has at most 107 bytes");
}

TEST_F(FlagsOf, MakesTheHelpFromWhatWasDeclared) {
  EXPECT_EQ(flags_.help(),
            "Usage: server [--FLAG ...] URL [PARAMS]\n"
            "Serves.\n\n"
            "  --help       print this\n"
            "  --port N     where to listen (7001)\n"
            "  --unix PATH  a socket\n"
            "  --trace      print the ticks\n"
            "  URL          the server\n"
            "  [PARAMS]     what to send\n");
}

TEST_F(FlagsOf, BreaksTheLinesOfItsHelpAt80Columns) {
  const std::string first(33, 'a');
  const std::string second(36, 'b');
  Flags flags("server", first + " " + second + " ten bytes");
  flags.toggle("fits", first + " " + second);
  flags.toggle("long", first + " " + second + "c");
  EXPECT_EQ(flags.help(), "Usage: server [--FLAG ...]\n" +
                              (first + " " + second + " ten bytes\n\n") +
                              "  --help  print this\n"
                              "  --fits  " +
                              first + " " + second +
                              "\n"
                              "  --long  " +
                              first +
                              "\n"
                              "          " +
                              second + "c\n");
}

TEST_F(FlagsOf, LeavesAWordWholeThatIsLongerThanALine) {
  const std::string longest(100, 'a');
  Flags flags("server", "Serves.");
  flags.toggle("long", "see " + longest);
  EXPECT_EQ(flags.help(),
            "Usage: server [--FLAG ...]\nServes.\n\n"
            "  --help  print this\n"
            "  --long  see\n"
            "          " +
                longest + "\n");
}

TEST_F(FlagsOf, EndsItsHelpWithTheTextThatWasAsked) {
  const std::string before = flags_.help();
  flags_.help_ends_with([] { return std::string("The methods:\n"); });
  EXPECT_EQ(flags_.help(), before + "The methods:\n");
}

}  // namespace
}  // namespace rp
