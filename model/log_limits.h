// Limits of one tenant that only concern logs. Names and meaning are Loki's.
#ifndef TIDEGATE_MODEL_LOG_LIMITS_H_
#define TIDEGATE_MODEL_LOG_LIMITS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace tidegate::model {

// The labels that service_name is taken from when a stream has none, most telling first.
std::vector<std::string> DefaultServiceNameLabels();
// The OTLP resource attributes that become stream labels.
std::vector<std::string> DefaultOtlpIndexAttributes();

// Zero (an empty list, the infinite past) switches a limit off, and by default all are off: what a
// sender pushes is kept. Only what makes logs easier to find is on.
struct LogLimits {
  // --- Push: the whole request, 429 ---
  double ingestion_rate_mb = 0;        // MB (10^6 bytes) of lines and metadata a second.
  double ingestion_burst_size_mb = 0;  // 0 = one second's worth.
  // --- Push: a stream, 429 for its entries ---
  size_t per_stream_rate_limit = 0;        // Bytes a second.
  size_t per_stream_rate_limit_burst = 0;  // 0 = one second's worth.
  uint64_t max_global_streams_per_user = 0;
  // --- Push: a stream, 400 for its entries ---
  uint32_t max_label_names_per_series = 0;  // service_name is not counted.
  uint32_t max_label_name_length = 0;
  uint32_t max_label_value_length = 0;
  std::vector<std::string> enforced_labels;
  // --- Push: an entry, 400 ---
  size_t max_line_size = 0;
  bool max_line_size_truncate = false;  // Cuts long lines instead of refusing them.
  bool reject_old_samples = false;
  absl::Duration reject_old_samples_max_age = absl::Hours(7 * 24);
  absl::Duration creation_grace_period = absl::ZeroDuration();  // How far ahead of the clock.
  bool allow_structured_metadata = true;
  size_t max_structured_metadata_size = 0;
  uint32_t max_structured_metadata_entries_count = 0;
  // --- Push: everything until then ---
  absl::Time block_ingestion_until = absl::InfinitePast();
  uint32_t block_ingestion_status_code = 260;
  // --- Push: what is added ---
  bool discover_log_levels = true;  // Metadata detected_level.
  std::vector<std::string> discover_service_name = DefaultServiceNameLabels();
  bool increment_duplicate_timestamp = false;
  std::vector<std::string> otlp_index_attributes = DefaultOtlpIndexAttributes();
  std::vector<std::string> otlp_drop_attributes;  // Of resources, scopes and entries.
  // --- Query, 400 ---
  uint32_t max_entries_limit_per_query = 0;
  absl::Duration max_query_length = absl::ZeroDuration();
  absl::Duration max_query_range = absl::ZeroDuration();     // The [range] of a range vector.
  absl::Duration max_query_lookback = absl::ZeroDuration();  // Older time is cut off.
  uint32_t max_log_query_series = 0;
  uint32_t max_streams_matchers_per_query = 0;
  uint64_t max_query_bytes_read = 0;
  uint32_t volume_max_series = 1000;
  uint32_t max_concurrent_tail_requests = 10;
};

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_LOG_LIMITS_H_
