// The services of one process, wired together: in memory where they share the process, over gRPC
// where they do not.
#ifndef TIDEGATE_SERVICES_MAIN_H_
#define TIDEGATE_SERVICES_MAIN_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "model/config/config_file.h"
#include "model/tls_files.h"
#include "storage/log.h"

namespace tidegate {

// What a process runs.
enum class Target { kAll, kGateway, kIngester, kStore, kQuerier, kControl };

// InvalidArgument names the targets there are.
absl::StatusOr<Target> ParseTarget(const std::string& name);

struct ServicesOptions {
  Target target = Target::kAll;
  std::string target_name = "all";
  std::string http_address;
  std::string grpc_address;
  std::string otlp_grpc_address;  // Empty: OTLP is taken over HTTP only.
  model::TlsFiles http_tls;
  bool http_tls_require_client_cert = false;
  model::TlsFiles grpc_tls;  // Of server and clients alike: mutual TLS.
  std::string grpc_tls_server_name;
  std::string ingester_address;
  std::string store_address;
  std::string querier_address;
  std::vector<std::string> control_addresses;
  std::string storage_dir;
  model::ConfigFile config;
  // Reads the configuration file again; empty without one.
  std::function<absl::StatusOr<model::ConfigFile>()> load_config;
  absl::Duration head_cut_interval;
  absl::Duration maintenance_interval;
  storage::LogDurability log_durability = storage::LogDurability::kGroup;
  uint64_t max_log_bytes = 0;
  uint64_t max_head_memory = 0;
  uint64_t max_head_log_memory = 0;
  uint64_t block_cache_bytes = 0;
  absl::Duration delete_request_cancel_period = absl::Hours(24);
  int http_workers = 0;
  int http_push_workers = 0;
  uint32_t max_concurrent_queries = 0;
  uint64_t max_query_memory = 0;
  std::string query_log_file;  // Empty = no query log.
  uint64_t max_query_log_bytes = 0;
  std::string metrics_tags;    // Of all metrics at /metrics: "name=value,...".
  std::string audit_log_file;  // Empty = no audit log.
  uint64_t max_audit_log_bytes = 0;
  int http_max_connections = 0;
  absl::Duration slow_request_threshold = absl::InfiniteDuration();
  absl::Duration session_lifetime = absl::Hours(12);  // Of who logs in at the page.
  std::string version;
  std::vector<std::pair<std::string, std::string>> flags;  // For /api/v1/status/flags.
};

// Owned by main. Thread safe, but for Shutdown and the destructor.
class Services {
 public:
  virtual ~Services() = default;
  // One line for people and scripts: what is listened on, and where the data is.
  virtual std::string Describe() const = 0;
  // Takes over the configuration file as it is now: tenants, keys, limits and retention hold for
  // the next request; reads the certificates of HTTP again, opens the query log anew.
  // InvalidArgument says what is wrong with it, and what was in force stays.
  virtual absl::Status Reload() = 0;
  // Stops taking requests, seals what is open, closes the files. Returns within `bound`; what was
  // not sealed by then is in the log.
  virtual absl::Status Shutdown(absl::Duration bound) = 0;
};

// Starts everything that the target consists of. FailedPrecondition and Unavailable say what is in
// the way: a directory that is in use, an address that is taken.
absl::StatusOr<std::unique_ptr<Services>> StartServices(const ServicesOptions& options);

}  // namespace tidegate

#endif  // TIDEGATE_SERVICES_MAIN_H_
