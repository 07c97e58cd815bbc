// Turns what a target answers into samples to be written: labels, limits, stale markers, reports.
#ifndef TIDEGATE_CONTROL_SCRAPE_TARGET_SERIES_H_
#define TIDEGATE_CONTROL_SCRAPE_TARGET_SERIES_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "control/scrape/scrape_fault.h"
#include "control/scrape/series_cache.h"
#include "control/scrape/target.h"
#include "control/write/push_body.h"
#include "model/exposition/exposition_parser.h"
#include "model/histogram.h"
#include "model/metadata.h"
#include "model/sample.h"

namespace tidegate::control {

// What a scrape counted; also of one that failed, as far as it came.
struct ScrapeCounts {
  uint64_t scraped = 0;  // In the body.
  uint64_t kept = 0;     // After metric relabelling.
  uint64_t added = 0;    // Of series that were not known.
};

// What the scraper says about a scrape itself.
struct ScrapeReport {
  bool up = false;
  double duration_seconds = 0;
  int64_t body_bytes = 0;  // -1 when body_size_limit was exceeded.
  ScrapeCounts counts;
};

// The memory of one target. Rules: prometheus/scrape/scrape.go of version 3. Owned by one thread.
class TargetSeries {
 public:
  explicit TargetSeries(std::shared_ptr<const Target> target);

  // The same series by other rules, or with other labels.
  void Change(std::shared_ptr<const Target> target);

  // Adds what a body says, each sample at `now` unless it has a timestamp that counts, and stale
  // markers for what is not in it any more. When the body cannot be read or breaks a limit, none of
  // its samples are added, and everything that was there gets a stale marker.
  ScrapeFault Read(std::string_view content_type, std::string_view body, model::TimestampMs now,
                   PushBody* out, ScrapeCounts* counts);
  // Adds stale markers for everything: there was no answer.
  void Miss(model::TimestampMs now, PushBody* out);
  // Adds up, scrape_duration_seconds and the other series about the scrape.
  void AddReport(const ScrapeReport& report, model::TimestampMs now, PushBody* out) const;
  // Adds stale markers for everything and the reports: the target is scraped no more.
  void Retire(model::TimestampMs now, PushBody* out);

  // What the last scrapes said about metrics, in no order.
  std::vector<model::MetricMetadata> Metadata() const;

 private:
  struct Family {
    model::MetricMetadata metadata;
    uint32_t scrape = 0;  // The last one that named it.
    bool changed = true;
  };
  // One scrape on its way.
  struct Progress {
    model::TimestampMs now = 0;
    uint64_t appended = 0;  // Without duplicates.
    PushBody* out = nullptr;
    ScrapeCounts* counts = nullptr;
    ScrapeFault limit;  // Set when the sample limit was exceeded; counting goes on.
  };

  // A sample in any format.
  struct Exposed {
    std::string_view key;  // The same bytes mean the same series.
    std::optional<model::TimestampMs> timestamp;
    double value = 0;
    const model::Histogram* histogram = nullptr;  // In place of the value.
    std::string_view exemplar;                    // As text.
    const std::vector<model::Exemplar>* exemplars = nullptr;
  };
  using ReadLabels = absl::FunctionRef<absl::Status(model::LabelPairs*)>;

  ScrapeFault ReadBody(ScrapeProtocol protocol, std::string_view body, Progress* progress);
  ScrapeFault ReadText(model::ExpositionFormat format, std::string_view body, Progress* progress);
  ScrapeFault ReadProtobuf(std::string_view body, Progress* progress);
  ScrapeFault TakeSample(const Exposed& sample, ReadLabels read_labels, Progress* progress);
  ScrapeFault FindOrAdd(std::string_view key, ReadLabels read_labels, uint32_t* series,
                        bool* is_new);
  void Append(uint32_t series, const Exposed& sample, Progress* progress);
  void AppendExemplars(uint32_t series, const Exposed& sample, model::TimestampMs at,
                       Progress* progress);
  Family& FamilyOf(const std::string& name);
  void AddMetadata(PushBody* out);
  // Of an exposed series; an empty set when relabelling drops it.
  absl::StatusOr<model::Labels> LabelsOf(model::LabelPairs exposed) const;
  ScrapeFault CheckLimits(model::LabelsView labels) const;
  SeriesCache::Gone StaleMarkers(model::TimestampMs now, PushBody* out);

  std::shared_ptr<const Target> target_;
  SeriesCache cache_;
  uint32_t scrape_ = 0;
  absl::flat_hash_map<std::string, Family> families_;
  model::LabelPairs pairs_;           // Scratch.
  std::vector<std::string> reports_;  // Label bytes, in the order of kReportNames.
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_SCRAPE_TARGET_SERIES_H_
