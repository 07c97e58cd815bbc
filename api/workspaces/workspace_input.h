// What requests to the workspaces' API say.
#ifndef TIDEGATE_API_WORKSPACES_WORKSPACE_INPUT_H_
#define TIDEGATE_API_WORKSPACES_WORKSPACE_INPUT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace tidegate::api {

inline constexpr size_t kMaxJobNameBytes = 255;
inline constexpr size_t kMaxMetricsPathBytes = 1024;
inline constexpr size_t kMaxDescriptionBytes = 2000;

struct JobInput {
  std::string name;  // Empty unless it was asked for.
  std::string metrics_path;
  std::optional<std::string> description;  // Nothing: the body does not speak of it.
};

struct TargetInput {
  std::string host_id;
  uint16_t port = 0;
};

// Bodies are JSON objects; members that are not known are passed over. InvalidArgument says what is
// wrong: a member that is missing or of another type, a name or text that is empty or too long, a
// path that does not begin with / or has a blank, ? or # in it.
absl::StatusOr<JobInput> ReadNewJob(std::string_view body);
absl::StatusOr<JobInput> ReadChangedJob(std::string_view body);  // Without a name.
// The port is a number or a text of one, 1 to 65535.
absl::StatusOr<TargetInput> ReadNewTarget(std::string_view body);

// The region in X-SYSMON-REGION. InvalidArgument when it is missing or unknown.
absl::StatusOr<std::string> ReadRegion(std::string_view field);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_WORKSPACES_WORKSPACE_INPUT_H_
