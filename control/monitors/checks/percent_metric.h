// Metrics in percent that are computed from others.
#ifndef TIDEGATE_CONTROL_MONITORS_CHECKS_PERCENT_METRIC_H_
#define TIDEGATE_CONTROL_MONITORS_CHECKS_PERCENT_METRIC_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace tidegate::control {

// The names that a percent metric is computed from, as a regular expression.
std::string PartsPattern(std::string_view percent_metric);

// From the means of a host's parts, by name:
//   cpu%               what is not idle, of all states (guest is part of user); without idle the
//   sum
//                      of the busy states
//   memory%            used of total; used may be total - available, or - free - buffers - cached
//   swap%              swap_used of swap_total; swap_used may be swap_total - swap_free
//   disk%              used of size, of the filesystem that is worst
//   container-cpu%     usage of limit, of the container that is worst
//   container-memory%  the same
// `above`: the worst is the largest, otherwise the smallest. Nothing when parts are missing.
std::optional<double> PercentOf(std::string_view percent_metric,
                                const std::map<std::string, double>& parts, bool above);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_CHECKS_PERCENT_METRIC_H_
