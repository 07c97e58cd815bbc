// Reads a log that nobody writes, for checks and repairs.
#ifndef TIDEGATE_STORAGE_LOG_READ_LOCAL_LOG_H_
#define TIDEGATE_STORAGE_LOG_READ_LOCAL_LOG_H_

#include <string>

#include "absl/status/statusor.h"
#include "storage/files/file_system.h"
#include "storage/log.h"
#include "storage/log/segment_chain.h"

namespace tidegate::storage {

// Replays every intact frame in [from, end), as Log::Replay does, and changes nothing: what the
// next opening would cut stays. Holds the directory's lock shared meanwhile. FailedPrecondition
// when a process has the log open or the format is newer, NotFound without the directory.
// `damage_fn` also hears of damaged headers and small files, and of a torn tail (its end is its
// begin: no acknowledged frame is missing).
absl::StatusOr<LogBounds> ReadLocalLog(FileSystem& file_system, const std::string& directory,
                                       LogPosition from, const FrameFn& frame_fn,
                                       const DamageFn& damage_fn);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_LOG_READ_LOCAL_LOG_H_
