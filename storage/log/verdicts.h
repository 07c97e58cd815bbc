// What became of each position: durable, failed, or not known yet.
#ifndef TIDEGATE_STORAGE_LOG_VERDICTS_H_
#define TIDEGATE_STORAGE_LOG_VERDICTS_H_

#include <cstdint>
#include <deque>

#include "absl/status/status.h"

namespace tidegate::storage {

// A value without locks; its owner guards it. Verdicts come in the order of positions. An outage is
// one entry however long it lasts, and the oldest outages are forgotten: nobody waits for hours.
class Verdicts {
 public:
  explicit Verdicts(uint64_t settled) : settled_(settled) {}

  // Everything between the last verdict and `position` is durable.
  void Succeed(uint64_t position) { settled_ = position; }
  // Everything between the last verdict and `position` failed.
  void Fail(uint64_t position, const absl::Status& status);

  // Positions up to here have a verdict.
  uint64_t settled() const { return settled_; }
  // Of the frame that ends at `position`, which is at most settled().
  absl::Status Of(uint64_t position) const;

 private:
  struct Failure {
    uint64_t begin;  // Exclusive: the frame that ends here did not fail.
    uint64_t end;    // Inclusive.
    absl::Status status;
  };
  uint64_t settled_;
  std::deque<Failure> failures_;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_LOG_VERDICTS_H_
