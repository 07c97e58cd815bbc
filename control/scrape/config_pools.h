// The pools that Prometheus configuration files describe.
#ifndef TIDEGATE_CONTROL_SCRAPE_CONFIG_POOLS_H_
#define TIDEGATE_CONTROL_SCRAPE_CONFIG_POOLS_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "control/discovery/file_discovery.h"
#include "control/scrape/pool_source.h"
#include "control/scrape/scrape_config.h"
#include "control/scrape/target.h"
#include "model/config/config_file.h"

namespace tidegate::control {

// Follows these files and those that they name: a changed one is read at the next Refresh. One that
// cannot be read keeps its last good version. Owned by one thread, but for SetFiles.
class ConfigPools final : public PoolSource {
 public:
  void SetFiles(std::vector<model::ScrapeConfigFile> files) ABSL_LOCKS_EXCLUDED(mutex_);
  // True when some pool has changed. What went wrong is logged, once for each version of a file.
  bool Refresh() override;
  const std::vector<std::shared_ptr<const Pool>>& pools() const override { return pools_; }

 private:
  struct Job {
    std::shared_ptr<const ScrapeConfig> config;
    std::vector<model::TargetGroup> groups;  // That the pool was made of.
    std::shared_ptr<const Pool> pool;
  };
  struct File {
    std::string state;
    std::vector<Job> jobs;
  };

  bool Read(const model::ScrapeConfigFile& of, File* file);
  bool RefreshJob(const std::string& tenant, Job* job);

  absl::Mutex mutex_;
  std::vector<model::ScrapeConfigFile> of_ ABSL_GUARDED_BY(mutex_);
  std::map<std::pair<std::string, std::string>, File> files_;  // By tenant and path.
  FileDiscovery discovery_;
  std::vector<std::shared_ptr<const Pool>> pools_;
};

// Reads one such file. NotFound when it cannot be opened; InvalidArgument as ParseScrapeFile.
absl::StatusOr<ScrapeFile> ReadScrapeFile(const std::string& path);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_SCRAPE_CONFIG_POOLS_H_
