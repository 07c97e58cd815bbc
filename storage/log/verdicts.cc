#include "storage/log/verdicts.h"

#include <algorithm>

namespace tidegate::storage {
namespace {

constexpr size_t kMaxFailures = 1024;

}  // namespace

void Verdicts::Fail(uint64_t position, const absl::Status& status) {
  if (position <= settled_) return;
  if (!failures_.empty() && failures_.back().end == settled_ && failures_.back().status == status) {
    failures_.back().end = position;
  } else {
    failures_.push_back({.begin = settled_, .end = position, .status = status});
    if (failures_.size() > kMaxFailures) failures_.pop_front();
  }
  settled_ = position;
}

absl::Status Verdicts::Of(uint64_t position) const {
  const auto found =
      std::lower_bound(failures_.begin(), failures_.end(), position,
                       [](const Failure& failure, uint64_t value) { return failure.end < value; });
  if (found == failures_.end() || position <= found->begin) return absl::OkStatus();
  return found->status;
}

}  // namespace tidegate::storage
