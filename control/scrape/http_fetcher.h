// Fetches many URLs at once, on one thread.
#ifndef TIDEGATE_CONTROL_SCRAPE_HTTP_FETCHER_H_
#define TIDEGATE_CONTROL_SCRAPE_HTTP_FETCHER_H_

#include <curl/curl.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "control/outbound/outbound_policy.h"
#include "control/scrape/scrape_fault.h"
#include "model/config/http_client_config.h"

namespace tidegate::control {

struct FetchRequest {
  std::string url;
  const model::HttpClientConfig* client = nullptr;  // Used until Start returns; reads its files.
  std::string accept;
  bool accept_compressed = true;
  absl::Duration timeout;                    // From the first connect to the last byte.
  uint64_t max_bytes = uint64_t{256} << 20;  // Decompressed; 0 = any number.
  std::string tenant;                        // Whose rules say where connections may go.
};

struct FetchResult {
  ScrapeFault fault;  // Also of an answer whose status is not 200.
  std::string content_type;
  std::string body;  // Decompressed.
};

using FetchDone = std::function<void(FetchResult)>;

// Connections are kept open between fetches. Owned by one thread, but for Wake.
class HttpFetcher {
 public:
  // At most so many idle connections are kept. The policy must outlive it.
  HttpFetcher(const OutboundPolicy* policy, std::string user_agent, long max_idle_connections);
  ~HttpFetcher();
  HttpFetcher(const HttpFetcher&) = delete;
  HttpFetcher& operator=(const HttpFetcher&) = delete;

  // `done` is called from Run, or from here when the fetch cannot even start.
  void Start(const FetchRequest& request, FetchDone done);
  // Moves the transfers on, for `wait` at most. Returns early when some have ended or Wake was
  // called.
  void Run(absl::Duration wait);
  // Lets Run return. Thread safe.
  void Wake();
  // Ends all transfers without calling anybody.
  void Abandon();

 private:
  struct Transfer;

  void Finish(CURL* easy, CURLcode code);
  CURL* TakeEasy();

  const OutboundPolicy* const policy_;
  const std::string user_agent_;
  CURLM* const multi_;
  absl::flat_hash_map<CURL*, std::unique_ptr<Transfer>> transfers_;
  std::vector<CURL*> spare_;  // Handles to be used again.
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_SCRAPE_HTTP_FETCHER_H_
