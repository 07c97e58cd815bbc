#include "api/remote_read/read_handler.h"

#include <fmt/format.h>
#include <snappy.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "api/remote_read/chunk_encoder.h"
#include "api/remote_read/frame.h"
#include "api/remote_read/series_collector.h"
#include "model/matcher.h"
#include "proto/wire/remote_read.h"

namespace tidegate::api {
namespace {

constexpr size_t kMaxRequestBytes = 1 << 20;
constexpr size_t kMaxDecompressedBytes = 8 << 20;
constexpr size_t kMaxQueries = 1000;
constexpr size_t kMaxMessageBytes = size_t{1} << 31;  // What decoders of protobuf take.
constexpr char kProtobuf[] = "application/x-protobuf";
constexpr char kStreamed[] =
    "application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse";

std::string_view Message(const absl::Status& status) {
  return {status.message().data(), status.message().size()};
}

int HttpStatusOf(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kResourceExhausted:
      return 400;
    case absl::StatusCode::kCancelled:
      return 499;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
      return 503;
    default:
      return 500;
  }
}

HttpResponse Refusal(const absl::Status& status) {
  HttpResponse response = TextResponse(HttpStatusOf(status.code()), Message(status));
  if (response.status == 503) response.headers.emplace_back("Retry-After", "1");
  return response;
}

absl::StatusOr<wire::RemoteReadRequest> ReadRequest(std::string_view body) {
  size_t size = 0;
  if (!snappy::GetUncompressedLength(body.data(), body.size(), &size)) {
    return absl::InvalidArgumentError("the body is no snappy block");
  }
  if (size > kMaxDecompressedBytes) {
    return absl::InvalidArgumentError(
        fmt::format("the body declares {} bytes after decompression, at most {} are taken", size,
                    kMaxDecompressedBytes));
  }
  std::string bytes;
  if (!snappy::Uncompress(body.data(), body.size(), &bytes)) {
    return absl::InvalidArgumentError("the body is corrupt: it does not decompress with snappy");
  }
  absl::StatusOr<wire::RemoteReadRequest> request = wire::ParseReadRequest(bytes);
  if (request.ok() && request->queries.size() > kMaxQueries) {
    return absl::InvalidArgumentError(
        fmt::format("{} queries in one request, at most {}", request->queries.size(), kMaxQueries));
  }
  return request;
}

// One request at work.
class RemoteRead {
 public:
  RemoteRead(storage::SeriesSource* source, const model::RequestContext& context,
             const model::TenantLimits& limits)
      : source_(*source),
        context_(context),
        budget_{limits.max_query_series, limits.max_query_samples, limits.max_query_bytes} {}

  absl::Status AnswerSamples(const wire::RemoteReadRequest& request, ResponseWriter& response) {
    std::string read_response;
    for (const wire::RemoteReadQuery& query : request.queries) {
      auto selected = Select(query);
      if (!selected.ok()) return selected.status();
      std::string result;
      for (const storage::SelectedSeries& series : *selected) {
        wire::AppendSeries(wire::SeriesMessage(series.labels, *series.columns.timestamps,
                                               series.columns.values, series.columns.histograms),
                           &result);
      }
      wire::AppendResult(result, &read_response);
      if (absl::Status status = CheckSize(read_response.size()); !status.ok()) return status;
    }
    HttpResponse answer;
    answer.content_type = kProtobuf;
    answer.headers.emplace_back("Content-Encoding", "snappy");
    snappy::Compress(read_response.data(), read_response.size(), &answer.body);
    response.Send(std::move(answer));
    return absl::OkStatus();
  }

  // Errors after the first frame can only cut the stream.
  absl::Status AnswerChunks(const wire::RemoteReadRequest& request, ResponseWriter& response) {
    bool begun = false;
    for (size_t i = 0; i < request.queries.size(); ++i) {
      auto selected = Select(request.queries[i]);
      if (!selected.ok()) return begun ? absl::OkStatus() : selected.status();
      if (!std::exchange(begun, true)) Begin(response);
      for (storage::SelectedSeries& series : *selected) {
        if (!WriteChunks(series, static_cast<int64_t>(i), response)) return absl::OkStatus();
        series = {};
      }
    }
    if (!begun) Begin(response);
    response.End();
    return absl::OkStatus();
  }

