#include "api/export/export_handler.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/time/clock.h"
#include "api/export/series_line.h"
#include "api/prometheus/parameters.h"
#include "api/prometheus/request_parameters.h"
#include "model/labels.h"
#include "model/matcher.h"
#include "model/series_id.h"
#include "query/selector_text.h"

namespace tidegate::api {
namespace {

constexpr size_t kPieceBytes = 64 << 10;
constexpr size_t kDefaultRows = 10'000;  // Of a line: about 300 KB.
constexpr size_t kMaxBodyBytes = 1 << 20;
constexpr char kStream[] = "application/stream+json";

std::string_view MessageOf(const absl::Status& status) {
  return {status.message().data(), status.message().size()};
}

int HttpStatusOf(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kInvalidArgument:
      return 400;
    case absl::StatusCode::kResourceExhausted:
      return 422;
    case absl::StatusCode::kCancelled:
      return 499;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
      return 503;
    default:
      return 500;
  }
}

struct ExportRequest {
  std::vector<std::vector<model::CompiledMatcher>> selections;
  model::TimeRange range;
  size_t rows = kDefaultRows;
  std::string resume_from;
};

absl::StatusOr<ExportRequest> ReadRequest(const HttpRequest& request) {
  const absl::StatusOr<Parameters> parameters = CollectParameters(request);
  if (!parameters.ok()) return parameters.status();
  ExportRequest read;
  for (const std::string& selector : parameters->All("match[]")) {
    auto matchers = query::ParseSelector(selector);
    if (!matchers.ok()) return InvalidParameter("match[]", matchers.status());
    read.selections.push_back(*std::move(matchers));
  }
  if (read.selections.empty()) {
    return absl::InvalidArgumentError("no match[] parameter provided");
  }
  const auto range = RangeParameters(*parameters);
  if (!range.ok()) return range.status();
  read.range = *range;
  const auto rows = LimitParameter(*parameters, "max_rows_per_line");
  if (!rows.ok()) return rows.status();
  if (*rows != 0) read.rows = std::min(*rows, kDefaultRows);
  read.resume_from = parameters->Get("resume_from");
  return read;
}

// Passes series on as lines while they come.
class LineSink final : public storage::Sink<storage::SelectedSeries> {
 public:
  LineSink(size_t rows, bool may_repeat, ResponseWriter* response)
      : rows_(rows), may_repeat_(may_repeat), response_(*response) {}

  absl::Status Add(storage::SelectedSeries series) override {
    const model::SeriesId id = model::HashLabelBytes(series.labels.bytes());
    if (may_repeat_ && !seen_.insert(id).second) return absl::OkStatus();
    const bool written =
        WriteSeriesLines(series, rows_, [this](std::string_view line) { return Write(line); });
    return written ? absl::OkStatus() : absl::CancelledError("the client has gone");
  }
  // Series of another metric are no repetitions.
  void BeginMetric() { seen_.clear(); }
  bool Flush() { return piece_.empty() || response_.Write(std::exchange(piece_, {})); }

 private:
  bool Write(std::string_view line) {
    piece_.append(line);
    return piece_.size() < kPieceBytes || Flush();
  }

  const size_t rows_;
  const bool may_repeat_;
  ResponseWriter& response_;
  std::string piece_;
  absl::flat_hash_set<model::SeriesId> seen_;
};

absl::StatusOr<std::vector<std::string>> MetricNames(storage::SeriesSource* source,
                                                     const model::RequestContext& context,
                                                     const ExportRequest& request) {
  storage::LabelQuery query;
  query.selections = request.selections;
  query.range = request.range;
  auto names = source->LabelValues(context, std::string(model::kMetricNameLabel), query);
  if (!names.ok()) return names.status();
  std::erase_if(*names, [&](const std::string& name) { return name < request.resume_from; });
  return names;
}

absl::Status WriteMetrics(storage::SeriesSource* source, const model::RequestContext& context,
                          const ExportRequest& request, const std::vector<std::string>& names,
                          LineSink* sink) {
  for (const std::string& name : names) {
    auto metric = model::CompiledMatcher::Compile(
        {model::MatchType::kEqual, std::string(model::kMetricNameLabel), name});
    if (!metric.ok()) return metric.status();
    sink->BeginMetric();
    for (const auto& selection : request.selections) {
      storage::Selection one{selection, request.range};
      one.matchers.push_back(*metric);
      if (absl::Status status = source->Select(context, one, *sink); !status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

void Export(const TenantResolver& resolver, storage::SeriesSource* source,
            const HttpRequest& request, ResponseWriter& response) {
  const auto tenant = resolver.Resolve(request, model::Permission::kRead);
  if (!tenant.ok()) return response.Send(TenantRefusal(tenant.status()));
  model::RequestContext context = ContextFor(request, **tenant);
  context.deadline = absl::InfiniteFuture();  // The client decides how long it reads.
  const auto read = ReadRequest(request);
  const auto refuse = [&response](const absl::Status& status) {
    response.Send(TextResponse(HttpStatusOf(status.code()), MessageOf(status)));
  };
  if (!read.ok()) return refuse(read.status());
  const auto names = MetricNames(source, context, *read);
  if (!names.ok()) return refuse(names.status());
  HttpResponse head;
  head.content_type = kStream;
  response.Begin(std::move(head));
  LineSink sink(read->rows, read->selections.size() > 1, &response);
  // Without an End the client sees that the stream was cut off.
  const bool complete = WriteMetrics(source, context, *read, *names, &sink).ok() && sink.Flush();
  if (complete) response.End();
}

}  // namespace

void AddExportRoutes(const TenantResolver* resolver, storage::SeriesSource* source,
                     Router* router) {
  for (const char* path : {"/api/v1/export", "/prometheus/api/v1/export"}) {
    for (const HttpMethod method : {HttpMethod::kGet, HttpMethod::kPost}) {
      Route route;
      route.method = method;
      route.pattern = path;
      route.max_body_bytes = kMaxBodyBytes;
      route.handler = [resolver, source](const HttpRequest& request, ResponseWriter& response) {
        Export(*resolver, source, request, response);
      };
      router->Add(std::move(route));
    }
  }
}

}  // namespace tidegate::api
