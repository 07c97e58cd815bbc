// Where nothing is stored: what test doubles of the storage interfaces start from.
#ifndef TIDEGATE_STORAGE_TESTING_EMPTY_SOURCE_H_
#define TIDEGATE_STORAGE_TESTING_EMPTY_SOURCE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/log_source.h"
#include "storage/series_source.h"

namespace tidegate::storage {

// `Interface` is SeriesSource or derives from it; a double overrides what its test asks about.
template <typename Interface>
class WithoutSeries : public Interface {
 public:
  absl::Status Select(const model::RequestContext&, const Selection&,
                      Sink<SelectedSeries>&) override {
    return absl::OkStatus();
  }
  absl::Status SelectExemplars(const model::RequestContext&, const Selection&,
                               Sink<SelectedExemplars>&) override {
    return absl::OkStatus();
  }
  absl::StatusOr<std::vector<model::Labels>> Series(const model::RequestContext&,
                                                    const LabelQuery&) override {
    return std::vector<model::Labels>();
  }
  absl::StatusOr<std::vector<std::string>> LabelNames(const model::RequestContext&,
                                                      const LabelQuery&) override {
    return std::vector<std::string>();
  }
  absl::StatusOr<std::vector<std::string>> LabelValues(const model::RequestContext&,
                                                       const std::string&,
                                                       const LabelQuery&) override {
    return std::vector<std::string>();
  }
};

// The same for LogSource.
template <typename Interface>
class WithoutLogs : public Interface {
 public:
  absl::Status SelectLogs(const model::RequestContext&, const LogSelection&,
                          Sink<LogBatch>&) override {
    return absl::OkStatus();
  }
  absl::StatusOr<std::vector<StreamVolume>> StreamVolumes(const model::RequestContext&,
                                                          const StreamQuery&) override {
    return std::vector<StreamVolume>();
  }
  absl::StatusOr<std::vector<std::string>> StreamLabelNames(const model::RequestContext&,
                                                            const StreamQuery&) override {
    return std::vector<std::string>();
  }
  absl::StatusOr<std::vector<std::string>> StreamLabelValues(const model::RequestContext&,
                                                             const std::string&,
                                                             const StreamQuery&) override {
    return std::vector<std::string>();
  }
};

using EmptySeriesSource = WithoutSeries<SeriesSource>;
using EmptyLogSource = WithoutLogs<LogSource>;

// Head or Store.
template <typename Interface>
using WithoutData = WithoutLogs<WithoutSeries<Interface>>;

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_TESTING_EMPTY_SOURCE_H_
