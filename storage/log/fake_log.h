// A Log in memory that behaves; for the tests of whatever stands on a log.
#ifndef TIDEGATE_STORAGE_LOG_FAKE_LOG_H_
#define TIDEGATE_STORAGE_LOG_FAKE_LOG_H_

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "storage/log.h"

namespace tidegate::storage {

// Thread safe. Passes the contract suite (log_contract.h). Frames are durable at once unless a test
// holds them back. Trims to the frame, so `begin` is exact.
class FakeLog final : public Log {
 public:
  explicit FakeLog(LogDurability durability = LogDurability::kGroup,
                   uint64_t max_bytes = uint64_t{1} << 40)
      : durability_(durability), max_bytes_(max_bytes) {}

  // From now on Append answers `error`; Ok ends it. Frames in the log stay.
  void RefuseAppends(const absl::Status& error);
  // While held, appended frames are not durable and WaitDurable blocks.
  void HoldBack(bool held);
  // Everything held back is lost: its waiters get `error`, and replay never shows it.
  void LoseHeldBack(const absl::Status& error);
  // The next Replay reports [begin, end) as damage in place of the frames there.
  void Damage(LogPosition begin, LogPosition end);

  uint64_t generation() const override;
  absl::Status WaitDurable(LogPosition position, absl::Time deadline) override;
  absl::Status Replay(
      LogPosition from,
      const std::function<absl::Status(LogPosition after, std::string_view frame)>& frame_fn,
      const std::function<void(const LogDamage&)>& damage_fn) override;
  absl::Status Trim(LogPosition position) override;
  absl::Status ReleaseSpace() override;
  LogBounds bounds() const override;
  LogDurability durability() const override { return durability_; }
  absl::Status Writable() const override;
  uint64_t SizeBytes() const override;
  absl::Status Close() override;

 private:
  absl::StatusOr<LogPosition> AppendFrame(std::string_view frame,
                                          std::optional<uint64_t> generation) override;

  enum class Fate { kPending, kDurable, kLost, kDamaged };
  struct Frame {
    LogPosition begin;
    LogPosition after;
    std::string bytes;
    Fate fate = Fate::kPending;
    absl::Status error = {};
  };

  absl::Status WritableLocked(size_t more) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // The frame that ends at or covers `position`; null if it was trimmed.
  const Frame* FindLocked(LogPosition position) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  bool PendingLocked(LogPosition position) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  const LogDurability durability_;
  const uint64_t max_bytes_;
  mutable absl::Mutex mu_;
  absl::CondVar changed_;
  std::deque<Frame> frames_ ABSL_GUARDED_BY(mu_);
  LogPosition begin_ ABSL_GUARDED_BY(mu_);
  LogPosition end_ ABSL_GUARDED_BY(mu_);  // Pending frames included.
  uint64_t generation_ ABSL_GUARDED_BY(mu_) = 0;
  absl::Status refusal_ ABSL_GUARDED_BY(mu_);
  bool held_ ABSL_GUARDED_BY(mu_) = false;
  bool closed_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_LOG_FAKE_LOG_H_
