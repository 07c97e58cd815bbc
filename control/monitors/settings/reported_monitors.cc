#include "control/monitors/settings/reported_monitors.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "control/monitors/json/fields.h"
#include "control/monitors/json/json_text.h"
#include "control/monitors/json/short_id.h"
#include "control/monitors/settings/stored_resources.h"
#include "model/series_id.h"

namespace tidegate::control {
namespace {

std::string Prefix(const std::string& tenant) {
  return fmt::format("reported_monitors/{}/", tenant);
}

}  // namespace

std::string ReportedMonitorKey(const std::string& tenant, const std::string& name) {
  const model::SeriesId digest = model::HashLabelBytes(name);
  return fmt::format("{}{:016x}{:016x}", Prefix(tenant), digest.high, digest.low);
}

std::string EncodeReportedMonitor(const Monitor& monitor) {
  return JsonText(boost::json::object{{"id", monitor.id}, {"name", monitor.name}});
}

absl::StatusOr<Monitor> DecodeReportedMonitor(const storage::Document& document) {
  const auto object = StoredObject(document);
  if (!object.ok()) return object.status();
  Monitor monitor;
  monitor.id = TextOf(*object, "id");
  monitor.name = TextOf(*object, "name");
  monitor.check = ReportedCheck();
  return monitor;
}

absl::StatusOr<std::vector<Monitor>> LoadReportedMonitors(storage::Documents* documents,
                                                          const std::string& tenant) {
  const auto found = documents->List(Prefix(tenant), "", 0);
  if (!found.ok()) return found.status();
  std::vector<Monitor> monitors;
  for (const storage::Document& document : *found) {
    absl::StatusOr<Monitor> monitor = DecodeReportedMonitor(document);
    if (!monitor.ok()) return monitor.status();
    monitors.push_back(*std::move(monitor));
  }
  std::sort(monitors.begin(), monitors.end(),
            [](const Monitor& a, const Monitor& b) { return a.id < b.id; });
  return monitors;
}

absl::StatusOr<std::optional<Monitor>> FindReportedMonitor(storage::Documents* documents,
                                                           const std::string& tenant,
                                                           const std::string& id) {
  absl::StatusOr<std::vector<Monitor>> monitors = LoadReportedMonitors(documents, tenant);
  if (!monitors.ok()) return monitors.status();
  for (Monitor& monitor : *monitors) {
    if (monitor.id == id) return std::optional<Monitor>(std::move(monitor));
  }
  return std::optional<Monitor>();
}

absl::StatusOr<bool> IsMonitor(storage::Documents* documents, const std::string& tenant,
                               const std::string& id) {
  if (!IsShortId(id)) return false;
  const auto document = documents->Get(fmt::format("monitors/{}/{}", tenant, id));
  if (document.ok()) return true;
  if (!absl::IsNotFound(document.status())) return document.status();
  const auto reported = FindReportedMonitor(documents, tenant, id);
  if (!reported.ok()) return reported.status();
  return reported->has_value();
}

}  // namespace tidegate::control
