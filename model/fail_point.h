// Named places where a test can make the process die.
//
// Crash tests must hit moments that last microseconds (between a sync and the commit that names
// it). The product calls HitFailPoint at those places; nothing happens unless a test armed the name
// with the hidden flag --fail_point=NAME:N, which kills the process with SIGKILL at the N-th hit.
// Unarmed cost: one relaxed load.
#ifndef TIDEGATE_MODEL_FAIL_POINT_H_
#define TIDEGATE_MODEL_FAIL_POINT_H_

#include <string_view>

#include "absl/status/status.h"

namespace tidegate::model {

// The names in use, so that a test can walk through all of them:
//   cut.frozen           chunks are frozen, nothing is handed over
//   cut.sealed           all segments were added, nothing is committed
//   store.before_ingest  table files are written and synced, not ingested
//   store.ingested       files are ingested, the catalogue does not name them
//   store.committed      the catalogue names them, the ingester does not know
//   log.before_trim      committed, the log still holds the frames
//   log.trimming         some segments are recycled
//   merge.before_ingest  merged files are written, not ingested
//   merge.ingested       merged files are ingested, the catalogue names the inputs
//   merge.committed      the catalogue names the merged segment, inputs are still on disk
void HitFailPoint(std::string_view name);

// "NAME:N". Arms one point; at most one is armed per process. Called before threads start.
// InvalidArgument for an unknown name or a count below 1.
absl::Status ArmFailPoint(std::string_view specification);

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_FAIL_POINT_H_
