#include "control/rule_tests/rule_test_file.h"

#include <fmt/format.h>

#include "model/config/yaml_fields.h"

namespace tidegate::control {
namespace {

using model::ReadYamlFields;
using model::ReadYamlList;
using model::YamlBool;
using model::YamlDuration;
using model::YamlError;
using model::YamlReader;
using model::YamlString;
using model::YamlStrings;

YamlReader Texts(TextMap* out) {
  return [out](const YAML::Node& node, const std::string& path) {
    std::vector<std::pair<std::string, std::string>> pairs;
    absl::Status status = model::YamlStringMap(&pairs)(node, path);
    out->insert(pairs.begin(), pairs.end());
    return status;
  };
}

YamlReader Number(double* out) {
  return [out](const YAML::Node& node, const std::string& path) {
    if (YAML::convert<double>::decode(node, *out)) return absl::OkStatus();
    return YamlError(node, path, "must be a number");
  };
}

// Seconds since the epoch, or RFC 3339.
YamlReader Timestamp(absl::Time* out) {
  return [out](const YAML::Node& node, const std::string& path) {
    double seconds = 0;
    std::string error;
    if (YAML::convert<double>::decode(node, seconds)) {
      *out = absl::UnixEpoch() + absl::Seconds(seconds);
      return absl::OkStatus();
    }
    const std::string text = node.IsScalar() ? node.Scalar() : "";
    if (absl::ParseTime(absl::RFC3339_full, text, out, &error)) return absl::OkStatus();
    return YamlError(node, path,
                     "must be seconds since the epoch or a time like "
                     "2030-01-31T12:00:00Z");
  };
}

template <typename Item>
YamlReader List(std::vector<Item>* out,
                absl::Status (*read)(const YAML::Node&, const std::string&, Item*)) {
  return [out, read](const YAML::Node& node, const std::string& path) {
    return ReadYamlList(node, path, [&](const YAML::Node& one, const std::string& inner) {
      return read(one, inner, &out->emplace_back());
    });
  };
}

absl::Status ReadExpectedAlert(const YAML::Node& node, const std::string& path,
                               ExpectedAlert* alert) {
  return ReadYamlFields(
      node, path,
      {{"exp_labels", Texts(&alert->labels)}, {"exp_annotations", Texts(&alert->annotations)}});
}

absl::Status ReadAlertTest(const YAML::Node& node, const std::string& path, AlertRuleTest* test) {
  return ReadYamlFields(node, path,
                        {{"eval_time", YamlDuration(&test->eval_time)},
                         {"alertname", YamlString(&test->alertname)},
                         {"exp_alerts", List(&test->expected, ReadExpectedAlert)}});
}

absl::Status ReadExpectedSample(const YAML::Node& node, const std::string& path,
                                ExpectedSample* sample) {
  return ReadYamlFields(node, path,
                        {{"labels", YamlString(&sample->labels)},
                         {"value", Number(&sample->value)},
                         {"histogram", YamlString(&sample->histogram)}});
}

absl::Status ReadExpressionTest(const YAML::Node& node, const std::string& path,
                                ExpressionTest* test) {
  return ReadYamlFields(node, path,
                        {{"expr", YamlString(&test->expr)},
                         {"eval_time", YamlDuration(&test->eval_time)},
                         {"exp_samples", List(&test->expected, ReadExpectedSample)}});
}

absl::Status ReadInput(const YAML::Node& node, const std::string& path, InputSeries* input) {
  return ReadYamlFields(
      node, path, {{"series", YamlString(&input->series)}, {"values", YamlString(&input->values)}});
}

absl::Status ReadGroup(const YAML::Node& node, const std::string& path, RuleTestGroup* group) {
  return ReadYamlFields(node, path,
                        {{"name", YamlString(&group->name)},
                         {"interval", YamlDuration(&group->interval)},
                         {"input_series", List(&group->input, ReadInput)},
                         {"alert_rule_test", List(&group->alert_tests, ReadAlertTest)},
                         {"promql_expr_test", List(&group->expression_tests, ReadExpressionTest)},
                         {"external_labels", Texts(&group->external_labels)},
                         {"external_url", YamlString(&group->external_url)},
                         {"start_timestamp", Timestamp(&group->start)},
                         {"fuzzy_compare", YamlBool(&group->fuzzy_compare)}});
}

absl::StatusOr<RuleTestFile> Read(const YAML::Node& root) {
  RuleTestFile file;
  bool fuzzy = false;
  absl::Status status =
      ReadYamlFields(root, "",
                     {{"rule_files", YamlStrings(&file.rule_files)},
                      {"evaluation_interval", YamlDuration(&file.evaluation_interval)},
                      {"group_eval_order", YamlStrings(&file.group_order)},
                      {"fuzzy_compare", YamlBool(&fuzzy)},
                      {"tests", List(&file.groups, ReadGroup)}});
  if (!status.ok()) return status;
  if (file.evaluation_interval <= absl::ZeroDuration()) {
    file.evaluation_interval = absl::Minutes(1);
  }
  for (RuleTestGroup& group : file.groups) {
    group.fuzzy_compare |= fuzzy;
    if (group.interval == absl::ZeroDuration()) group.interval = file.evaluation_interval;
  }
  return file;
}

}  // namespace

absl::StatusOr<RuleTestFile> ParseRuleTestFile(std::string_view yaml) {
  try {
    return Read(YAML::Load(std::string(yaml)));
  } catch (const YAML::Exception& error) {
    return absl::InvalidArgumentError(
        fmt::format("line {}: not valid YAML: {}", error.mark.line + 1, error.msg));
  }
}

}  // namespace tidegate::control
