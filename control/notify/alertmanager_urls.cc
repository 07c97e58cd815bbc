#include "control/notify/alertmanager_urls.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/labels.h"
#include "model/relabel.h"

namespace tidegate::control {
namespace {

constexpr std::string_view kAddress = "__address__";
constexpr std::string_view kScheme = "__scheme__";
constexpr std::string_view kPath = "__alerts_path__";

std::string AlertsPath(std::string prefix) {
  while (prefix.ends_with('/')) prefix.pop_back();
  if (!prefix.empty() && !prefix.starts_with('/')) prefix.insert(0, "/");
  return prefix + "/api/v2/alerts";
}

std::string Url(const model::LabelsBuilder& labels) {
  const auto path = labels.Get(kPath);
  return fmt::format("{}://{}{}{}", std::string_view(labels.Get(kScheme)),
                     std::string_view(labels.Get(kAddress)), path.starts_with('/') ? "" : "/",
                     std::string_view(path));
}

model::LabelsBuilder Discovered(const model::AlertmanagerGroup& group, const std::string& address,
                                const model::TargetGroup& found) {
  model::LabelsBuilder labels;
  labels.Set(kScheme, group.scheme);
  labels.Set(kPath, AlertsPath(group.path_prefix));
  for (const auto& [name, value] : found.labels) labels.Set(name, value);
  labels.Set(kAddress, address);
  return labels;
}

}  // namespace

AlertmanagerUrls UrlsOfGroup(const model::AlertmanagerGroup& group,
                             const std::vector<model::TargetGroup>& found,
                             std::vector<std::string>* mistakes) {
  AlertmanagerUrls urls;
  for (const model::TargetGroup& one : found) {
    for (const std::string& address : one.targets) {
      model::LabelsBuilder labels = Discovered(group, address, one);
      const std::string before = Url(labels);
      if (!model::Relabel(group.relabel, &labels)) {
        urls.dropped.push_back(before);
        continue;
      }
      const auto used = labels.Get(kAddress);
      if (used.empty() || used.find('/') != used.npos) {
        mistakes->push_back(fmt::format("{}: \"{}\" is not the address of an Alertmanager",
                                        one.source, std::string_view(used)));
        continue;
      }
      std::string url = Url(labels);
      if (std::find(urls.active.begin(), urls.active.end(), url) == urls.active.end()) {
        urls.active.push_back(std::move(url));
      }
    }
  }
  return urls;
}

}  // namespace tidegate::control
