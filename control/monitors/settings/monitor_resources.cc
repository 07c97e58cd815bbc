#include "control/monitors/settings/monitor_resources.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <optional>
#include <tuple>
#include <utility>

#include "control/monitors/inventory/service_documents.h"
#include "control/monitors/json/fields.h"
#include "control/monitors/notices/group_references.h"
#include "control/monitors/settings/monitor_json.h"

namespace tidegate::control {
namespace {

namespace json = boost::json;

int OrderOf(const std::string& type) {
  for (int i = 0; i < kMonitorKinds; ++i) {
    if (type == MonitorKindName(static_cast<MonitorKind>(i))) return i;
  }
  return kMonitorKinds;
}

}  // namespace

absl::StatusOr<std::vector<Monitor>> LoadMonitors(storage::Documents* documents,
                                                  const std::string& tenant) {
  const auto found = documents->List(fmt::format("monitors/{}/", tenant), "", 0);
  if (!found.ok()) return found.status();
  std::vector<Monitor> monitors;
  for (const storage::Document& document : *found) {
    const auto object = StoredObject(document);
    absl::StatusOr<Monitor> monitor =
        object.ok() ? DecodeMonitor(*object) : absl::StatusOr<Monitor>(object.status());
    if (monitor.ok()) {
      monitors.push_back(*std::move(monitor));
    } else {
      spdlog::error("{} is not evaluated: {}", document.key,
                    std::string(monitor.status().message()));
    }
  }
  return monitors;
}

absl::StatusOr<json::object> MonitorResources::Read(const std::string& tenant,
                                                    const json::object& body,
                                                    const json::object* previous) {
  const auto services = LoadServices(&documents(), tenant);
  if (!services.ok()) return services.status();
  MonitorSurroundings around{&*services, clock().Now(), nullptr};
  std::optional<Monitor> replaced;
  if (previous != nullptr) {
    absl::StatusOr<Monitor> decoded = DecodeMonitor(*previous);
    if (!decoded.ok()) return decoded.status();
    replaced = *std::move(decoded);
    around.previous = &*replaced;
  }
  const absl::StatusOr<Monitor> monitor = ReadMonitor(body, around);
  if (!monitor.ok()) return monitor.status();
  return WriteMonitor(*monitor);
}

absl::Status MonitorResources::OnDelete(const std::string& tenant, const json::object& object,
                                        std::vector<storage::DocumentWrite>* writes) {
  return ForgetInGroups(&documents(), tenant, "monitors", TextOf(object, "id"), writes);
}

bool MonitorResources::Before(const json::object& a, const json::object& b) const {
  const auto order = [](const json::object& monitor) {
    return std::tuple(OrderOf(TextOf(monitor, "type")), TextOf(monitor, "name"),
                      TextOf(monitor, "id"));
  };
  return order(a) < order(b);
}

size_t MonitorResources::MaxCount(const std::string& tenant) const {
  return LimitsOf(limits_, tenant).max_monitors;
}

void MonitorResources::CountRefusal(const std::string& tenant) {
  CountRefused(limits_, tenant, "max_monitors");
}

}  // namespace tidegate::control
