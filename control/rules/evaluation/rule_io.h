// What evaluation needs of the world: answers to queries, a place to write, somebody to tell.
#ifndef TIDEGATE_CONTROL_RULES_EVALUATION_RULE_IO_H_
#define TIDEGATE_CONTROL_RULES_EVALUATION_RULE_IO_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "model/histogram.h"
#include "model/labels.h"
#include "model/sample.h"
#include "query/rule_expression.h"

namespace tidegate::control {

// One sample of a result, or to be written.
struct RuleSample {
  model::Labels labels;
  model::TimestampMs timestamp = 0;
  double value = 0;
  std::shared_ptr<const model::FloatHistogram> histogram;  // Null: `value`.
};

struct RuleQuery {
  std::string tenant;
  query::RuleLanguage language = query::RuleLanguage::kPromQl;
  std::string expr;
  absl::Time time;
  absl::Duration lookback;  // PromQL; 0 = the engine's default.
};

// Thread safe.
class RuleQueries {
 public:
  virtual ~RuleQueries() = default;
  // An instant vector; of a scalar the one sample without labels. Errors as the query service's;
  // InvalidArgument when the result is neither.
  virtual absl::StatusOr<std::vector<RuleSample>> Instant(const RuleQuery& query) = 0;
};

// Thread safe.
class RuleWriter {
 public:
  virtual ~RuleWriter() = default;
  // Returns when the samples are durable and can be queried. An error: none was written, or some
  // were refused.
  virtual absl::Status Write(const std::string& tenant, const std::vector<RuleSample>& samples) = 0;
};

// An alert as Alertmanager is told.
struct OutgoingAlert {
  model::Labels labels;
  std::map<std::string, std::string> annotations;
  absl::Time starts_at;
  absl::Time ends_at;  // In the past or now: resolved. Later: until then, if nothing more is heard.
  std::string generator_url;
};

// Thread safe.
class AlertSink {
 public:
  virtual ~AlertSink() = default;
  // Never waits for a network.
  virtual void Send(const std::string& tenant, std::vector<OutgoingAlert> alerts) = 0;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_RULES_EVALUATION_RULE_IO_H_
