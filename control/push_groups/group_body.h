// What is pushed to a group, as families; families as bytes of a document; groups as samples.
#ifndef TIDEGATE_CONTROL_PUSH_GROUPS_GROUP_BODY_H_
#define TIDEGATE_CONTROL_PUSH_GROUPS_GROUP_BODY_H_

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "control/push_groups.h"
#include "control/write/push_body.h"

namespace tidegate::control {

using PushedFamilies = std::map<std::string, PushedFamily>;

// Labels of the group and `instance`, where the group has none, are taken from series.
// InvalidArgument: malformed, or a sample has a timestamp.
absl::StatusOr<PushedFamilies> ParseGroupBody(PushGroupFormat format, std::string_view body,
                                              const PushLabels& group_labels,
                                              model::TimestampMs now);

// A group as the value of its document, and back. DataLoss when the value is none.
std::string EncodeGroup(const PushGroup& group);
absl::StatusOr<PushGroup> DecodeGroup(std::string_view value);

// The canonical label bytes of every series of the group, push_time_seconds and
// push_failure_time_seconds included.
std::set<std::string> GroupSeries(const PushGroup& group);
// Appends a sample of each at `now`, and the families' metadata.
void AppendGroup(const PushGroup& group, model::TimestampMs now, PushBody* out);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_PUSH_GROUPS_GROUP_BODY_H_
