// The control plane: what acts without being asked. Of all processes that share a store one is
// active; the others stand by and take over within seconds.
#ifndef TIDEGATE_CONTROL_CONTROL_H_
#define TIDEGATE_CONTROL_CONTROL_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "control/hosts.h"
#include "control/ruler.h"
#include "control/targets.h"
#include "ingest/ingester.h"
#include "model/clock.h"
#include "model/config/config_file.h"
#include "model/tenant.h"
#include "query/log_query_service.h"
#include "query/query_service.h"
#include "storage/documents.h"

namespace tidegate::model {
class MetricsRegistry;
}

namespace tidegate::control {

struct ControlOptions {
  // Names this process among those that share the store (control/lease/lease.h).
  std::string holder;
  std::vector<model::ScrapeConfigFile> scrape_config_files;
  int scrape_threads = 2;
  model::RulesConfig rules;
  std::string user_agent = "Tidegate";
};

// Everything must outlive the control plane.
struct ControlParts {
  ingest::Ingester* ingester = nullptr;
  query::QueryService* queries = nullptr;
  query::LogQueryService* log_queries = nullptr;
  storage::Documents* documents = nullptr;
  Hosts* hosts = nullptr;  // That workspaces have targets on.
  const model::TenantRegistry* tenants = nullptr;
  const model::Clock* clock = nullptr;
  model::MetricsRegistry* metrics = nullptr;
};

// Thread safe.
class Control {
 public:
  virtual ~Control() = default;
  // Begins to act. Scrapes never go to these ports of this machine while authentication is on,
  // unless a tenant's rules open them (control/outbound).
  virtual void Start(std::vector<uint16_t> own_ports) = 0;
  // The files from now on; each is read again when it changes.
  virtual void SetScrapeConfigFiles(std::vector<model::ScrapeConfigFile> files) = 0;
  // Rule files, where alerts go and the mail server, from now on; the files are read again when
  // they change. Other settings hold from the next start.
  virtual void SetRules(model::RulesConfig rules) = 0;
  // What is evaluated. Unavailable while another process is the active one.
  virtual Ruler& ruler() = 0;
  // What is scraped. Unavailable while another process is the active one.
  virtual Targets& targets() = 0;
  // Ends what is running, gives the lease up, and sends what was scraped until the deadline.
  virtual void Shutdown(absl::Time deadline) = 0;
};

// Nothing happens before Start: no thread, no connection.
std::unique_ptr<Control> CreateControl(const ControlOptions& options, const ControlParts& parts);

// Whether these files can be read and say what is known here. The error names file and line.
absl::Status CheckScrapeConfigFiles(const std::vector<model::ScrapeConfigFile>& files);
// The same for the rule files that are there.
absl::Status CheckRules(const model::RulesConfig& rules);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_CONTROL_H_
