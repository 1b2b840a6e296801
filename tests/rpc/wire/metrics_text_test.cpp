#include "rpc/wire/metrics_text.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "tests/support/metrics_parser.h"

namespace rp {
namespace {

TEST(MetricsText, WritesAFamilyAndItsSamples) {
  MetricsText text;
  text.family("rp_calls_total", "counter", "Calls of each method.");
  text.sample({{"method", "add"}, {"wire", "tcp"}}, 12);
  text.sample(0.25);
  EXPECT_EQ(text.text(),
            "# HELP rp_calls_total Calls of each method.\n"
            "# TYPE rp_calls_total counter\n"
            "rp_calls_total{method=\"add\",wire=\"tcp\"} 12\n"
            "rp_calls_total 0.25\n");
}

TEST(MetricsText, EscapesWhatWouldEndALabelOrALine) {
  const std::string wild = "a\"b\\c\nd{}=,\xc3\xa9";
  MetricsText text;
  text.family("rp_x", "gauge", "One \\ line\nor two, with \"quotes\".");
  text.sample({{"method", wild}}, 1);
  const auto families = parse_metrics(text.text());
  EXPECT_EQ(families.at("rp_x").help, "One \\ line\nor two, with \"quotes\".");
  EXPECT_EQ(families.at("rp_x").samples.at(0).labels.at("method"), wild);
}

TEST(MetricsText, WritesWholeNumbersWholeAndAllOthersSoThatTheyComeBack) {
  for (const double value : {0.0, 1e6, 9007199254740991.0, 1e300, 0.1, -3.5}) {
    MetricsText text;
    text.family("rp_x", "gauge", "x");
    text.sample(value);
    EXPECT_EQ(metric(parse_metrics(text.text()), "rp_x"), value);
  }
  MetricsText text;
  text.family("rp_x", "gauge", "x");
  text.sample(1e6);
  EXPECT_TRUE(text.text().ends_with("\nrp_x 1000000\n"));
}

TEST(MetricsText, WritesLimitsAsPrometheusOwnClientsDo) {
  for (const char* limit : {"0.0001", "0.001", "0.1", "1e-05"}) {
    MetricsText text;
    text.family("rp_s", "histogram", "s");
    text.histogram({}, std::array{MetricsText::Bucket{std::stod(limit), 1}}, 1,
                   1);
    EXPECT_NE(text.text().find("le=\"" + std::string(limit) + "\""),
              std::string::npos)
        << text.text();
  }
}

TEST(MetricsText, HasWordsForWhatIsNoNumber) {
  MetricsText text;
  text.sample(std::numeric_limits<double>::quiet_NaN());
  text.sample(INFINITY);
  text.sample(-INFINITY);
  EXPECT_EQ(text.text(), " NaN\n +Inf\n -Inf\n");
}

TEST(MetricsText, WritesAHistogramWithTheBucketThatHasNoLimit) {
  MetricsText text;
  text.family("rp_s", "histogram", "s");
  const std::array<MetricsText::Bucket, 2> buckets{{{0.1, 2}, {1, 3}}};
  text.histogram({{"method", "add"}}, buckets, 2.5, 4);
  const auto families = parse_metrics(text.text());
  EXPECT_EQ(metric(families, "rp_s_bucket", {{"method", "add"}, {"le", "0.1"}}),
            2);
  EXPECT_EQ(
      metric(families, "rp_s_bucket", {{"method", "add"}, {"le", "+Inf"}}), 4);
  EXPECT_EQ(metric(families, "rp_s_sum", {{"method", "add"}}), 2.5);
  EXPECT_EQ(metric(families, "rp_s_count", {{"method", "add"}}), 4);
}

// The parser is what other tests rely on: it must refuse.
class NoMetrics : public testing::TestWithParam<const char*> {};

TEST_P(NoMetrics, AreRefused) {
  EXPECT_THROW(parse_metrics(GetParam()), std::exception);
}

INSTANTIATE_TEST_SUITE_P(
    OfAllSorts, NoMetrics,
    testing::Values("", "rp_x 1\n", "# HELP rp_x x\nrp_x 1\n",
                    "# HELP rp_x x\n# TYPE rp_x gauge\nrp_x 1",
                    "# HELP rp_x x\n# TYPE rp_x shape\nrp_x 1\n",
                    "# HELP rp_x x\n# TYPE rp_x counter\nrp_x 1\n",
                    "# HELP rp_x x\n# TYPE rp_x gauge\nrp_x one\n",
                    "# HELP rp_x x\n# TYPE rp_x gauge\nrp_x{a=b} 1\n",
                    "# HELP rp_x x\n# TYPE rp_x gauge\nrp_x 1\nrp_x 1\n",
                    "# HELP rp_x x\n# TYPE rp_x gauge\nrp_y 1\n",
                    "# HELP h x\n# TYPE h histogram\nh_bucket{le=\"1\"} 2\n",
                    "# HELP h x\n# TYPE h histogram\nh_bucket{le=\"1\"} 2\n"
                    "h_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n"));

}  // namespace
}  // namespace rp
