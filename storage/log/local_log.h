// The log on local files: group commit, recycled segments.
//
// Append copies a frame into a buffer. Somebody takes all that has gathered, writes it with one
// call, syncs, and lets everybody go who waited for it; meanwhile the next group gathers. So a sync
// is shared by all that arrived during the one before, and no timer delays anybody. In group mode
// that is the first of those who wait: no thread is woken for a group of one. Everything else is
// the work of a thread of the log's own, the writer.
#ifndef TIDEGATE_STORAGE_LOG_LOCAL_LOG_H_
#define TIDEGATE_STORAGE_LOG_LOCAL_LOG_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "storage/files/file_system.h"
#include "storage/log.h"
#include "storage/log/epoch_file.h"
#include "storage/log/frame_buffer.h"
#include "storage/log/log_tail.h"
#include "storage/log/segment_chain.h"
#include "storage/log/segment_files.h"
#include "storage/log/verdicts.h"

namespace tidegate::storage {

// What OpenLocalLog chooses for the product and tests choose for themselves.
struct LocalLogEnvironment {
  std::shared_ptr<FileSystem> file_system;
  uint64_t new_log_id = 1;  // For a directory that holds no log; random and not 0.
  // After a failure: the first attempt to go on, and the longest pause between attempts.
  absl::Duration first_retry = absl::Milliseconds(50);
  absl::Duration longest_retry = absl::Seconds(1);
  size_t max_spare_segments = 2;
};

absl::StatusOr<std::unique_ptr<Log>> OpenLocalLogIn(LocalLogEnvironment environment,
                                                    const LocalLogOptions& options);

// Thread safe. Made by OpenLocalLogIn.
class LocalLog final : public Log {
 public:
  // What opening found and holds; `loaded` describes a tail that is cut, synced and sealed.
  struct Opened {
    LocalLogEnvironment environment;
    LocalLogOptions options;
    std::unique_ptr<FileLock> lock;
    EpochFile epoch_file;
    LoadedLog loaded;
  };
  explicit LocalLog(Opened opened);
  ~LocalLog() override;

  uint64_t generation() const override;
  absl::Status WaitDurable(LogPosition position, absl::Time deadline) override;
  absl::Status Replay(LogPosition from, const FrameFn& frame_fn,
                      const DamageFn& damage_fn) override;
  absl::Status Trim(LogPosition position) override;
  absl::Status ReleaseSpace() override;
  LogBounds bounds() const override;
  LogDurability durability() const override { return options_.durability; }
  absl::Status Writable() const override;
  uint64_t SizeBytes() const override;
  absl::Status Close() override;

 private:
  absl::StatusOr<LogPosition> AppendFrame(std::string_view frame,
                                          std::optional<uint64_t> generation) override;

  // In group mode, by a thread that waits: commits what has gathered, if nobody else does just now.
  // False: there is nothing to do for it but wait.
  bool LeadGroup() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void TakeGroup() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  // The writer thread.
  void WriteLoop();
  // Waits for work; false when the log is closing and everything is written.
  enum class Work { kGroup, kSync, kRelease, kResume, kStop };
  Work WaitForWork() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void CommitGroup();
  absl::Status WriteGroup(FrameBuffer& group);
  void SyncInterval();
  void Release();
  void Resume();
  absl::Status Rewrite();
  // Everything that is not acknowledged gets `status`; Append refuses from now on.
  void Fail(const absl::Status& status);
  absl::Status CheckEpoch() const;
  absl::Status FinishTail();

  absl::Status WritableLocked(uint64_t more) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Replay from beyond the end: positions below `from` were used by a log that is lost.
  absl::Status SkipTo(LogPosition from, const DamageFn& damage_fn) ABSL_LOCKS_EXCLUDED(mu_);
  bool InGroupMode() const { return options_.durability == LogDurability::kGroup; }

  const LocalLogEnvironment environment_;
  const LocalLogOptions options_;
  const uint64_t log_id_;
  const std::vector<LogDamage> open_damage_;
  const EpochFile epoch_file_;
  std::unique_ptr<FileLock> lock_;  // Released by Close.
  SegmentFiles files_;

  // Owned by whoever has set committing_ while the writer runs: itself, or who leads a group.
  LogTail tail_;
  // kInterval: what is acknowledged and not synced, to be written again should the sync fail.
  std::deque<FrameBuffer> unsynced_;
  uint64_t unsynced_bytes_ = 0;

  absl::Mutex trim_mu_ ABSL_ACQUIRED_BEFORE(mu_);  // One trim at a time.
  mutable absl::Mutex mu_;
  absl::CondVar work_;     // The writer waits: something to do, or closing.
  absl::CondVar settled_;  // Everybody else waits: a verdict, or room in the queue.
  FrameBuffer filling_ ABSL_GUARDED_BY(mu_);
  FrameBuffer writing_;  // As tail_, but swapped with filling_ under mu_.
  bool committing_ ABSL_GUARDED_BY(mu_) = false;
  uint64_t writing_bytes_ ABSL_GUARDED_BY(mu_) = 0;
  SegmentChain chain_ ABSL_GUARDED_BY(mu_);  // Its end is what is acknowledged.
  Verdicts verdicts_ ABSL_GUARDED_BY(mu_);
  uint64_t generation_ ABSL_GUARDED_BY(mu_) = 0;  // Failures that lost frames.
  absl::Status failure_ ABSL_GUARDED_BY(mu_);     // Why Append refuses; Aborted is for ever.
  absl::Time retry_at_ ABSL_GUARDED_BY(mu_) = absl::InfiniteFuture();
  absl::Duration retry_pause_ ABSL_GUARDED_BY(mu_);
  absl::Time sync_at_ ABSL_GUARDED_BY(mu_) = absl::InfiniteFuture();
  uint64_t trimmed_to_ ABSL_GUARDED_BY(mu_) = 0;  // The highest position that Trim was asked for.
  int replays_ ABSL_GUARDED_BY(mu_) = 0;          // While any runs, no file is written again.
  // Calls of ReleaseSpace, by number: those up to released_ have their answer in release_status_.
  uint64_t release_asked_ ABSL_GUARDED_BY(mu_) = 0;
  uint64_t released_ ABSL_GUARDED_BY(mu_) = 0;
  uint64_t release_after_ ABSL_GUARDED_BY(mu_) = 0;  // The position that has to be settled first.
  absl::Status release_status_ ABSL_GUARDED_BY(mu_);
  bool appended_ ABSL_GUARDED_BY(mu_) = false;
  bool closing_ ABSL_GUARDED_BY(mu_) = false;
  bool closed_ ABSL_GUARDED_BY(mu_) = false;
  std::thread writer_;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_LOG_LOCAL_LOG_H_
