// Requests of external monitors.
#ifndef TIDEGATE_CONTROL_MONITORS_CHECKS_HTTP_PROBER_H_
#define TIDEGATE_CONTROL_MONITORS_CHECKS_HTTP_PROBER_H_

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "control/monitors/settings/monitor.h"
#include "control/outbound/outbound_policy.h"

namespace tidegate::control {

struct ProbeRequest {
  std::string tenant;  // Whose rules say where connections may go.
  ExternalCheck check;
};

struct ProbeResult {
  std::string error;  // Empty: there was an answer.
  long status = 0;
  absl::Duration took;                            // From the first connect to the last byte.
  bool contains = true;                           // What it should.
  std::optional<absl::Time> certificate_expires;  // Of the server's own, over HTTPS.
};

struct HttpProberOptions {
  absl::Duration timeout = absl::Seconds(15);  // Of one request.
  size_t max_parallel = 256;
  std::string user_agent = "Tidegate";
};

// Does many requests beside each other on the calling thread. Every connection, redirects too, is
// judged by the tenant's network rules; redirects are followed at most five times, and only where
// the monitor says so; at most 1 MB of an answer is looked at. Thread safe; the policy must outlive
// it.
class HttpProber {
 public:
  HttpProber(HttpProberOptions options, const OutboundPolicy* policy)
      : options_(std::move(options)), policy_(*policy) {}

  // In the order of the requests. When `stop` is set, what is not done has an error.
  std::vector<ProbeResult> Run(const std::vector<ProbeRequest>& requests,
                               const std::atomic<bool>& stop) const;

 private:
  const HttpProberOptions options_;
  const OutboundPolicy& policy_;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_CHECKS_HTTP_PROBER_H_
