#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace rp {

/// Writes numbers in Prometheus's text format, version 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats/).
///
///     MetricsText text;
///     text.family("rp_calls_total", "counter", "Calls of each method.");
///     text.sample({{"method", "add"}}, 12);
///     serve(text.text(), MetricsText::kContentType);
///
/// A family is one metric with all its samples, which differ in their labels.
/// Names, given by the program, must be what the format allows; values of
/// labels may be any UTF-8 and are escaped.
///
/// Thread rule: one thread.
class MetricsText {
 public:
  static constexpr std::string_view kContentType =
      "text/plain; version=0.0.4; charset=utf-8";

  using Labels =
      std::initializer_list<std::pair<std::string_view, std::string_view>>;

  /// Begins a family. `type` is "counter", "gauge" or "histogram".
  void family(std::string_view name, std::string_view type,
              std::string_view help);

  void sample(Labels labels, double value);
  void sample(double value) { sample({}, value); }

  /// How many observations were at most `limit`.
  struct Bucket {
    double limit = 0;
    std::uint64_t count = 0;
  };

  /// The samples of a histogram: its buckets with limits that grow, the one
  /// without a limit, the sum of what was observed, and how much was.
  void histogram(Labels labels, std::span<const Bucket> buckets, double sum,
                 std::uint64_t count);

  const std::string& text() const { return text_; }

 private:
  void put(std::string_view suffix, Labels labels, std::string_view limit,
           double value);
  void put_label(std::string_view name, std::string_view value, char before);

  std::string family_;
  std::string text_;
};

}  // namespace rp
