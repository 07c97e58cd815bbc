// The labels of a stream: service_name, and what the tenant's limits say about them.
#ifndef TIDEGATE_INGEST_ADMIT_LOGS_STREAM_CHECKS_H_
#define TIDEGATE_INGEST_ADMIT_LOGS_STREAM_CHECKS_H_

#include <string>
#include <string_view>
#include <vector>

#include "ingest/admit/reject_reason.h"
#include "ingest/decode/byte_arena.h"
#include "model/labels.h"
#include "model/log_limits.h"

namespace tidegate::ingest {

inline constexpr std::string_view kServiceName = "service_name";

// Adds service_name, from the first label of the list that the stream has, unless it is there or
// the list is empty. Sorted labels in and out; the views stay what they were.
void AddServiceName(const model::LogLimits& limits, std::vector<model::Label>* labels);

// Why the stream is refused. An empty text: it is not.
struct StreamProblem {
  RejectReason reason = RejectReason::kInvalidLabels;
  std::string text;
};

// Sorted labels; the text is Loki's.
StreamProblem CheckStreamLabels(const std::string& tenant, const model::LogLimits& limits,
                                const std::vector<model::Label>& labels);

// {a="b", c="d"}
std::string StreamText(const std::vector<model::Label>& labels);

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_ADMIT_LOGS_STREAM_CHECKS_H_
