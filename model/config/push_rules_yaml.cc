#include "model/config/push_rules_yaml.h"

#include <utility>

#include "fmt/format.h"
#include "model/config/relabel_yaml.h"
#include "model/config/yaml_fields.h"

namespace tidegate::model {
namespace {

constexpr char kOtlp[] = "otlp";
constexpr char kWriteRelabel[] = "write_relabel_configs";

// Names are Prometheus'.
constexpr std::pair<std::string_view, OtlpTranslation> kStrategies[] = {
    {"UnderscoreEscapingWithSuffixes", OtlpTranslation::kUnderscoreEscapingWithSuffixes},
    {"UnderscoreEscapingWithoutSuffixes", OtlpTranslation::kUnderscoreEscapingWithoutSuffixes},
    {"NoUTF8EscapingWithSuffixes", OtlpTranslation::kNoUtf8EscapingWithSuffixes},
    {"NoTranslation", OtlpTranslation::kNoTranslation}};

YamlReader YamlStrategy(OtlpTranslation* out) {
  return [out](const YAML::Node& node, const std::string& path) {
    const std::string name = node.IsScalar() ? node.Scalar() : "";
    for (const auto& [known, strategy] : kStrategies) {
      if (known != name) continue;
      *out = strategy;
      return absl::OkStatus();
    }
    return YamlError(node, path,
                     "must be UnderscoreEscapingWithSuffixes, UnderscoreEscapingWithoutSuffixes, "
                     "NoUTF8EscapingWithSuffixes or NoTranslation");
  };
}

YamlReader YamlNames(std::vector<std::string>* out) {
  return [out](const YAML::Node& node, const std::string& path) {
    out->clear();
    return YamlStrings(out)(node, path);
  };
}

absl::Status ReadOtlp(const YAML::Node& node, const std::string& path, OtlpMetricRules* rules) {
  absl::Status status = ReadYamlFields(
      node, path,
      {{"translation_strategy", YamlStrategy(&rules->translation_strategy)},
       {"promote_resource_attributes", YamlNames(&rules->promote_resource_attributes)},
       {"promote_all_resource_attributes", YamlBool(&rules->promote_all_resource_attributes)},
       {"ignore_resource_attributes", YamlNames(&rules->ignore_resource_attributes)},
       {"keep_identifying_resource_attributes",
        YamlBool(&rules->keep_identifying_resource_attributes)},
       {"convert_histograms_to_nhcb", YamlBool(&rules->convert_histograms_to_nhcb)},
       {"promote_scope_metadata", YamlBool(&rules->promote_scope_metadata)},
       {"label_name_underscore_sanitization", YamlBool(&rules->label_name_underscore_sanitization)},
       {"label_name_preserve_multiple_underscores",
        YamlBool(&rules->label_name_preserve_multiple_underscores)},
       {"delta_max_streams", YamlUnsigned(&rules->delta_max_streams)},
       {"delta_max_stale", YamlDuration(&rules->delta_max_stale)}});
  if (!status.ok()) return status;
  // As Prometheus has it.
  if (rules->promote_all_resource_attributes && !rules->promote_resource_attributes.empty()) {
    return YamlError(node, path,
                     "promote_all_resource_attributes and promote_resource_attributes cannot be "
                     "set at the same time");
  }
  if (!rules->promote_all_resource_attributes && !rules->ignore_resource_attributes.empty()) {
    return YamlError(node, path,
                     "ignore_resource_attributes needs promote_all_resource_attributes");
  }
  return absl::OkStatus();
}

std::string_view StrategyName(OtlpTranslation strategy) {
  for (const auto& [name, known] : kStrategies) {
    if (known == strategy) return name;
  }
  return "";
}

void EmitNames(const char* key, const std::vector<std::string>& names, YAML::Emitter* out) {
  *out << YAML::Key << key << YAML::Value << YAML::Flow << names;
}

void EmitOtlp(const OtlpMetricRules& rules, YAML::Emitter* out) {
  *out << YAML::Key << kOtlp << YAML::Value << YAML::BeginMap;
  *out << YAML::Key << "translation_strategy" << YAML::Value
       << std::string(StrategyName(rules.translation_strategy));
  EmitNames("promote_resource_attributes", rules.promote_resource_attributes, out);
  EmitNames("ignore_resource_attributes", rules.ignore_resource_attributes, out);
  const std::pair<const char*, bool> switches[] = {
      {"promote_all_resource_attributes", rules.promote_all_resource_attributes},
      {"keep_identifying_resource_attributes", rules.keep_identifying_resource_attributes},
      {"convert_histograms_to_nhcb", rules.convert_histograms_to_nhcb},
      {"promote_scope_metadata", rules.promote_scope_metadata},
      {"label_name_underscore_sanitization", rules.label_name_underscore_sanitization},
      {"label_name_preserve_multiple_underscores", rules.label_name_preserve_multiple_underscores}};
  for (const auto& [key, on] : switches) *out << YAML::Key << key << YAML::Value << on;
  *out << YAML::Key << "delta_max_streams" << YAML::Value << rules.delta_max_streams;
  *out << YAML::Key << "delta_max_stale" << YAML::Value
       << fmt::format("{}ms", absl::ToInt64Milliseconds(rules.delta_max_stale)) << YAML::EndMap;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const PushRules>> ReadPushRules(
    const YAML::Node& map, const std::string& path, const std::shared_ptr<const PushRules>& start) {
  const YAML::Node otlp = map[kOtlp];
  const YAML::Node relabel = map[kWriteRelabel];
  if (!otlp.IsDefined() && !relabel.IsDefined()) return start;
  auto rules = std::make_shared<PushRules>(*start);
  absl::Status status;
  if (otlp.IsDefined()) status = ReadOtlp(otlp, path + kOtlp, &rules->otlp);
  if (status.ok() && relabel.IsDefined()) {
    rules->write_relabel.clear();
    rules->write_relabel_yaml = YAML::Dump(relabel);
    status = YamlRelabelRules(&rules->write_relabel)(relabel, path + kWriteRelabel);
  }
  if (!status.ok()) return status;
  return rules;
}

void EmitPushRules(const PushRules& rules, YAML::Emitter* out) {
  EmitOtlp(rules.otlp, out);
  *out << YAML::Key << kWriteRelabel << YAML::Value;
  if (rules.write_relabel_yaml.empty()) {
    *out << YAML::Flow << YAML::BeginSeq << YAML::EndSeq;
  } else {
    *out << YAML::Load(rules.write_relabel_yaml);
  }
}

}  // namespace tidegate::model
