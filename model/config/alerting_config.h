// Where alerts go: the section `alerting` of the configuration file.
#ifndef TIDEGATE_MODEL_CONFIG_ALERTING_CONFIG_H_
#define TIDEGATE_MODEL_CONFIG_ALERTING_CONFIG_H_

#include <yaml-cpp/yaml.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "model/config/http_client_config.h"
#include "model/config/target_groups.h"
#include "model/relabel.h"

namespace tidegate::model {

// Alertmanagers that share settings: an entry of Prometheus' `alertmanagers`, or one URL.
struct AlertmanagerGroup {
  std::string scheme = "http";
  std::string path_prefix;
  absl::Duration timeout = absl::Seconds(10);
  HttpClientConfig http;
  std::vector<TargetGroup> static_groups;
  std::vector<FileDiscoveryConfig> file_discoveries;
  std::vector<RelabelRule> relabel;        // Of their addresses.
  std::vector<RelabelRule> alert_relabel;  // Of alerts, behind those of the whole entry.
  std::string source;                      // As written: equal texts, equal groups. Has secrets.
  std::string shown;                       // The same without secrets.
};

struct AlertingConfig {
  std::string tenant;  // Empty: of all tenants that have no entry of their own.
  std::vector<AlertmanagerGroup> alertmanagers;  // All of them get every alert.
  absl::Duration timeout = absl::Seconds(10);    // Of those that do not say.
  std::vector<std::pair<std::string, std::string>> external_labels;
  std::vector<RelabelRule> relabel;  // Of alerts, behind the external labels.
  std::string relabel_yaml = "[]";   // As written.
};

// Reads a list of entries, or one, into `out`. InvalidArgument names line, key and what would be
// right: API versions other than v2, discoveries and logins that are not known here are refused.
absl::Status ReadAlertingConfigs(const YAML::Node& node, std::vector<AlertingConfig>* out);

// The list as YAML, without secrets.
void EmitAlertingConfigs(const std::vector<AlertingConfig>& configs, YAML::Emitter* out);

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_CONFIG_ALERTING_CONFIG_H_
