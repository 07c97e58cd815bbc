// What to scrape and how: the scrape_configs of a Prometheus configuration file.
#ifndef TIDEGATE_CONTROL_SCRAPE_SCRAPE_CONFIG_H_
#define TIDEGATE_CONTROL_SCRAPE_SCRAPE_CONFIG_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "model/config/http_client_config.h"
#include "model/config/target_groups.h"
#include "model/relabel.h"

namespace tidegate::control {

// Formats that a target may be asked for, most wanted first.
enum class ScrapeProtocol : uint8_t {
  kProtobuf,        // PrometheusProto, the one that carries native histograms.
  kOpenMetrics100,  // OpenMetricsText1.0.0
  kOpenMetrics001,  // OpenMetricsText0.0.1
  kText004,         // PrometheusText0.0.4
  kText100,         // PrometheusText1.0.0, which has quoted names.
};

// One job. Limits of 0 mean none. Defaults are Prometheus 3's.
struct ScrapeConfig {
  std::string job_name;
  std::string source;       // What the file says about it and globally: equal texts, equal jobs.
  absl::Duration interval;  // More than 0.
  absl::Duration timeout;   // At most the interval.
  std::string metrics_path = "/metrics";
  std::string scheme = "http";
  std::vector<std::pair<std::string, std::vector<std::string>>> params;
  bool honor_labels = false;
  bool honor_timestamps = true;
  bool track_timestamps_staleness = false;
  bool enable_compression = true;
  std::vector<ScrapeProtocol> protocols;  // Never empty.
  // For answers whose content type says nothing; without one such a scrape fails.
  std::optional<ScrapeProtocol> fallback_protocol;
  // What a histogram with native and classic buckets gives: the native one, or both.
  bool always_scrape_classic_histograms = false;
  bool extra_scrape_metrics = false;
  model::HttpClientConfig http;
  uint64_t body_size_limit = 0;  // Decompressed bytes.
  uint64_t sample_limit = 0;     // After metric relabelling.
  uint64_t label_limit = 0;
  uint64_t label_name_length_limit = 0;
  uint64_t label_value_length_limit = 0;
  uint64_t target_limit = 0;
  uint64_t keep_dropped_targets = 0;  // That are shown; all of them are counted.
  std::vector<model::TargetGroup> static_groups;
  std::vector<model::FileDiscoveryConfig> file_discoveries;
  std::vector<model::RelabelRule> relabel;
  std::vector<model::RelabelRule> metric_relabel;
};

struct ScrapeFile {
  std::vector<ScrapeConfig> jobs;         // Names are unique.
  std::vector<std::string> not_acted_on;  // Sections that are for other parts of Prometheus.
};

// Reads a Prometheus configuration file. InvalidArgument names line, key and what would be right:
// an unknown key, a kind of discovery or of authentication that is not known here, a setting that
// would change what is stored and is not known here, a timeout above the interval, a job name given
// twice. Files that it names are relative to `directory`, the one that the file lies in.
absl::StatusOr<ScrapeFile> ParseScrapeFile(std::string_view yaml, const std::string& directory);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_SCRAPE_SCRAPE_CONFIG_H_
