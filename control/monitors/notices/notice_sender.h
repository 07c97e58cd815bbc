// Sends notifications that wait, channel by channel.
#ifndef TIDEGATE_CONTROL_MONITORS_NOTICES_NOTICE_SENDER_H_
#define TIDEGATE_CONTROL_MONITORS_NOTICES_NOTICE_SENDER_H_

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "control/lease/owned_documents.h"
#include "control/monitors/notices/notice_outbox.h"
#include "model/clock.h"
#include "model/tenant.h"

namespace tidegate::control {

// Posts the body. Unavailable: try again later; other errors: never.
using PostNotice = std::function<absl::Status(const PendingNotice&)>;

// Everything must outlive the sender.
struct NoticeSenderParts {
  OwnedDocuments* documents = nullptr;
  const model::TenantRegistry* tenants = nullptr;
  const model::Clock* clock = nullptr;
  // Outcomes: "sent", "failed" (tried again later), "dropped".
  std::function<void(const std::string& tenant, const char* outcome)> count;
  std::shared_ptr<std::atomic<bool>> stop;
  PostNotice post;
};

// One that is not sent by then is dropped.
inline constexpr absl::Duration kDropNoticeAfter = absl::Minutes(10);
// Waiting for one channel; beyond it the oldest are dropped.
inline constexpr size_t kMaxWaitingNotices = 1000;

// A channel gets its notifications in order, one after the other, at most
// max_notifications_per_minute of its tenant; a failure is tried again after 1, 2, 4, ... 60
// seconds. A notification is removed in its own transaction when the receiver has answered: who is
// killed between the two sends it again, and nothing is ever lost. Thread safe.
class NoticeSender {
 public:
  // Without threads (tests) the caller sends with SendOne.
  NoticeSender(NoticeSenderParts parts, int threads);
  // Waits for what is being posted.
  ~NoticeSender();

  // Looks for new ones. Call it about once a second.
  void Poll();
  // Sends or drops one that is due, on this thread. False when there is none.
  bool SendOne();

  size_t waiting() const;

 private:
  struct Waiting {
    PendingNotice notice;
    int failures = 0;
    absl::Time due = absl::InfinitePast();
  };
  struct Channel {
    std::deque<Waiting> waiting;  // The first one is next.
    std::deque<absl::Time> sent;  // In the last minute.
    bool busy = false;
  };

  void Work();
  void Load(std::vector<PendingNotice> notices);
  // The channel whose first notification is due, marked as busy.
  Channel* TakeDue(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool MaySend(const std::string& tenant, Channel* channel, absl::Time now) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Takes the first one away for good. False when that could not be written down.
  bool Remove(const PendingNotice& notice, const char* outcome);

  const NoticeSenderParts parts_;
  std::optional<uint64_t> version_;  // Of kNoticeChanges; of the polling thread.

  mutable absl::Mutex mutex_;
  std::map<std::string, Channel> channels_ ABSL_GUARDED_BY(mutex_);  // By tenant and id.
  std::set<std::string> known_ ABSL_GUARDED_BY(mutex_);              // Keys.
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_NOTICES_NOTICE_SENDER_H_
