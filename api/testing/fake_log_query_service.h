// A log query service that answers what it was told, and remembers what it was asked.
#ifndef TIDEGATE_API_TESTING_FAKE_LOG_QUERY_SERVICE_H_
#define TIDEGATE_API_TESTING_FAKE_LOG_QUERY_SERVICE_H_

#include <string>
#include <utility>
#include <vector>

#include "query/log_query_service.h"

namespace tidegate::api {

// Used by one thread. Every call fails with `failure` when that is set.
struct FakeLogQueryService : public query::LogQueryService {
  absl::Status failure;
  query::LogQueryResult result;
  std::vector<std::string> strings;
  std::vector<model::Labels> series;
  query::LogIndexStats stats;
  std::vector<query::DetectedLabel> detected_labels;
  std::vector<query::DetectedField> detected_fields;
  std::vector<query::LogPattern> patterns;

  std::string tenant;
  query::LogInstantRequest instant;
  query::LogRangeRequest range;
  query::LogLabelRequest labels;
  query::LogVolumeRequest volume;
  query::DetectedFieldsRequest fields;
  std::string text;  // The selector, query, label or field that was asked for.
  storage::LogRange bounds;

  template <typename Answer>
  absl::StatusOr<Answer> Tell(const model::RequestContext& context, Answer answer) {
    tenant = context.tenant;
    if (!failure.ok()) return failure;
    return answer;
  }

  absl::StatusOr<query::LogQueryResult> Instant(const model::RequestContext& context,
                                                const query::LogInstantRequest& request) override {
    instant = request;
    return Tell(context, result);
  }
  absl::StatusOr<query::LogQueryResult> Range(const model::RequestContext& context,
                                              const query::LogRangeRequest& request) override {
    range = request;
    return Tell(context, result);
  }
  absl::StatusOr<std::vector<std::string>> LabelNames(
      const model::RequestContext& context, const query::LogLabelRequest& request) override {
    labels = request;
    return Tell(context, strings);
  }
  absl::StatusOr<std::vector<std::string>> LabelValues(
      const model::RequestContext& context, const std::string& label_name,
      const query::LogLabelRequest& request) override {
    text = label_name;
    labels = request;
    return Tell(context, strings);
  }
  absl::StatusOr<std::vector<model::Labels>> Series(
      const model::RequestContext& context, const query::LogLabelRequest& request) override {
    labels = request;
    return Tell(context, series);
  }
  absl::StatusOr<query::LogIndexStats> IndexStats(const model::RequestContext& context,
                                                  const std::string& selector,
                                                  storage::LogRange asked) override {
    text = selector;
    bounds = asked;
    return Tell(context, stats);
  }
  absl::StatusOr<query::LogQueryResult> Volume(const model::RequestContext& context,
                                               const query::LogVolumeRequest& request) override {
    volume = request;
    return Tell(context, result);
  }
  absl::StatusOr<std::vector<query::DetectedLabel>> DetectedLabels(
      const model::RequestContext& context, const std::string& selector,
      storage::LogRange asked) override {
    text = selector;
    bounds = asked;
    return Tell(context, detected_labels);
  }
  absl::StatusOr<std::vector<query::DetectedField>> DetectedFields(
      const model::RequestContext& context, const query::DetectedFieldsRequest& request) override {
    fields = request;
    return Tell(context, detected_fields);
  }
  absl::StatusOr<std::vector<std::string>> DetectedFieldValues(
      const model::RequestContext& context, const std::string& field,
      const query::DetectedFieldsRequest& request) override {
    text = field;
    fields = request;
    return Tell(context, strings);
  }
  absl::StatusOr<std::vector<query::LogPattern>> Patterns(const model::RequestContext& context,
                                                          const std::string& query,
                                                          storage::LogRange asked,
                                                          int64_t) override {
    text = query;
    bounds = asked;
    return Tell(context, patterns);
  }
  absl::StatusOr<std::string> FormatQuery(const model::RequestContext& context,
                                          const std::string& query) override {
    return Tell(context, "formatted " + query);
  }
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_TESTING_FAKE_LOG_QUERY_SERVICE_H_
