// Sessions: who logged in with a key in a browser, and does not show the key again.
#ifndef TIDEGATE_CONTROL_SESSIONS_H_
#define TIDEGATE_CONTROL_SESSIONS_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "model/api_key.h"
#include "model/clock.h"
#include "storage/documents.h"

namespace tidegate::control {

// Thread safe. A session stands for a key and is worth what the key is: who finds one asks the
// tenants for the key, so a session of a revoked key is worth nothing as soon as the key is not.
class Sessions {
 public:
  virtual ~Sessions() = default;

  // The key that the session with this token was opened with; nothing when it has ended, or never
  // was. Looks into memory only and never waits.
  virtual std::optional<model::KeyDigest> Find(std::string_view token) const = 0;

  // Opens one and returns its token, which is nowhere else: known to all processes when it returns.
  // With as many sessions of the key as there may be the oldest ends. ResourceExhausted when there
  // are too many of all keys, Unavailable while the store is away.
  virtual absl::StatusOr<std::string> Open(const model::KeyDigest& key) = 0;

  // Ends it: here at once, in other processes after refresh_interval. Ok when it has ended already.
  virtual absl::Status Close(std::string_view token) = 0;
};

struct SessionOptions {
  absl::Duration lifetime = absl::Hours(12);  // From the login on, however it is used.
  size_t max_sessions_per_key = 20;
  size_t max_sessions = 10'000;  // Of all keys.
  // How often what other processes opened and ended is read.
  absl::Duration refresh_interval = absl::Seconds(1);
  // Whether other processes answer requests of the same sessions: Open waits until they know it.
  bool shared = false;
};

// Sessions are documents of the store, which hold hashes of tokens and no token. Documents and
// clock must outlive it.
std::unique_ptr<Sessions> OpenSessions(const SessionOptions& options, storage::Documents* documents,
                                       const model::Clock* clock);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_SESSIONS_H_
