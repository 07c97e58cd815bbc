// How many bytes a second tenants and streams may push.
#ifndef TIDEGATE_INGEST_ADMIT_LOGS_TOKEN_BUCKETS_H_
#define TIDEGATE_INGEST_ADMIT_LOGS_TOKEN_BUCKETS_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace tidegate::ingest {

// Tokens a second, and how many may gather.
struct TokenRate {
  double per_second = 0;
  double burst = 0;
};

// One bucket per key, full when it is first asked. Thread safe. Buckets that have filled up again
// are forgotten, so that memory follows the keys in use.
class TokenBuckets {
 public:
  // Takes `tokens` when there are as many, otherwise none. A rate of zero never refuses.
  bool Take(const std::string& key, const TokenRate& rate, double tokens, absl::Time now);

  size_t size() const;

 private:
  struct Bucket {
    double tokens = 0;
    TokenRate rate;
    absl::Time filled_at;
  };

  static void Fill(absl::Time now, Bucket* bucket);
  void ForgetFullOnes(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  absl::flat_hash_map<std::string, Bucket> buckets_ ABSL_GUARDED_BY(mutex_);
  size_t forget_at_ ABSL_GUARDED_BY(mutex_) = 1024;
};

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_ADMIT_LOGS_TOKEN_BUCKETS_H_
