// Addresses that a configuration names: static_configs and file_sd_configs of Prometheus.
#ifndef TIDEGATE_MODEL_CONFIG_TARGET_GROUPS_H_
#define TIDEGATE_MODEL_CONFIG_TARGET_GROUPS_H_

#include <yaml-cpp/yaml.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "model/config/yaml_fields.h"

namespace tidegate::model {

// Addresses that share labels; where they come from, for messages.
struct TargetGroup {
  std::vector<std::string> targets;
  std::vector<std::pair<std::string, std::string>> labels;
  std::string source;
  friend bool operator==(const TargetGroup&, const TargetGroup&) = default;
};

struct FileDiscoveryConfig {
  std::vector<std::string> files;  // The last component may have one *.
  absl::Duration refresh_interval = absl::Minutes(5);
  friend bool operator==(const FileDiscoveryConfig&, const FileDiscoveryConfig&) = default;
};

// Lists, behind what is there.
YamlReader YamlTargetGroups(const std::string& source, std::vector<TargetGroup>* out);
YamlReader YamlFileDiscoveries(std::vector<FileDiscoveryConfig>* out);

// What is wrong with the names of files; empty when nothing is.
std::string FileDiscoveryMistake(const std::vector<FileDiscoveryConfig>& discoveries);

// InvalidArgument for a map with a key *_sd_configs of another kind.
absl::Status RefuseOtherDiscoveries(const YAML::Node& node, const std::string& path);

// Reads such a file: YAML or JSON, a list of {targets, labels}.
absl::StatusOr<std::vector<TargetGroup>> ParseTargetGroups(std::string_view text,
                                                           const std::string& source);

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_CONFIG_TARGET_GROUPS_H_
