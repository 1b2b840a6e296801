#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace rp {

/// One line of numbers: "rp_calls_total{method=\"add\"} 12".
struct MetricSample {
  std::string name;
  std::map<std::string, std::string> labels;
  double value = 0;
};

/// A metric with its samples, in their order.
struct MetricFamily {
  std::string type;
  std::string help;
  std::vector<MetricSample> samples;
};

/// Reads Prometheus's text format as its scraper does, and more strictly: each
/// family has a help text and a known type, which stand once and before its
/// samples; names are allowed ones; nothing is there twice; a histogram is
/// whole, and its buckets do not fall.
///
///     const auto families = parse_metrics(text);
///     EXPECT_EQ(families.at("rp_calls_total").samples[0].value, 12);
///
/// Throws std::runtime_error that names the line.
std::map<std::string, MetricFamily> parse_metrics(std::string_view text);

/// The value of the sample with exactly these labels; throws if there is none.
double metric(const std::map<std::string, MetricFamily>& families,
              const std::string& name,
              const std::map<std::string, std::string>& labels = {});

}  // namespace rp
