// The streams of a scenario, in memory.
#ifndef TIDEGATE_TESTS_CONFORMANCE_LOKI_VECTORS_SCENARIO_SOURCE_H_
#define TIDEGATE_TESTS_CONFORMANCE_LOKI_VECTORS_SCENARIO_SOURCE_H_

#include <boost/json.hpp>
#include <memory>
#include <string>
#include <vector>

#include "model/labels.h"
#include "storage/log_source.h"

namespace tidegate::conformance {

// Reads [{"labels": {..}, "entries": [["ns", "line", {metadata}]]}]; throws, as Boost.JSON does,
// when a member is missing. Immutable afterwards.
class ScenarioSource final : public storage::LogSource {
 public:
  explicit ScenarioSource(const boost::json::array& streams);

  absl::Status SelectLogs(const model::RequestContext& context,
                          const storage::LogSelection& selection,
                          storage::Sink<storage::LogBatch>& sink) override;
  // Nothing that a scenario asks for needs these: Unimplemented.
  absl::StatusOr<std::vector<storage::StreamVolume>> StreamVolumes(
      const model::RequestContext& context, const storage::StreamQuery& query) override;
  absl::StatusOr<std::vector<std::string>> StreamLabelNames(
      const model::RequestContext& context, const storage::StreamQuery& query) override;
  absl::StatusOr<std::vector<std::string>> StreamLabelValues(
      const model::RequestContext& context, const std::string& label_name,
      const storage::StreamQuery& query) override;

 private:
  struct Entry {
    int64_t time;
    std::string line;
    model::Labels metadata;
  };
  struct Stream {
    std::shared_ptr<const model::Labels> labels;
    std::vector<Entry> entries;  // Ascending by time.
  };
  std::vector<Stream> streams_;
};

}  // namespace tidegate::conformance

#endif  // TIDEGATE_TESTS_CONFORMANCE_LOKI_VECTORS_SCENARIO_SOURCE_H_
