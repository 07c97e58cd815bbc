// Samples of rules on their way to the ingester.
#ifndef TIDEGATE_CONTROL_RULES_EVALUATION_INGESTER_WRITER_H_
#define TIDEGATE_CONTROL_RULES_EVALUATION_INGESTER_WRITER_H_

#include <atomic>
#include <memory>

#include "control/rules/evaluation/rule_io.h"
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

  // Ends what is running, and everything that is written later, with Cancelled.
  void Cancel() { cancelled_->store(true, std::memory_order_relaxed); }

 private:
  ingest::Ingester& ingester_;
  const std::shared_ptr<std::atomic<bool>> cancelled_ = std::make_shared<std::atomic<bool>>(false);
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_RULES_EVALUATION_INGESTER_WRITER_H_
