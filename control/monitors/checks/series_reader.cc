#include "control/monitors/checks/series_reader.h"

#include <fmt/format.h>

#include <utility>
#include <variant>

#include "absl/time/clock.h"

namespace tidegate::control {
namespace {

constexpr absl::Duration kTimeout = absl::Seconds(30);

absl::StatusOr<SeriesVector> Series(query::QueryResult result) {
  if (auto* vector = std::get_if<query::VectorResult>(&result.value)) {
    return std::move(vector->series);
  }
  if (auto* matrix = std::get_if<query::MatrixResult>(&result.value)) {
    return std::move(matrix->series);
  }
  if (auto* scalar = std::get_if<query::ScalarResult>(&result.value)) {
    SeriesVector one(1);
    one[0].floats.push_back(scalar->point);
    return one;
  }
  return absl::InvalidArgumentError("the query gives a text");
}

}  // namespace

model::RequestContext SeriesReader::Context() const {
  model::RequestContext context;
  context.tenant = tenant_;
  context.request_id = "monitor";
  context.deadline = absl::Now() + kTimeout;
  context.cancelled = cancelled_;
  return context;
}

absl::StatusOr<std::shared_ptr<const SeriesVector>> SeriesReader::Instant(const std::string& query,
                                                                          absl::Time time,
                                                                          absl::Duration lookback) {
  query::InstantRequest request;
  request.query = query;
  request.time = absl::ToUnixMillis(time);
  request.lookback_ms = absl::ToInt64Milliseconds(lookback);
  const Key key{query, request.time, request.lookback_ms};
  if (const auto found = answers_.find(key); found != answers_.end()) return found->second;
  absl::StatusOr<query::QueryResult> result = queries_.Instant(Context(), request);
  if (!result.ok()) return result.status();
  absl::StatusOr<SeriesVector> series = Series(*std::move(result));
  if (!series.ok()) return series.status();
  auto shared = std::make_shared<const SeriesVector>(*std::move(series));
  answers_[key] = shared;
  return shared;
}

absl::StatusOr<std::shared_ptr<const SeriesVector>> SeriesReader::Window(
    const std::string& selector, absl::Time time, absl::Duration window) {
  return Instant(fmt::format("{}[{}ms]", selector, absl::ToInt64Milliseconds(window)), time,
                 absl::ZeroDuration());
}

absl::StatusOr<SeriesVector> SeriesReader::Grid(const std::string& selector, absl::Time start,
                                                absl::Time end, absl::Duration step) {
  query::RangeRequest request;
  request.query = selector;
  request.start = absl::ToUnixMillis(start);
  request.end = absl::ToUnixMillis(end);
  request.step_ms = absl::ToInt64Milliseconds(step);
  request.lookback_ms = request.step_ms;
  absl::StatusOr<query::QueryResult> result = queries_.Range(Context(), request);
  if (!result.ok()) return result.status();
  return Series(*std::move(result));
}

}  // namespace tidegate::control
