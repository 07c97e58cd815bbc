// Puts an OutboundPolicy between libcurl and the network.
#ifndef TIDEGATE_CONTROL_OUTBOUND_CURL_GUARD_H_
#define TIDEGATE_CONTROL_OUTBOUND_CURL_GUARD_H_

#include <curl/curl.h>

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "control/outbound/outbound_policy.h"

namespace tidegate::control {

// The guard of one easy handle: what connects for a tenant goes through here. The policy is asked
//   - before each socket is opened, with the resolved address: nothing is sent to one that is
//     refused, also when a redirect leads there; other addresses of the same name are tried;
//   - before each request on a connection, also one that is used again: connections of a shared
//     multi handle may have been opened for another tenant or before a reload.
// Owned by one thread, that of the handle; must outlive its transfers. The policy must outlive it.
class CurlGuard {
 public:
  CurlGuard(const OutboundPolicy* policy, std::string tenant)
      : policy_(*policy), tenant_(std::move(tenant)) {}
  CurlGuard(const CurlGuard&) = delete;
  CurlGuard& operator=(const CurlGuard&) = delete;

  // Sets the callbacks, HTTP and HTTPS as the only protocols (of redirects too), no proxy from the
  // environment. Call it after curl_easy_reset and before each transfer: it forgets the last
  // refusal. Who sets a proxy later has the proxy's address checked, not the destination's.
  // Internal when libcurl does not know an option.
  absl::Status Install(CURL* handle);

  // Why the transfer failed, when the policy was the reason: then curl reports
  // CURLE_COULDNT_CONNECT or CURLE_ABORTED_BY_CALLBACK. Ok otherwise.
  const absl::Status& refusal() const { return refusal_; }

 private:
  static curl_socket_t OpenSocket(void* guard, curlsocktype purpose, curl_sockaddr* address);
  static int BeforeRequest(void* guard, char* peer, char* local, int peer_port, int local_port);

  // Whether it may go on; keeps the reason if not.
  bool Permits(const absl::Status& decision);

  const OutboundPolicy& policy_;
  const std::string tenant_;
  absl::Status refusal_;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_OUTBOUND_CURL_GUARD_H_
