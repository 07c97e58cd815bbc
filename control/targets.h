// What is scraped, and how it went: the door of the scraper for those who ask.
#ifndef TIDEGATE_CONTROL_TARGETS_H_
#define TIDEGATE_CONTROL_TARGETS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "model/labels.h"
#include "model/metadata.h"
#include "model/relabel.h"
#include "model/request_context.h"

namespace tidegate::control {

// How the last scrape of a target ended. The numbers are `resultCd` of the workspaces' API.
enum class ScrapeResult : uint8_t {
  kSuccess = 0,
  kConnectionFailed = 1,  // No such host, refused, reset, closed before the body was complete.
  kTimeout = 2,
  kTlsFailed = 3,
  kHttpStatus = 4,      // Anything but 200.
  kUnreadable = 5,      // Not an exposition: wrong content type, a line that cannot be read.
  kTooLarge = 6,        // body_size_limit
  kLimitExceeded = 7,   // sample_limit, label_limit and their relatives
  kNotAllowed = 8,      // The network rules forbid the address.
  kNotStored = 9,       // Read, but the ingester did not take it in time.
  kMisconfigured = 10,  // Of what the job says about the client: a file that cannot be read.
};

struct TargetStatus {
  std::string pool;  // The job that found it.
  model::Labels discovered;
  model::Labels labels;
  std::string url;
  absl::Duration interval;
  absl::Duration timeout;
  bool scraped = false;  // At least once; without it the rest says nothing.
  ScrapeResult result = ScrapeResult::kSuccess;
  std::string last_error;  // Empty after a success.
  absl::Time last_scrape;
  absl::Duration last_duration;
};

struct DroppedTarget {
  std::string pool;
  model::Labels discovered;
};

// Of one tenant. Sorted by pool, then in the order in which they were found.
struct TargetList {
  std::vector<std::string> pools;  // Also those without targets.
  std::vector<TargetStatus> active;
  std::vector<DroppedTarget> dropped;               // At most keep_dropped_targets of a job.
  std::map<std::string, uint64_t> dropped_by_pool;  // All of them.
};

struct TargetMetadata {
  model::Labels target;
  model::MetricMetadata metric;
};

// One rule of a job's relabelling, and what the labels are behind it.
struct RelabelStep {
  model::RelabelConfig rule;
  model::Labels output;  // Empty when this rule, or one before, has dropped the target.
  bool keep = true;
};

// Thread safe. Everything is about the context's tenant. Implemented by the scraper of this process
// and by the gRPC client.
class Targets {
 public:
  virtual ~Targets() = default;
  // Unavailable while no scraper is known.
  virtual absl::StatusOr<TargetList> List(const model::RequestContext& context) = 0;
  // What targets said about their metrics; about one metric when it is named.
  virtual absl::StatusOr<std::vector<TargetMetadata>> Metadata(const model::RequestContext& context,
                                                               const std::string& metric) = 0;
  // What the rules of a job (relabel_configs) make of these labels, step by step. InvalidArgument:
  // there is no such job.
  virtual absl::StatusOr<std::vector<RelabelStep>> RelabelSteps(
      const model::RequestContext& context, const std::string& pool,
      const model::Labels& labels) = 0;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_TARGETS_H_
