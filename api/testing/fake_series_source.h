// A series source over the series a test puts in; selects by matchers and range as a real one does.
#ifndef TIDEGATE_API_TESTING_FAKE_SERIES_SOURCE_H_
#define TIDEGATE_API_TESTING_FAKE_SERIES_SOURCE_H_

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "query/query_service.h"

namespace tidegate::api {

// Fill it before use, then it is thread safe.
class FakeSeriesSource : public storage::SeriesSource {
 public:
  void Add(model::Labels labels, std::vector<model::TimestampMs> timestamps,
           std::vector<double> values, std::vector<model::HistogramSample> histograms = {}) {
    storage::SelectedSeries series;
    series.labels = std::move(labels);
    series.columns.timestamps =
        std::make_shared<const std::vector<model::TimestampMs>>(std::move(timestamps));
    series.columns.values = std::move(values);
    series.columns.histograms = std::move(histograms);
    series_.push_back(std::move(series));
  }
  void Fail(absl::Status error) { error_ = std::move(error); }

  absl::Status Select(const model::RequestContext&, const storage::Selection& selection,
                      storage::Sink<storage::SelectedSeries>& sink) override {
    if (!error_.ok()) return error_;
    for (const storage::SelectedSeries& series : series_) {
      if (!Matches(series.labels, selection.matchers)) continue;
      storage::SelectedSeries found = Cut(series, selection.range);
      if (found.columns.values.empty() && found.columns.histograms.empty()) continue;
      if (absl::Status status = sink.Add(std::move(found)); !status.ok()) return status;
    }
    return absl::OkStatus();
  }
  absl::Status SelectExemplars(const model::RequestContext&, const storage::Selection&,
                               storage::Sink<storage::SelectedExemplars>&) override {
    return error_;
  }

  absl::StatusOr<std::vector<model::Labels>> Series(const model::RequestContext&,
                                                    const storage::LabelQuery& query) override {
    if (!error_.ok()) return error_;
    std::vector<model::Labels> found;
    for (const storage::SelectedSeries& series : series_) {
      const auto selected = [&](const auto& matchers) { return Matches(series.labels, matchers); };
      if (!query.selections.empty() &&
          std::none_of(query.selections.begin(), query.selections.end(), selected)) {
        continue;
      }
      if (Cut(series, query.range).columns.values.empty()) continue;
      found.push_back(series.labels);
    }
    if (query.limit != 0 && found.size() > query.limit) found.resize(query.limit);
    return found;
  }
  absl::StatusOr<std::vector<std::string>> LabelNames(const model::RequestContext&,
                                                      const storage::LabelQuery&) override {
    std::set<std::string> names;
    for (const storage::SelectedSeries& series : series_) {
      for (const model::Label& label : series.labels) names.emplace(label.name);
    }
    return std::vector<std::string>(names.begin(), names.end());
  }
  absl::StatusOr<std::vector<std::string>> LabelValues(const model::RequestContext&,
                                                       const std::string& name,
                                                       const storage::LabelQuery&) override {
    if (!error_.ok()) return error_;
    std::set<std::string> values;
    for (const storage::SelectedSeries& series : series_) {
      if (series.labels.Has(name)) values.emplace(series.labels.Get(name));
    }
    return std::vector<std::string>(values.begin(), values.end());
  }

 private:
  static bool Matches(const model::Labels& labels,
                      const std::vector<model::CompiledMatcher>& matchers) {
    return std::all_of(matchers.begin(), matchers.end(), [&](const model::CompiledMatcher& m) {
      return m.Matches(labels.Get(m.name()));
    });
  }

  static storage::SelectedSeries Cut(const storage::SelectedSeries& series,
                                     const model::TimeRange& range) {
    storage::SelectedSeries cut;
    cut.labels = series.labels;
    std::vector<model::TimestampMs> times;
    for (size_t i = 0; i < series.columns.values.size(); ++i) {
      if (!range.Contains((*series.columns.timestamps)[i])) continue;
      times.push_back((*series.columns.timestamps)[i]);
      cut.columns.values.push_back(series.columns.values[i]);
    }
    cut.columns.timestamps =
        std::make_shared<const std::vector<model::TimestampMs>>(std::move(times));
    for (const model::HistogramSample& histogram : series.columns.histograms) {
      if (range.Contains(histogram.timestamp)) cut.columns.histograms.push_back(histogram);
    }
    return cut;
  }

  std::vector<storage::SelectedSeries> series_;
  absl::Status error_;
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_TESTING_FAKE_SERIES_SOURCE_H_
