#include "control/rule_tests/rule_test_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_join.h"
#include "control/discovery/file_discovery.h"
#include "control/rule_tests/rule_test_world.h"
#include "control/rules/definition/rule_file.h"
#include "model/duration_text.h"

namespace tidegate::control {
namespace {

// How far apart values may be with fuzzy_compare, relative to the larger one.
constexpr double kFuzziness = 1e-6;

std::string Text(absl::Duration duration) {
  return model::DurationText(absl::ToInt64Milliseconds(duration));
}

std::string Text(const TextMap& texts) {
  std::vector<std::pair<std::string, std::string>> pairs(texts.begin(), texts.end());
  return model::ToString(model::Labels(std::move(pairs)));
}

// What a sample has, or should have.
struct TestedValue {
  double number = 0;
  std::string histogram;  // In notation; empty: `number`.
};

TestedValue ValueOf(const RuleSample& sample) {
  if (sample.histogram == nullptr) return {sample.value, ""};
  return {0, query::NotationOf(*sample.histogram)};
}

std::string Text(const TestedValue& value) {
  return value.histogram.empty() ? fmt::format("{}", value.number) : value.histogram;
}

absl::Status Within(const std::string& place, const absl::Status& status) {
  return {status.code(), fmt::format("{}: {}", place, std::string(status.message()))};
}

// Alerts as texts that are equal when they are.
std::vector<std::string> Sorted(std::vector<std::string> texts) {
  std::sort(texts.begin(), texts.end());
  return texts;
}

std::string AlertText(const model::Labels& labels, const TextMap& annotations) {
  return fmt::format("Labels:{} Annotations:{}", model::ToString(labels), Text(annotations));
}

std::string Listed(const std::vector<std::string>& texts) {
  if (texts.empty()) return "[]";
  return "[\n            " + absl::StrJoin(texts, ",\n            ") + "\n        ]";
}

// Everything that is expected of one world.
class WorldTest {
 public:
  WorldTest(const RuleTestFile& file, const RuleTestGroup& test,
            const std::vector<TestedGroup>& groups)
      : file_(file), test_(test), world_(&test, groups) {}

  std::vector<std::string> Run() {
    const absl::Status input = world_.ReadInput();
    if (!input.ok()) return {std::string(input.message())};
    const absl::Duration last = LastTime();
    for (absl::Duration at; at <= last; at += file_.evaluation_interval) {
      // Rules that cannot be evaluated say nothing about what is expected of them.
      std::vector<std::string> broken = world_.EvaluateAt(at);
      if (!broken.empty()) return broken;
      for (const AlertRuleTest& alert : test_.alert_tests) {
        const bool now = at <= alert.eval_time && alert.eval_time < at + file_.evaluation_interval;
        if (now) CheckAlerts(alert);
      }
    }
    for (const ExpressionTest& expression : test_.expression_tests) CheckExpression(expression);
    return std::move(failed_);
  }

 private:
  absl::Duration LastTime() const {
    absl::Duration last;
    for (const AlertRuleTest& alert : test_.alert_tests) last = std::max(last, alert.eval_time);
    for (const ExpressionTest& one : test_.expression_tests) last = std::max(last, one.eval_time);
    return last;
  }

  void CheckAlerts(const AlertRuleTest& test) {
    std::vector<std::string> expected;
    for (const ExpectedAlert& alert : test.expected) {
      TextMap labels = alert.labels;
      labels["alertname"] = test.alertname;
      std::vector<std::pair<std::string, std::string>> pairs(labels.begin(), labels.end());
      expected.push_back(AlertText(model::Labels(std::move(pairs)), alert.annotations));
    }
    std::vector<std::string> got;
    for (const AlertStatus& alert : world_.Firing(test.alertname)) {
      got.push_back(AlertText(alert.labels, alert.annotations));
    }
    expected = Sorted(std::move(expected));
    got = Sorted(std::move(got));
    if (expected == got) return;
    failed_.push_back(fmt::format("alertname: {}, time: {},\n        exp:{},\n        got:{}",
                                  test.alertname, Text(test.eval_time), Listed(expected),
                                  Listed(got)));
  }

  void CheckExpression(const ExpressionTest& test) {
    const std::string head = fmt::format("expr: \"{}\", time: {}", test.expr, Text(test.eval_time));
    const auto result = world_.Query(test.expr, test.eval_time);
    if (!result.ok()) {
      failed_.push_back(fmt::format("{}, err: {}", head, std::string(result.status().message())));
      return;
    }
    std::multimap<std::string, TestedValue> expected;
    for (const ExpectedSample& sample : test.expected) {
      const auto read = Read(sample);
      if (!read.ok()) {
        failed_.push_back(fmt::format("{}, {}", head, std::string(read.status().message())));
        return;
      }
      expected.insert(*read);
    }
    if (Fits(expected, *result)) return;
    std::vector<std::string> exp, got;
    for (const auto& [labels, value] : expected) exp.push_back(labels + " " + Text(value));
    for (const RuleSample& sample : *result) {
      got.push_back(model::ToString(sample.labels) + " " + Text(ValueOf(sample)));
    }
    failed_.push_back(fmt::format("{},\n        exp:{},\n        got:{}", head, Listed(exp),
                                  Listed(Sorted(std::move(got)))));
  }

