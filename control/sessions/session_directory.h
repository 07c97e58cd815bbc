// Keeps a process' view of the sessions as the store's documents have them, and changes those.
#ifndef TIDEGATE_CONTROL_SESSIONS_SESSION_DIRECTORY_H_
#define TIDEGATE_CONTROL_SESSIONS_SESSION_DIRECTORY_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "control/sessions.h"
#include "control/sessions/session_documents.h"
#include "model/clock.h"
#include "storage/documents.h"

namespace tidegate::control {

// Which sessions end when one of the key is opened: all that have expired, and the key's oldest
// where it has `most` already.
std::vector<model::KeyDigest> SessionsToEnd(const SessionMap& sessions, const model::KeyDigest& key,
                                            size_t most, absl::Time now);

// Thread safe. While the store is away, what was read last stays in force. Documents and clock must
// outlive it.
class SessionDirectory final : public Sessions {
 public:
  SessionDirectory(const SessionOptions& options, storage::Documents* documents,
                   const model::Clock* clock);
  ~SessionDirectory() override;

  std::optional<model::KeyDigest> Find(std::string_view token) const override;
  absl::StatusOr<std::string> Open(const model::KeyDigest& key) override;
  absl::Status Close(std::string_view token) override;

  // Reads the documents if they have changed. Unavailable while the store is away.
  absl::Status Refresh();
  // Does so every refresh_interval, on a thread of its own.
  void Start();

 private:
  void Loop();
  absl::Status RefreshLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(change_mutex_);
  absl::Status CommitLocked(uint64_t version, std::vector<storage::DocumentWrite> writes)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(change_mutex_);
  absl::Status AddLocked(const model::KeyDigest& token, const model::KeyDigest& key)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(change_mutex_);
  std::shared_ptr<const StoredSessions> Known() const;

  const SessionOptions options_;
  storage::Documents* const documents_;
  const model::Clock* const clock_;

  absl::Mutex change_mutex_;  // Held while the store is asked; before mutex_.
  mutable absl::Mutex mutex_;
  std::shared_ptr<const StoredSessions> known_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_SESSIONS_SESSION_DIRECTORY_H_
