// Cuts of a real head, for hand-overs.
#ifndef TIDEGATE_TESTS_CONTRACT_SEALED_CUT_H_
#define TIDEGATE_TESTS_CONTRACT_SEALED_CUT_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "storage/head.h"
#include "storage/log.h"
#include "storage/store.h"

namespace tidegate::contract {

// What one cut hands over.
struct SealedCut {
  storage::LogPosition position;
  std::vector<storage::SealedSegment> segments;
};

// A head over a log in `directory`. Owned by one thread.
class Cutter {
 public:
  // Segments carry `producer` in their keys.
  Cutter(const std::string& directory, uint64_t producer);

  // `count` series of the tenant's metric `m` with `samples` samples each, 15 s apart, the last at
  // `now`; cut and sealed. Later cuts have later positions.
  SealedCut Cut(const std::string& tenant, size_t count, size_t samples, model::TimestampMs now);

 private:
  std::unique_ptr<storage::Log> log_;
  std::unique_ptr<storage::Head> head_;
  uint64_t producer_;
};

}  // namespace tidegate::contract

#endif  // TIDEGATE_TESTS_CONTRACT_SEALED_CUT_H_
