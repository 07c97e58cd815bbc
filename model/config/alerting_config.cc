#include "model/config/alerting_config.h"

#include <fmt/format.h>

#include "model/config/relabel_yaml.h"
#include "model/config/yaml_fields.h"
#include "model/duration_text.h"
#include "model/tenant.h"

namespace tidegate::model {
namespace {

YamlReader Positive(absl::Duration* out) {
  return [out](const YAML::Node& node, const std::string& path) {
    absl::Status status = YamlDuration(out)(node, path);
    if (!status.ok() || *out > absl::ZeroDuration()) return status;
    return YamlError(node, path, "must be more than 0");
  };
}

YamlReader RelabelRules(AlertingConfig* config) {
  return [config](const YAML::Node& node, const std::string& path) {
    config->relabel_yaml = YAML::Dump(node);
    return YamlRelabelRules(&config->relabel)(node, path);
  };
}

YamlReader ApiVersion() {
  return [](const YAML::Node& node, const std::string& path) {
    if (node.IsScalar() && node.Scalar() == "v2") return absl::OkStatus();
    return YamlError(node, path, "only v2 is supported: no Alertmanager has had v1 since 0.27");
  };
}

// An Alertmanager that is given by its URL alone.
absl::Status ReadUrl(const YAML::Node& node, const std::string& path, AlertmanagerGroup* group) {
  const std::string url = node.Scalar();
  const size_t begin = url.find("://");
  group->scheme = begin == url.npos ? "" : url.substr(0, begin);
  if (group->scheme != "http" && group->scheme != "https") {
    return YamlError(node, path, fmt::format("\"{}\" must begin with http:// or https://", url));
  }
  const std::string rest = url.substr(begin + 3);
  const size_t slash = rest.find('/');
  const std::string address = rest.substr(0, slash);
  if (address.empty()) return YamlError(node, path, fmt::format("\"{}\" has no host", url));
  if (slash != rest.npos) group->path_prefix = rest.substr(slash);
  group->static_groups.push_back({{address}, {}, "static"});
  return absl::OkStatus();
}

absl::Status ReadMap(const YAML::Node& node, const std::string& path, AlertmanagerGroup* group) {
  if (absl::Status status = RefuseOtherDiscoveries(node, path); !status.ok()) return status;
  std::vector<YamlField> fields = {
      {"scheme", YamlString(&group->scheme)},
      {"path_prefix", YamlString(&group->path_prefix)},
      {"timeout", Positive(&group->timeout)},
      {"api_version", ApiVersion()},
      {"static_configs", YamlTargetGroups("static", &group->static_groups)},
      {"file_sd_configs", YamlFileDiscoveries(&group->file_discoveries)},
      {"relabel_configs", YamlRelabelRules(&group->relabel)},
      {"alert_relabel_configs", YamlRelabelRules(&group->alert_relabel)},
      {"sigv4", YamlRefused("is not supported here")}};
  AddHttpClientFields(&group->http, &fields);
  if (absl::Status status = ReadYamlFields(node, path, fields); !status.ok()) return status;
  if (group->scheme != "http" && group->scheme != "https") {
    return YamlError(node, path, "scheme must be http or https");
  }
  for (const std::string& mistake :
       {HttpClientMistake(group->http), FileDiscoveryMistake(group->file_discoveries)}) {
    if (!mistake.empty()) return YamlError(node, path, mistake);
  }
  return absl::OkStatus();
}

YamlReader Alertmanagers(const AlertingConfig& config, std::vector<AlertmanagerGroup>* out) {
  return [&config, out](const YAML::Node& node, const std::string& path) {
    return ReadYamlList(node, path, [&](const YAML::Node& one, const std::string& inner) {
      AlertmanagerGroup& group = out->emplace_back();
      group.timeout = config.timeout;
      group.source = YAML::Dump(one);
      group.shown = YAML::Dump(WithoutSecrets(one));
      return one.IsScalar() ? ReadUrl(one, inner, &group) : ReadMap(one, inner, &group);
    });
  };
}

absl::Status ReadEntry(const YAML::Node& node, const std::string& path, AlertingConfig* config) {
  // Alertmanagers are read last: the timeout is for them.
  absl::Status status =
      ReadYamlFields(node, path,
                     {{"tenant", YamlString(&config->tenant)},
                      {"alertmanagers", YamlReadElsewhere()},
                      {"timeout", Positive(&config->timeout)},
                      {"external_labels", YamlStringMap(&config->external_labels)},
                      {"alert_relabel_configs", RelabelRules(config)}});
  if (!status.ok()) return status;
  if (!config->tenant.empty() && !IsValidTenantName(config->tenant)) {
    return YamlError(node, path, "tenant is not a tenant's name");
  }
  if (!node["alertmanagers"].IsDefined()) return absl::OkStatus();
  return Alertmanagers(*config, &config->alertmanagers)(node["alertmanagers"],
                                                        path + ".alertmanagers");
}

void EmitEntry(const AlertingConfig& config, YAML::Emitter* out) {
  *out << YAML::BeginMap;
  *out << YAML::Key << "tenant" << YAML::Value << config.tenant;
  *out << YAML::Key << "alertmanagers" << YAML::Value << YAML::BeginSeq;
  for (const AlertmanagerGroup& group : config.alertmanagers) *out << YAML::Load(group.shown);
  *out << YAML::EndSeq;
  *out << YAML::Key << "timeout" << YAML::Value
       << DurationText(absl::ToInt64Milliseconds(config.timeout));
  *out << YAML::Key << "external_labels" << YAML::Value << YAML::BeginMap;
  for (const auto& [name, value] : config.external_labels) {
    *out << YAML::Key << name << YAML::Value << value;
  }
  *out << YAML::EndMap;
  *out << YAML::Key << "alert_relabel_configs" << YAML::Value << YAML::Load(config.relabel_yaml);
  *out << YAML::EndMap;
}

}  // namespace

absl::Status ReadAlertingConfigs(const YAML::Node& node, std::vector<AlertingConfig>* out) {
  out->clear();
  // Prometheus has a map here: the one entry of everybody.
  if (node.IsMap()) return ReadEntry(node, "alerting", &out->emplace_back());
  return ReadYamlList(node, "alerting", [out](const YAML::Node& one, const std::string& path) {
    AlertingConfig entry;
    if (absl::Status status = ReadEntry(one, path, &entry); !status.ok()) return status;
    for (const AlertingConfig& other : *out) {
      if (other.tenant == entry.tenant) {
        return YamlError(one, path, "this tenant has an entry already");
      }
    }
    out->push_back(std::move(entry));
    return absl::OkStatus();
  });
}

void EmitAlertingConfigs(const std::vector<AlertingConfig>& configs, YAML::Emitter* out) {
  *out << YAML::BeginSeq;
  for (const AlertingConfig& config : configs) EmitEntry(config, out);
  *out << YAML::EndSeq;
}

}  // namespace tidegate::model