 private:
  // The budget is for one query; the answer holds all of them.
  absl::Status CheckSize(size_t bytes) const {
    size_t most = kMaxMessageBytes;
    if (budget_.max_bytes != 0) most = std::min<size_t>(most, budget_.max_bytes);
    if (bytes <= most) return absl::OkStatus();
    return absl::ResourceExhaustedError(
        fmt::format("the answer takes more than {} bytes: ask for less, or for chunks", most));
  }

  static void Begin(ResponseWriter& response) {
    HttpResponse head;
    head.content_type = kStreamed;
    response.Begin(std::move(head));
  }

  absl::StatusOr<std::vector<storage::SelectedSeries>> Select(const wire::RemoteReadQuery& query) {
    absl::StatusOr<std::vector<model::CompiledMatcher>> matchers =
        model::CompileMatchers(query.matchers);
    if (!matchers.ok()) return matchers.status();
    SeriesCollector collector(budget_);
    storage::Selection selection{*std::move(matchers), query.range};
    if (selection.range.empty()) return std::vector<storage::SelectedSeries>();
    absl::Status status = source_.Select(context_, selection, collector);
    if (!status.ok()) return status;
    return collector.Take();
  }

  // False when the client has gone.
  static bool WriteChunks(const storage::SelectedSeries& series, int64_t query_index,
                          ResponseWriter& response) {
    std::vector<EncodedChunk> chunks =
        EncodeFloats(*series.columns.timestamps, series.columns.values);
    for (EncodedChunk& chunk : EncodeHistograms(series.columns.histograms)) {
      chunks.push_back(std::move(chunk));
    }
    std::sort(chunks.begin(), chunks.end(), [](const EncodedChunk& a, const EncodedChunk& b) {
      return a.range.min < b.range.min;
    });
    std::vector<wire::RemoteReadChunk> frame;
    size_t bytes = series.labels.bytes().size();
    for (EncodedChunk& chunk : chunks) {
      if (!frame.empty() && bytes + chunk.data.size() > kMaxFrameBytes) {
        if (!response.Write(Frame(wire::ChunkedSeriesMessage(series.labels, frame, query_index)))) {
          return false;
        }
        frame.clear();
        bytes = series.labels.bytes().size();
      }
      bytes += chunk.data.size();
      frame.push_back({chunk.range, static_cast<int>(chunk.encoding), std::move(chunk.data)});
    }
    return frame.empty() ||
           response.Write(Frame(wire::ChunkedSeriesMessage(series.labels, frame, query_index)));
  }

  storage::SeriesSource& source_;
  const model::RequestContext& context_;
  const ReadBudget budget_;
};

void Read(const TenantResolver& resolver, storage::SeriesSource* source, const HttpRequest& request,
          ResponseWriter& response) {
  const auto tenant = resolver.Resolve(request, model::Permission::kRead, TenantChoice::kSeveral);
  if (!tenant.ok()) return response.Send(TenantRefusal(tenant.status()));
  const absl::StatusOr<wire::RemoteReadRequest> read = ReadRequest(request.body);
  if (!read.ok()) return response.Send(Refusal(read.status()));
  model::RequestContext context = ContextFor(request, **tenant);
  context.deadline = absl::Now() + (*tenant)->limits.max_query_timeout;
  RemoteRead work(source, context, (*tenant)->limits);
  const absl::Status status = read->streams_chunks ? work.AnswerChunks(*read, response)
                                                   : work.AnswerSamples(*read, response);
  if (!status.ok()) response.Send(Refusal(status));
}

}  // namespace

void AddRemoteReadRoutes(const TenantResolver* resolver, storage::SeriesSource* source,
                         Router* router) {
  for (const char* path : {"/api/v1/read", "/prometheus/api/v1/read"}) {
    Route route;
    route.method = HttpMethod::kPost;
    route.pattern = path;
    route.max_body_bytes = kMaxRequestBytes;
    route.handler = [resolver, source](const HttpRequest& request, ResponseWriter& response) {
      Read(*resolver, source, request, response);
    };
    router->Add(std::move(route));
  }
}

}  // namespace tidegate::api
