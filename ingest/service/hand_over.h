// Hands one cut to the store.
#ifndef TIDEGATE_INGEST_SERVICE_HAND_OVER_H_
#define TIDEGATE_INGEST_SERVICE_HAND_OVER_H_

#include <cstdint>

#include "absl/status/status.h"
#include "model/request_context.h"
#include "model/sample.h"
#include "storage/head.h"
#include "storage/store.h"

namespace tidegate::ingest {

// Seals the cut segment by segment into the store and commits it. Ok = the store has it, also when
// it had it already. After any error the whole call may be repeated: the store knows a cut by
// (producer, position), and nothing is named before the commit. NotFound when the store does not
// know the producer. `now` picks the partitions.
absl::Status HandOverCut(const model::RequestContext& context, const storage::HeadCut& cut,
                         uint64_t producer, model::TimestampMs now, storage::Store* store);

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_SERVICE_HAND_OVER_H_
