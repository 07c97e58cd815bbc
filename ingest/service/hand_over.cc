#include "ingest/service/hand_over.h"

#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "model/fail_point.h"

namespace tidegate::ingest {

absl::Status HandOverCut(const model::RequestContext& context, const storage::HeadCut& cut,
                         uint64_t producer, model::TimestampMs now, storage::Store* store) {
  model::HitFailPoint("cut.frozen");
  absl::StatusOr<std::unique_ptr<storage::HandOver>> hand_over =
      store->StartHandOver(context, producer, cut.position());
  if (absl::IsAlreadyExists(hand_over.status())) return absl::OkStatus();
  if (!hand_over.ok()) return hand_over.status();
  absl::Status status = cut.Seal(producer, now, [&](storage::SealedSegment segment) {
    if (absl::Status alive = context.Check(); !alive.ok()) return alive;
    return (*hand_over)->Add(std::move(segment));
  });
  if (!status.ok()) return status;
  model::HitFailPoint("cut.sealed");
  status = (*hand_over)->Commit();
  // Another attempt of this producer, whose answer was lost, came first.
  return absl::IsAlreadyExists(status) ? absl::OkStatus() : status;
}

}  // namespace tidegate::ingest
