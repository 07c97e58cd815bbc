#include "model/config/rules_config.h"

#include <fmt/format.h>

#include "model/config/yaml_fields.h"
#include "model/duration_text.h"

namespace tidegate::model {
namespace {

// Only what is more than nothing.
YamlReader Positive(absl::Duration* out) {
  return [out](const YAML::Node& node, const std::string& path) {
    absl::Status status = YamlDuration(out)(node, path);
    if (!status.ok() || *out > absl::ZeroDuration()) return status;
    return YamlError(node, path, "must be more than 0");
  };
}

YamlReader Language(bool* logql) {
  return [logql](const YAML::Node& node, const std::string& path) {
    const std::string name = node.IsScalar() ? node.Scalar() : "";
    *logql = name == "logql";
    if (*logql || name == "promql") return absl::OkStatus();
    return YamlError(node, path, "must be promql or logql");
  };
}

bool IsUrl(const std::string& url) {
  return url.starts_with("http://") || url.starts_with("https://");
}

std::string Text(absl::Duration duration) {
  return DurationText(absl::ToInt64Milliseconds(duration));
}

void EmitDuration(const char* key, absl::Duration duration, YAML::Emitter* out) {
  *out << YAML::Key << key << YAML::Value << Text(duration);
}

}  // namespace

absl::Status ReadRuler(const YAML::Node& node, RulesConfig* config) {
  absl::Status status =
      ReadYamlFields(node, "ruler",
                     {{"evaluation_interval", Positive(&config->evaluation_interval)},
                      {"query_offset", YamlDuration(&config->query_offset)},
                      {"resend_delay", Positive(&config->resend_delay)},
                      {"for_outage_tolerance", YamlDuration(&config->outage_tolerance)},
                      {"for_grace_period", YamlDuration(&config->grace_period)},
                      {"catch_up", YamlDuration(&config->catch_up)},
                      {"concurrent_groups", YamlUnsigned(&config->concurrent_groups)},
                      {"external_url", YamlString(&config->external_url)}});
  if (!status.ok()) return status;
  if (config->concurrent_groups == 0 || config->concurrent_groups > 64) {
    return YamlError(node, "ruler.concurrent_groups", "must be 1 to 64");
  }
  if (!config->external_url.empty() && !IsUrl(config->external_url)) {
    return YamlError(node, "ruler.external_url", "must begin with http:// or https://");
  }
  return absl::OkStatus();
}

absl::Status ReadRuleFiles(const YAML::Node& node, RulesConfig* config) {
  config->files.clear();
  return ReadYamlList(node, "rule_files", [config](const YAML::Node& one, const std::string& path) {
    RuleFilePattern& file = config->files.emplace_back();
    absl::Status status = ReadYamlFields(one, path,
                                         {{"tenant", YamlString(&file.tenant)},
                                          {"file", YamlString(&file.file)},
                                          {"language", Language(&file.logql)}});
    if (!status.ok()) return status;
    if (!IsValidTenantName(file.tenant)) {
      return YamlError(one, path, "tenant is not a tenant's name");
    }
    if (file.file.empty()) return YamlError(one, path, "file is missing");
    return absl::OkStatus();
  });
}

absl::Status ReadAlerting(const YAML::Node& node, RulesConfig* config) {
  return ReadAlertingConfigs(node, &config->alerting);
}

absl::Status ReadRulesEmail(const YAML::Node& node, RulesConfig* config) {
  return ReadEmail(node, &config->email);
}

std::vector<std::string*> FilesOf(RulesConfig* config) {
  std::vector<std::string*> files = FilesOf(&config->email.tls);
  files.push_back(&config->email.password_file);
  for (AlertingConfig& entry : config->alerting) {
    for (AlertmanagerGroup& group : entry.alertmanagers) {
      for (std::string* file : FilesOf(&group.http)) files.push_back(file);
      for (FileDiscoveryConfig& discovery : group.file_discoveries) {
        for (std::string& file : discovery.files) files.push_back(&file);
      }
    }
  }
  return files;
}

void EmitRules(const RulesConfig& config, YAML::Emitter* out) {
  *out << YAML::Key << "ruler" << YAML::Value << YAML::BeginMap;
  EmitDuration("evaluation_interval", config.evaluation_interval, out);
  EmitDuration("query_offset", config.query_offset, out);
  EmitDuration("resend_delay", config.resend_delay, out);
  EmitDuration("for_outage_tolerance", config.outage_tolerance, out);
  EmitDuration("for_grace_period", config.grace_period, out);
  EmitDuration("catch_up", config.catch_up, out);
  *out << YAML::Key << "concurrent_groups" << YAML::Value << config.concurrent_groups;
  *out << YAML::Key << "external_url" << YAML::Value << config.external_url << YAML::EndMap;
  *out << YAML::Key << "rule_files" << YAML::Value << YAML::BeginSeq;
  for (const RuleFilePattern& file : config.files) {
    *out << YAML::Flow << YAML::BeginMap << YAML::Key << "tenant" << YAML::Value << file.tenant;
    *out << YAML::Key << "file" << YAML::Value << file.file;
    *out << YAML::Key << "language" << YAML::Value << (file.logql ? "logql" : "promql");
    *out << YAML::EndMap;
  }
  *out << YAML::EndSeq;
  *out << YAML::Key << "alerting" << YAML::Value;
  EmitAlertingConfigs(config.alerting, out);
  *out << YAML::Key << "email" << YAML::Value;
  EmitEmail(config.email, out);
}

}  // namespace tidegate::model