  static absl::StatusOr<std::pair<std::string, TestedValue>> Read(const ExpectedSample& sample) {
    const auto labels = query::ParseNotatedLabels(sample.labels);
    if (!labels.ok()) return Within("labels " + sample.labels, labels.status());
    TestedValue value{.number = sample.value, .histogram = ""};
    if (!sample.histogram.empty()) {
      const auto histogram = query::ParseNotatedHistogram(sample.histogram);
      if (!histogram.ok()) return Within("histogram " + sample.histogram, histogram.status());
      value.histogram = query::NotationOf(*histogram);
    }
    return std::make_pair(model::ToString(*labels), value);
  }

  bool Fits(std::multimap<std::string, TestedValue> expected,
            const std::vector<RuleSample>& result) const {
    for (const RuleSample& sample : result) {
      const auto [begin, end] = expected.equal_range(model::ToString(sample.labels));
      const auto found = std::find_if(
          begin, end, [&](const auto& one) { return Same(one.second, ValueOf(sample)); });
      if (found == end) return false;
      expected.erase(found);
    }
    return expected.empty();
  }

  bool Same(const TestedValue& a, const TestedValue& b) const {
    return a.histogram == b.histogram && (!a.histogram.empty() || Equal(a.number, b.number));
  }

  bool Equal(double a, double b) const {
    if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
    if (a == b || !test_.fuzzy_compare) return a == b;
    return std::abs(a - b) <= kFuzziness * std::max(std::abs(a), std::abs(b));
  }

  const RuleTestFile& file_;
  const RuleTestGroup& test_;
  RuleTestWorld world_;
  std::vector<std::string> failed_;
};

absl::StatusOr<std::string> ReadText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError(fmt::format("cannot read {}", path));
  return std::string(std::istreambuf_iterator<char>(file), {});
}

void AddGroups(const std::string& path, std::vector<TestedGroup>* groups,
               std::vector<std::string>* mistakes) {
  const absl::StatusOr<std::string> text = ReadText(path);
  if (!text.ok()) return mistakes->push_back(std::string(text.status().message()));
  RuleFile file = ParseRuleFile(*text, query::RuleLanguage::kPromQl);
  for (const std::string& mistake : file.mistakes) mistakes->push_back(path + ": " + mistake);
  for (RuleGroupSpec& spec : file.groups) groups->push_back({path, std::move(spec)});
}

// Those that are named first; the others keep their order.
absl::Status Order(const std::vector<std::string>& names, std::vector<TestedGroup>* groups) {
  std::map<std::string, size_t> places;
  for (const std::string& name : names) {
    if (!places.emplace(name, places.size()).second) {
      return absl::InvalidArgumentError("group name repeated in evaluation order: " + name);
    }
  }
  const auto place = [&](const TestedGroup& group) {
    const auto found = places.find(group.spec.name);
    return found == places.end() ? places.size() : found->second;
  };
  std::stable_sort(groups->begin(), groups->end(),
                   [&](const auto& a, const auto& b) { return place(a) < place(b); });
  return absl::OkStatus();
}

}  // namespace

std::vector<std::string> RunRuleTests(const RuleTestFile& file, std::vector<TestedGroup> groups) {
  if (absl::Status status = Order(file.group_order, &groups); !status.ok()) {
    return {std::string(status.message())};
  }
  std::vector<std::string> failures;
  for (const RuleTestGroup& test : file.groups) {
    for (std::string& failure : WorldTest(file, test, groups).Run()) {
      failures.push_back(test.name.empty() ? std::move(failure)
                                           : fmt::format("name: {},\n    {}", test.name, failure));
    }
  }
  return failures;
}

std::vector<std::string> RunRuleTestFile(const std::string& path) {
  const absl::StatusOr<std::string> text = ReadText(path);
  if (!text.ok()) return {std::string(text.status().message())};
  const absl::StatusOr<RuleTestFile> file = ParseRuleTestFile(*text);
  if (!file.ok()) return {std::string(file.status().message())};
  const size_t slash = path.rfind('/');
  const std::string directory = slash == path.npos ? "" : path.substr(0, slash + 1);
  std::vector<TestedGroup> groups;
  std::vector<std::string> mistakes;
  std::set<std::string> seen;
  for (const std::string& pattern : file->rule_files) {
    const std::string full = pattern.starts_with('/') ? pattern : directory + pattern;
    for (const std::string& rule_file : MatchingFiles(full)) {
      if (seen.insert(rule_file).second) AddGroups(rule_file, &groups, &mistakes);
    }
  }
  return mistakes.empty() ? RunRuleTests(*file, std::move(groups)) : mistakes;
}

}  // namespace tidegate::control
