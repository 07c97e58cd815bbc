// Samples of rules on their way to the ingester.
#ifndef TIDEGATE_CONTROL_RULES_INGESTER_WRITER_H_
#define TIDEGATE_CONTROL_RULES_INGESTER_WRITER_H_

#include "control/rules/rule_io.h"
#include "ingest/ingester.h"

namespace tidegate::control {

// One push for each call, so that the next rule of a group can read what this one wrote. A sample
// that is refused is an error, unless there are stale markers only: their series may go on
// elsewhere. Thread safe.
class IngesterWriter final : public RuleWriter {
 public:
  // The ingester must outlive it.
  explicit IngesterWriter(ingest::Ingester* ingester) : ingester_(*ingester) {}

  absl::Status Write(const std::string& tenant, const std::vector<RuleSample>& samples) override;

 private:
  ingest::Ingester& ingester_;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_RULES_INGESTER_WRITER_H_
