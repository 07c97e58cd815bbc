// Carries what was scraped to the ingester, and tries again until it is taken.
#ifndef TIDEGATE_CONTROL_WRITE_SAMPLE_SENDER_H_
#define TIDEGATE_CONTROL_WRITE_SAMPLE_SENDER_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "ingest/ingester.h"

namespace prometheus {
class Counter;
class Gauge;
class Registry;
}  // namespace prometheus

namespace tidegate::control {

struct SampleSenderOptions {
  int threads = 2;
  size_t max_queued_bytes = 256 << 20;  // Of all tenants; beyond it Add refuses.
  size_t max_push_bytes = 2 << 20;      // Bodies that wait are sent together, up to this.
  absl::Duration first_pause = absl::Milliseconds(100);  // After a failure; doubles.
  absl::Duration max_pause = absl::Seconds(5);
};

// Thread safe. Bodies of a tenant arrive in the order in which they were added: there is one push
// of a tenant at a time. Threads start with the first body.
class SampleSender {
 public:
  // Ingester and registry must outlive it.
  SampleSender(const SampleSenderOptions& options, ingest::Ingester* ingester,
               prometheus::Registry* metrics);
  // Gives up what still waits.
  ~SampleSender();

  // Queues a body (PushBody) for a tenant. ResourceExhausted when the queue is full: nothing was
  // taken, and the refusal is counted.
  absl::Status Add(const std::string& tenant, std::string body, uint64_t samples);

  // Waits until everything is sent, up to the deadline.
  void Drain(absl::Time deadline);

 private:
  struct Body {
    std::string bytes;
    uint64_t samples = 0;
  };
  struct Tenant {
    std::deque<Body> bodies;
    bool at_work = false;
    int failures = 0;       // In a row.
    absl::Time not_before;  // After a failure.
  };

  // Bodies of one tenant, on their way.
  struct Parcel {
    std::string tenant;
    std::string bytes;
    uint64_t samples = 0;
  };

  void Work();
  // Waits for something to send. False at the end.
  bool Take(Parcel* parcel);
  // Ends the turn of the parcel's tenant; what was not sent goes back to the front.
  void Return(Parcel parcel, bool is_done);
  // The next tenant that something can be sent for; the end while there is none, with the time when
  // that may change.
  std::map<std::string, Tenant>::iterator Next(absl::Time now, absl::Time* next)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // True when the bytes are dealt with, one way or the other.
  bool Push(const std::string& tenant, std::string_view bytes, uint64_t samples);

  const SampleSenderOptions options_;
  ingest::Ingester* const ingester_;
  prometheus::Counter* const sent_;
  prometheus::Counter* const refused_;  // The queue was full.
  prometheus::Counter* const rejected_;
  prometheus::Counter* const retries_;
  prometheus::Gauge* const queued_;

  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  size_t queued_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  std::string last_tenant_ ABSL_GUARDED_BY(mutex_);  // The search goes on behind it.
  std::map<std::string, Tenant> tenants_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> threads_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_WRITE_SAMPLE_SENDER_H_
