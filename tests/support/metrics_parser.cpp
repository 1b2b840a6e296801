#include "tests/support/metrics_parser.h"

#include <cmath>
#include <regex>
#include <set>
#include <sstream>
#include <stdexcept>

namespace rp {

namespace {

using Families = std::map<std::string, MetricFamily>;

[[noreturn]] void refuse(const std::string& why, const std::string& line) {
  throw std::runtime_error("metrics: " + why + ": " + line);
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out += text[i];
    } else if (++i < text.size()) {
      out += text[i] == 'n' ? '\n' : text[i];
    }
  }
  return out;
}

double number(const std::string& text, const std::string& line) {
  if (text == "+Inf") return INFINITY;
  if (text == "NaN") return NAN;
  std::size_t end = 0;
  const double value = std::stod(text, &end);
  if (end != text.size()) refuse("no number", line);
  return value;
}

MetricSample read_sample(const std::string& line) {
  static const std::regex whole(
      R"re(([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+))re");
  static const std::regex label(
      R"re(([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$))re");
  std::smatch parts;
  if (!std::regex_match(line, parts, whole)) refuse("no sample", line);
  MetricSample sample{parts[1], {}, number(parts[3], line)};
  std::string rest = parts[2];
  std::smatch one;
  while (!rest.empty()) {
    if (!std::regex_search(rest, one, label,
                           std::regex_constants::match_continuous)) {
      refuse("no label", line);
    }
    if (!sample.labels.emplace(one[1], unescaped(one[2].str())).second) {
      refuse("a label twice", line);
    }
    rest = std::string(one.suffix());
  }
  return sample;
}

void check_types(const std::string& name, const MetricFamily& family) {
  const bool is_counter = family.type == "counter";
  for (const auto& sample : family.samples) {
    if (family.type != "histogram" && sample.name != name) {
      refuse("a sample of another family", sample.name);
    }
    if (is_counter && !(sample.value >= 0)) refuse("below 0", sample.name);
  }
  if (is_counter && !name.ends_with("_total")) refuse("not _total", name);
}

// For each set of labels: buckets that do not fall, the last one without a
// limit, then sum and count.
void check_histogram(const std::string& name, const MetricFamily& family) {
  double limit = -INFINITY;
  double count = 0;
  for (const auto& sample : family.samples) {
    if (sample.name == name + "_bucket") {
      const double next = number(sample.labels.at("le"), sample.name);
      if (next <= limit || sample.value < count) refuse("it falls", name);
      limit = next;
      count = sample.value;
    } else if (sample.name == name + "_count") {
      if (limit != INFINITY || sample.value != count) refuse("count", name);
      limit = -INFINITY;
      count = 0;
    } else if (sample.name != name + "_sum") {
      refuse("a sample of another family", sample.name);
    }
  }
  if (limit != -INFINITY) refuse("no count", name);
}

// "# HELP name text", "# TYPE name word"
void take_comment(const std::string& line, Families& families,
                  std::string& current) {
  static const std::regex comment(R"(# (HELP|TYPE) (\S+) (.*))");
  static const std::regex types("counter|gauge|histogram");
  std::smatch parts;
  if (!std::regex_match(line, parts, comment)) refuse("a comment", line);
  if (parts[1] == "HELP") {
    current = parts[2];
    if (!families.emplace(current, MetricFamily{}).second) {
      refuse("a family twice", line);
    }
    families[current].help = unescaped(parts[3].str());
  } else {
    if (parts[2] != current || !families[current].type.empty() ||
        !std::regex_match(parts[3].str(), types)) {
      refuse("a type", line);
    }
    families[current].type = parts[3];
  }
}

}  // namespace

Families parse_metrics(std::string_view text) {
  if (!text.ends_with('\n')) refuse("the last line has no end", "");
  Families families;
  std::set<std::pair<std::string, std::map<std::string, std::string>>> seen;
  std::string current;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('#')) {
      take_comment(line, families, current);
      continue;
    }
    const MetricSample sample = read_sample(line);
    if (families[current].type.empty()) refuse("no type", line);
    if (!seen.emplace(sample.name, sample.labels).second) {
      refuse("a sample twice", line);
    }
    families[current].samples.push_back(sample);
  }
  for (const auto& [name, family] : families) {
    check_types(name, family);
    if (family.type == "histogram") check_histogram(name, family);
  }
  return families;
}

double metric(const Families& families, const std::string& name,
              const std::map<std::string, std::string>& labels) {
  for (const auto& [family, value] : families) {
    for (const MetricSample& sample : value.samples) {
      if (sample.name == name && sample.labels == labels) return sample.value;
    }
  }
  throw std::runtime_error("no metric " + name);
}

}  // namespace rp
