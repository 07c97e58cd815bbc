#include "storage/store/segment_hand_over.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/tenant.h"
#include "storage/partition/partition.h"

namespace tidegate::storage {
namespace {

// A full disk stays ResourceExhausted; whatever else fails may work when it is tried again.
absl::Status Retryable(const absl::Status& status) {
  if (status.ok() || absl::IsResourceExhausted(status) || absl::IsAlreadyExists(status) ||
      absl::IsNotFound(status) || absl::IsInvalidArgument(status)) {
    return status;
  }
  return absl::UnavailableError(status.message());
}

}  // namespace

absl::Status SegmentHandOver::CheckSegment(const SegmentId& id,
                                           const SealedSegment& segment) const {
  const auto refuse = [&](std::string_view what) {
    return absl::InvalidArgumentError(fmt::format("{}: {}", ToString(id), what));
  };
  if (!model::IsValidTenantName(segment.tenant)) return refuse("not a tenant's name");
  if (!IsValidSpan(segment.partition)) return refuse("not a partition");
  if (segment.pages.empty() || segment.range.empty()) return refuse("an empty segment");
  if (segment.range.min < segment.partition.begin || segment.range.max >= segment.partition.end()) {
    return refuse("points outside the partition");
  }
  const std::string prefix = SegmentKeyPrefix(id);
  for (size_t i = 0; i < segment.pages.size(); ++i) {
    if (!segment.pages[i].first.starts_with(prefix)) return refuse("a page of another segment");
    if (i > 0 && segment.pages[i].first <= segment.pages[i - 1].first) {
      return refuse("pages out of order");
    }
  }
  const bool twice = std::any_of(segments_.begin(), segments_.end(),
                                 [&](const PendingSegment& s) { return s.entry.id == id; });
  return twice ? refuse("a partition twice") : absl::OkStatus();
}

absl::Status SegmentHandOver::Add(SealedSegment segment) {
  const SegmentId id{.tenant = segment.tenant,
                     .origin = SegmentOrigin::kCut,
                     .position = position_,
                     .producer = producer_,
                     .span = segment.partition};
  if (absl::Status status = CheckSegment(id, segment); !status.ok()) return status;
  auto file = store_->NewFile();
  if (!file.ok()) return Retryable(file.status());
  for (const auto& [key, value] : segment.pages) {
    if (absl::Status status = (*file)->Add(key, value); !status.ok()) return Retryable(status);
  }
  if (absl::Status status = (*file)->Finish(); !status.ok()) return Retryable(status);
  PendingSegment pending;
  pending.entry.id = id;
  pending.entry.partition = segment.partition;
  pending.entry.range = segment.range;
  pending.entry.series = segment.series;
  pending.entry.samples = segment.samples;
  pending.file = *std::move(file);
  segments_.push_back(std::move(pending));
  return absl::OkStatus();
}

absl::Status SegmentHandOver::Commit() {
  if (committed_) return absl::FailedPreconditionError("the hand-over is over");
  committed_ = true;
  return Retryable(store_->CommitCut(producer_, position_, std::move(segments_)));
}

}  // namespace tidegate::storage
