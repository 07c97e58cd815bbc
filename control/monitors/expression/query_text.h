// Queries of query monitors: PromQL in which names may have dots without being quoted.
#ifndef TIDEGATE_CONTROL_MONITORS_EXPRESSION_QUERY_TEXT_H_
#define TIDEGATE_CONTROL_MONITORS_EXPRESSION_QUERY_TEXT_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace tidegate::control {

inline constexpr size_t kMaxMonitorQueryBytes = 8192;

// The query as PromQL: names of metrics and labels with dots become quoted UTF-8 names,
//   container.cpu.utilization{k8s.deployment.name="httpbin"}
//   {"container.cpu.utilization","k8s.deployment.name"="httpbin"}
// and stay untouched in strings, comments, numbers and durations. What has no dotted name comes
// back as it was, valid or not.
std::string QuoteDottedNames(std::string_view query);

// The same, when it parses; InvalidArgument with the parser's text otherwise.
absl::StatusOr<std::string> MonitorQuery(std::string_view query);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_EXPRESSION_QUERY_TEXT_H_
