#include "model/config/target_groups.h"

#include <fmt/format.h>

namespace tidegate::model {
namespace {

bool IsFilePattern(const std::string& file) {
  const bool known = file.ends_with(".json") || file.ends_with(".yml") || file.ends_with(".yaml");
  const size_t star = file.find('*');
  const size_t slash = file.rfind('/');
  const bool star_last = star == file.npos || slash == file.npos || slash < star;
  return known && star_last && (star == file.npos || file.find('*', star + 1) == file.npos);
}

}  // namespace

YamlReader YamlTargetGroups(const std::string& source, std::vector<TargetGroup>* out) {
  return [source, out](const YAML::Node& node, const std::string& path) {
    return ReadYamlList(node, path, [&](const YAML::Node& one, const std::string& inner) {
      TargetGroup& group = out->emplace_back();
      group.source = source;
      return ReadYamlFields(
          one, inner,
          {{"targets", YamlStrings(&group.targets)}, {"labels", YamlStringMap(&group.labels)}});
    });
  };
}

YamlReader YamlFileDiscoveries(std::vector<FileDiscoveryConfig>* out) {
  return [out](const YAML::Node& node, const std::string& path) {
    return ReadYamlList(node, path, [out](const YAML::Node& one, const std::string& inner) {
      FileDiscoveryConfig& config = out->emplace_back();
      return ReadYamlFields(one, inner,
                            {{"files", YamlStrings(&config.files)},
                             {"refresh_interval", YamlDuration(&config.refresh_interval)}});
    });
  };
}

std::string FileDiscoveryMistake(const std::vector<FileDiscoveryConfig>& discoveries) {
  for (const FileDiscoveryConfig& discovery : discoveries) {
    if (discovery.files.empty()) return "file_sd_configs: files is empty";
    for (const std::string& file : discovery.files) {
      if (IsFilePattern(file)) continue;
      return fmt::format(
          "file_sd_configs: \"{}\" is not valid: the name must end in .json, .yml or .yaml, and "
          "may have one * in its last part",
          file);
    }
  }
  return "";
}

absl::Status RefuseOtherDiscoveries(const YAML::Node& node, const std::string& path) {
  if (!node.IsMap()) return YamlError(node, path, "must be a map");
  for (const auto& entry : node) {
    const std::string name = entry.first.as<std::string>("");
    if (!name.ends_with("_sd_configs") || name == "file_sd_configs") continue;
    return YamlError(entry.first, path + "." + name,
                     "this kind of discovery is not known here; static_configs and "
                     "file_sd_configs are");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<TargetGroup>> ParseTargetGroups(std::string_view text,
                                                           const std::string& source) {
  return ParseYaml(text, [&](const YAML::Node& root) -> absl::StatusOr<std::vector<TargetGroup>> {
    std::vector<TargetGroup> groups;
    if (absl::Status status = YamlTargetGroups(source, &groups)(root, source); !status.ok()) {
      return status;
    }
    return groups;
  });
}

}  // namespace tidegate::model
