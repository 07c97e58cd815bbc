// A query service that answers what it was told, and remembers what it was asked.
#ifndef TIDEGATE_API_TESTING_FAKE_QUERY_SERVICE_H_
#define TIDEGATE_API_TESTING_FAKE_QUERY_SERVICE_H_

#include <fmt/format.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "query/query_service.h"

namespace tidegate::api {

// Thread safe. Queries nobody announced do not parse.
class FakeQueryService : public query::QueryService {
 public:
  // Announced answers, by the text of the query.
  void WillAnswer(const std::string& query, query::QueryResult result) {
    absl::MutexLock lock(&mutex_);
    results_.insert_or_assign(query, std::move(result));
  }
  void WillFail(const std::string& query, absl::Status status) {
    absl::MutexLock lock(&mutex_);
    results_.insert_or_assign(query, std::move(status));
  }
  void SetSeries(std::vector<model::Labels> series) {
    absl::MutexLock lock(&mutex_);
    series_ = std::move(series);
  }
  void SetExemplars(std::vector<storage::SelectedExemplars> exemplars) {
    absl::MutexLock lock(&mutex_);
    exemplars_ = std::move(exemplars);
  }

  struct Asked {
    model::RequestContext context;
    query::InstantRequest instant;
    query::RangeRequest range;
    query::MetadataRequest metadata;
    std::string label_name;
    model::TimeRange exemplar_range;
  };
  // The latest of each kind.
  Asked asked() const {
    absl::MutexLock lock(&mutex_);
    return asked_;
  }

  absl::StatusOr<query::QueryResult> Instant(const model::RequestContext& context,
                                             const query::InstantRequest& request) override {
    absl::MutexLock lock(&mutex_);
    asked_.context = context;
    asked_.instant = request;
    return ResultOf(request.query);
  }
  absl::StatusOr<query::QueryResult> Range(const model::RequestContext& context,
                                           const query::RangeRequest& request) override {
    absl::MutexLock lock(&mutex_);
    asked_.context = context;
    asked_.range = request;
    return ResultOf(request.query);
  }

  absl::StatusOr<query::LabelsResult> Series(const model::RequestContext& context,
                                             const query::MetadataRequest& request) override {
    absl::MutexLock lock(&mutex_);
    Remember(context, request);
    if (const absl::Status status = CheckMatches(request); !status.ok()) return status;
    query::LabelsResult result;
    result.series = series_;
    result.truncated = Truncate(request.limit, &result.series);
    return result;
  }
  absl::StatusOr<query::StringsResult> LabelNames(const model::RequestContext& context,
                                                  const query::MetadataRequest& request) override {
    absl::MutexLock lock(&mutex_);
    Remember(context, request);
    std::map<std::string, bool> names;
    for (const model::Labels& labels : series_) {
      for (const model::Label& label : labels) names[std::string(label.name)] = true;
    }
    return Strings(names, request.limit);
  }
  absl::StatusOr<query::StringsResult> LabelValues(const model::RequestContext& context,
                                                   const std::string& label_name,
                                                   const query::MetadataRequest& request) override {
    absl::MutexLock lock(&mutex_);
    Remember(context, request);
    asked_.label_name = label_name;
    std::map<std::string, bool> values;
    for (const model::Labels& labels : series_) {
      if (labels.Has(label_name)) values[std::string(labels.Get(label_name))] = true;
    }
    return Strings(values, request.limit);
  }

  absl::StatusOr<std::vector<storage::SelectedExemplars>> Exemplars(
      const model::RequestContext& context, const std::string&, model::TimeRange range) override {
    absl::MutexLock lock(&mutex_);
    asked_.context = context;
    asked_.exemplar_range = range;
    return exemplars_;
  }
  absl::StatusOr<std::string> FormatQuery(const model::RequestContext&,
                                          const std::string& query) override {
    if (query.empty()) return Unparsable();
    return "formatted " + query;
  }
  absl::StatusOr<std::string> ParseQuery(const model::RequestContext&,
                                         const std::string& query) override {
    if (query.empty()) return Unparsable();
    return fmt::format(R"({{"type":"vectorSelector","name":"{}"}})", query);
  }

 private:
  static absl::Status Unparsable() {
    return absl::InvalidArgumentError("1:1: parse error: no expression found in input");
  }

  absl::StatusOr<query::QueryResult> ResultOf(const std::string& query)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const auto found = results_.find(query);
    if (found == results_.end()) return Unparsable();
    return found->second;
  }
  void Remember(const model::RequestContext& context, const query::MetadataRequest& request)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    asked_.context = context;
    asked_.metadata = request;
  }
  static absl::Status CheckMatches(const query::MetadataRequest& request) {
    for (const std::string& match : request.matches) {
      if (match == "{}") {
        return absl::InvalidArgumentError("match[] must contain at least one non-empty matcher");
      }
    }
    return absl::OkStatus();
  }
  template <typename Item>
  static bool Truncate(size_t limit, std::vector<Item>* items) {
    if (limit == 0 || items->size() <= limit) return false;
    items->resize(limit);
    return true;
  }
  static query::StringsResult Strings(const std::map<std::string, bool>& set, size_t limit) {
    query::StringsResult result;
    for (const auto& [text, present] : set) result.values.push_back(text);
    result.truncated = Truncate(limit, &result.values);
    return result;
  }

  mutable absl::Mutex mutex_;
  std::map<std::string, absl::StatusOr<query::QueryResult>> results_ ABSL_GUARDED_BY(mutex_);
  std::vector<model::Labels> series_ ABSL_GUARDED_BY(mutex_);
  std::vector<storage::SelectedExemplars> exemplars_ ABSL_GUARDED_BY(mutex_);
  Asked asked_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_TESTING_FAKE_QUERY_SERVICE_H_
