// The pools that Prometheus configuration files describe.
#ifndef TIDEGATE_CONTROL_SCRAPE_CONFIG_POOLS_H_
#define TIDEGATE_CONTROL_SCRAPE_CONFIG_POOLS_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "control/scrape/file_discovery.h"
#include "control/scrape/scrape_config.h"
#include "control/scrape/target.h"

namespace tidegate::control {

// A file with scrape_configs, and whose series they are.
struct ScrapeFileOf {
  std::string tenant;
  std::string path;
  friend bool operator==(const ScrapeFileOf&, const ScrapeFileOf&) = default;
};

// Follows these files and those that they name: a changed one is read at the next Refresh. One that
// cannot be read keeps its last good version. Owned by one thread.
class ConfigPools {
 public:
  void SetFiles(std::vector<ScrapeFileOf> files);
  // True when some pool has changed. What went wrong is logged, once for each version of a file.
  bool Refresh();
  const std::vector<std::shared_ptr<const Pool>>& pools() const { return pools_; }

 private:
  struct Job {
    std::shared_ptr<const ScrapeConfig> config;
    std::vector<TargetGroup> groups;  // That the pool was made of.
    std::shared_ptr<const Pool> pool;
  };
  struct File {
    std::string state;
    std::vector<Job> jobs;
  };

  bool Read(const ScrapeFileOf& of, File* file);
  bool RefreshJob(const std::string& tenant, Job* job);

  std::vector<ScrapeFileOf> of_;
  std::map<std::pair<std::string, std::string>, File> files_;  // By tenant and path.
  FileDiscovery discovery_;
  std::vector<std::shared_ptr<const Pool>> pools_;
};

// Reads one such file. NotFound when it cannot be opened; InvalidArgument as ParseScrapeFile.
absl::StatusOr<ScrapeFile> ReadScrapeFile(const std::string& path);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_SCRAPE_CONFIG_POOLS_H_
