#include "model/config/relabel_yaml.h"

#include <string>
#include <utility>

namespace tidegate::model {
namespace {

absl::Status ReadRule(const YAML::Node& node, const std::string& path,
                      std::vector<RelabelRule>* out) {
  RelabelConfig config;
  std::string action = "replace";
  absl::Status status = ReadYamlFields(node, path,
                                       {{"source_labels", YamlStrings(&config.source_labels)},
                                        {"separator", YamlString(&config.separator)},
                                        {"target_label", YamlString(&config.target_label)},
                                        {"regex", YamlString(&config.regex)},
                                        {"modulus", YamlUnsigned(&config.modulus)},
                                        {"replacement", YamlString(&config.replacement)},
                                        {"action", YamlString(&action)}});
  if (!status.ok()) return status;
  const absl::StatusOr<RelabelAction> parsed = ParseRelabelAction(action);
  if (!parsed.ok()) return YamlError(node, path, std::string(parsed.status().message()));
  config.action = *parsed;
  absl::StatusOr<RelabelRule> rule = RelabelRule::Compile(std::move(config));
  if (!rule.ok()) return YamlError(node, path, std::string(rule.status().message()));
  out->push_back(*std::move(rule));
  return absl::OkStatus();
}

}  // namespace

YamlReader YamlRelabelRules(std::vector<RelabelRule>* out) {
  return [out](const YAML::Node& list, const std::string& path) {
    return ReadYamlList(list, path, [out](const YAML::Node& node, const std::string& inner) {
      return ReadRule(node, inner, out);
    });
  };
}

}  // namespace tidegate::model
