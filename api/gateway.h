// The front door: every HTTP endpoint, over the interfaces of the services behind it.
#ifndef TIDEGATE_API_GATEWAY_H_
#define TIDEGATE_API_GATEWAY_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "api/log_admin.h"
#include "api/tsdb_admin.h"
#include "control/hosts.h"
#include "control/monitoring.h"
#include "control/push_groups.h"
#include "control/rule_store.h"
#include "control/ruler.h"
#include "control/sessions.h"
#include "control/targets.h"
#include "control/tenant_administration.h"
#include "control/workspaces.h"
#include "ingest/ingester.h"
#include "model/clock.h"
#include "model/metadata.h"
#include "model/tenant.h"
#include "model/tls_files.h"
#include "query/log_query_service.h"
#include "query/query_service.h"

namespace tidegate::model {
class MetricsRegistry;
}

namespace tidegate::api {

// What /api/v1/status/* tells about this process.
struct BuildInfo {
  std::string version;
  // What status/buildinfo calls its version: Grafana chooses what it asks by it.
  std::string prometheus_version = "3.14.0";
  // The same for Loki's API.
  std::string loki_version = "3.7.0";
  std::string revision;
  std::string build_date;
};

struct RuntimeInfo {
  absl::Time start_time;
  std::string working_directory;
  std::string storage_retention;
};

class AuditLog;      // api/audit/audit_log.h
class QueryJournal;  // api/journal/query_journal.h

// What a gateway stands on; a null service means that this target does not serve its endpoints
// (they answer 404 and say which target does). Everything must outlive the gateway.
struct GatewayDependencies {
  ingest::Ingester* ingester = nullptr;
  query::QueryService* queries = nullptr;
  query::LogQueryService* log_queries = nullptr;
  // Sealed and unsealed series together, raw: for remote read, federation and cardinality. Comes
  // and goes with `queries`.
  storage::SeriesSource* series = nullptr;
  // Metadata per metric family of the context's tenant (all families when the name is empty).
  std::function<absl::StatusOr<std::vector<model::MetricMetadata>>(
      const model::RequestContext&, const std::string& metric_family)>
      metadata;
  // Workspaces and the hosts that they have targets on; without them there is no /v1.0/projects.
  control::Workspaces* workspaces = nullptr;
  control::Hosts* hosts = nullptr;
  // Mackerel's v0 API; without it there is no /api/v0.
  control::Monitoring* monitoring = nullptr;
  // What batch jobs push; without it there is no /metrics/job.
  control::PushGroups* push_groups = nullptr;
  // Of people at the page, which is there with them: a target that serves everything that it asks
  // for.
  control::Sessions* sessions = nullptr;
  // What is evaluated; without it /api/v1/rules, alerts and alertmanagers answer 404.
  control::Ruler* ruler = nullptr;
  // Rule groups of the ruler API, which does not exist without it.
  control::RuleStore* rule_store = nullptr;
  // What is scraped; without it /api/v1/targets and its relatives answer 503.
  control::Targets* targets = nullptr;
  QueryJournal* journal = nullptr;  // Remembers queries, when there is one.
  const model::TenantRegistry* tenants = nullptr;
  // Tenants and keys over HTTP; nullptr: these endpoints do not exist.
  control::TenantAdministration* tenant_administration = nullptr;
  AuditLog* audit = nullptr;  // Of what administrators change.
  const model::Clock* clock = nullptr;
  std::shared_ptr<model::MetricsRegistry> metrics;
  // admin/tsdb; without its functions these endpoints do not exist.
  TsdbAdmin admin;
  // loki/api/v1/delete, likewise.
  LogAdmin log_admin;
  // For status/config: the configuration in force, without secrets.
  std::function<std::string()> config_yaml;
  // Reads the configuration file again; InvalidArgument says what is wrong with it, and the one in
  // force stays. Without it there is no /-/reload.
  std::function<absl::Status()> reload;
  // Ok, or why /-/ready answers 503. Called on an I/O thread: it must not wait for anybody.
  std::function<absl::Status()> ready;
};

struct GatewayOptions {
  std::string address = "127.0.0.1:9009";  // host:port; port 0 picks a free one.
  int io_threads = 2;
  int worker_threads = 128;          // Requests but pushes at work at the same time; more wait.
  int push_worker_threads = 16;      // Pushes at work at the same time; more wait.
  int max_connections = 4096;        // Beyond it new connections get 503 and are closed.
  size_t max_queued_requests = 512;  // Waiting for a worker; beyond it 503 with Retry-After.
  size_t max_header_bytes = 64 << 10;
  size_t max_buffered_bodies = size_t{1} << 30;       // Bodies of all requests; beyond it 503.
  absl::Duration idle_timeout = absl::Minutes(5);     // Keep-alive without a request.
  absl::Duration read_timeout = absl::Seconds(30);    // For a request to arrive completely.
  absl::Duration write_timeout = absl::Seconds(30);   // For the client to take each piece.
  model::TlsFiles tls;                                // Without files: plain HTTP.
  bool tls_require_client_cert = false;               // Needs the CA file.
  bool trust_org_id = false;                          // X-Scope-OrgID names the tenant.
  absl::Duration session_lifetime = absl::Hours(12);  // As `sessions` were opened with.
  // Requests that take longer are a warning in the log.
  absl::Duration slow_request_threshold = absl::InfiniteDuration();
  std::string metrics_tags;  // "name=value,...", of every metric at /metrics.
  std::string target = "all";
  BuildInfo build;
  RuntimeInfo runtime;
  std::vector<std::pair<std::string, std::string>> flags;  // For status/flags.
};

// Owns the HTTP server and its threads.
class Gateway {
 public:
  virtual ~Gateway() = default;
  // host:port that is listened on.
  virtual std::string address() const = 0;
  // Reads the certificates again, for connections from now on. Ok without TLS; otherwise names the
  // file and the mistake, and the certificates in force stay.
  virtual absl::Status ReloadTls() = 0;
  // Stops accepting, lets running requests end until the deadline, then closes. Idempotent.
  virtual void Shutdown(absl::Time deadline) = 0;
};

// Binds and serves at once. Unavailable when the address cannot be bound; NotFound or
// InvalidArgument when the certificates cannot be used, or the tags cannot be read.
absl::StatusOr<std::unique_ptr<Gateway>> StartGateway(const GatewayOptions& options,
                                                      const GatewayDependencies& dependencies);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_GATEWAY_H_
