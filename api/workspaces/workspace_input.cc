#include "api/workspaces/workspace_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

#include "control/workspaces.h"
#include "model/labels.h"

namespace tidegate::api {
namespace {

namespace json = boost::json;

absl::Status Bad(std::string_view member, std::string_view problem) {
  return absl::InvalidArgumentError(fmt::format("{} {}", member, problem));
}

absl::StatusOr<json::object> ReadObject(std::string_view body) {
  json::error_code error;
  json::value value = json::parse({body.data(), body.size()}, error);
  if (error) return Bad("the body", "is not JSON");
  if (!value.is_object()) return Bad("the body", "is not a JSON object");
  return std::move(value.get_object());
}

bool HasControl(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

absl::StatusOr<std::string> Text(const json::object& object, std::string_view member,
                                 size_t max_bytes) {
  const json::value* value = object.if_contains({member.data(), member.size()});
  if (value == nullptr) return Bad(member, "is missing");
  if (!value->is_string()) return Bad(member, "is not a text");
  std::string text(value->get_string().data(), value->get_string().size());
  if (text.empty()) return Bad(member, "is empty");
  if (text.size() > max_bytes) return Bad(member, "is too long");
  if (!model::IsValidUtf8(text) || HasControl(text)) return Bad(member, "has invalid characters");
  return text;
}

absl::Status ReadPath(const json::object& object, JobInput* job) {
  absl::StatusOr<std::string> path = Text(object, "metricsPath", kMaxMetricsPathBytes);
  if (!path.ok()) return path.status();
  if (!path->starts_with('/')) return Bad("metricsPath", "does not begin with /");
  if (path->find_first_of(" ?#") != path->npos) return Bad("metricsPath", "is not a plain path");
  job->metrics_path = *std::move(path);
  return absl::OkStatus();
}

absl::Status ReadDescription(const json::object& object, JobInput* job) {
  const json::value* value = object.if_contains("description");
  if (value == nullptr) return absl::OkStatus();
  job->description.emplace();
  if (value->is_null()) return absl::OkStatus();
  if (!value->is_string()) return Bad("description", "is not a text");
  if (value->get_string().size() > kMaxDescriptionBytes) return Bad("description", "is too long");
  job->description->assign(value->get_string().data(), value->get_string().size());
  return absl::OkStatus();
}

absl::StatusOr<uint16_t> ReadPort(const json::object& object) {
  const json::value* value = object.if_contains("port");
  if (value == nullptr) return Bad("port", "is missing");
  int64_t port = 0;
  if (value->is_int64()) {
    port = value->get_int64();
  } else if (value->is_string()) {
    const json::string& text = value->get_string();
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc() || end != text.data() + text.size()) port = 0;
  }
  if (port < 1 || port > 65535) return Bad("port", "is not a number from 1 to 65535");
  return static_cast<uint16_t>(port);
}

}  // namespace

absl::StatusOr<JobInput> ReadChangedJob(std::string_view body) {
  const auto object = ReadObject(body);
  if (!object.ok()) return object.status();
  JobInput job;
  absl::Status status = ReadPath(*object, &job);
  if (status.ok()) status = ReadDescription(*object, &job);
  if (!status.ok()) return status;
  return job;
}

absl::StatusOr<JobInput> ReadNewJob(std::string_view body) {
  const auto object = ReadObject(body);
  if (!object.ok()) return object.status();
  absl::StatusOr<std::string> name = Text(*object, "jobName", kMaxJobNameBytes);
  if (!name.ok()) return name.status();
  absl::StatusOr<JobInput> job = ReadChangedJob(body);
  if (job.ok()) job->name = *std::move(name);
  return job;
}

absl::StatusOr<TargetInput> ReadNewTarget(std::string_view body) {
  const auto object = ReadObject(body);
  if (!object.ok()) return object.status();
  absl::StatusOr<std::string> host = Text(*object, "hostId", kMaxJobNameBytes);
  if (!host.ok()) return host.status();
  const absl::StatusOr<uint16_t> port = ReadPort(*object);
  if (!port.ok()) return port.status();
  return TargetInput{*std::move(host), *port};
}

absl::StatusOr<std::string> ReadRegion(std::string_view field) {
  for (const std::string_view region : control::kWorkspaceRegions) {
    if (field == region) return std::string(field);
  }
  return Bad("X-SYSMON-REGION", "is not one of kr, kr2, jp, us");
}

}  // namespace tidegate::api
