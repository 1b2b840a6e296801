#include "rpc/wire/metrics_text.h"

#include <charconv>
#include <cmath>

namespace rp {

namespace {

constexpr double kExact = 9007199254740992;  // 2^53

std::string number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  if (std::trunc(value) == value && std::abs(value) < kExact) {
    return std::to_string(static_cast<std::int64_t>(value));
  }
  char digits[32];
  const auto written = std::to_chars(digits, digits + sizeof digits, value,
                                     std::chars_format::general);
  return {digits, written.ptr};
}

// A quote ends a label's value, and is plain in a help text.
void append_escaped(std::string& out, std::string_view text, bool quoted) {
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else {
      if (c == '\\' || (quoted && c == '"')) out += '\\';
      out += c;
    }
  }
}

}  // namespace

void MetricsText::family(std::string_view name, std::string_view type,
                         std::string_view help) {
  family_ = name;
  text_.append("# HELP ").append(name).append(" ");
  append_escaped(text_, help, false);
  text_.append("\n# TYPE ").append(name).append(" ").append(type).append("\n");
}

void MetricsText::sample(Labels labels, double value) {
  put("", labels, "", value);
}

void MetricsText::histogram(Labels labels, std::span<const Bucket> buckets,
                            double sum, std::uint64_t count) {
  const auto all = static_cast<double>(count);
  for (const Bucket& bucket : buckets) {
    put("_bucket", labels, number(bucket.limit),
        static_cast<double>(bucket.count));
  }
  put("_bucket", labels, "+Inf", all);
  put("_sum", labels, "", sum);
  put("_count", labels, "", all);
}

void MetricsText::put(std::string_view suffix, Labels labels,
                      std::string_view limit, double value) {
  text_.append(family_).append(suffix);
  char before = '{';
  for (const auto& [name, text] : labels) {
    put_label(name, text, std::exchange(before, ','));
  }
  if (!limit.empty()) put_label("le", limit, std::exchange(before, ','));
  if (before == ',') text_ += '}';
  text_.append(" ").append(number(value)).append("\n");
}

void MetricsText::put_label(std::string_view name, std::string_view value,
                            char before) {
  text_ += before;
  text_.append(name).append("=\"");
  append_escaped(text_, value, true);
  text_ += '"';
}

}  // namespace rp
