#include "query/grpc/query_client.h"

#include <string>
#include <utility>
#include <vector>

#include "proto/grpc/call_context.h"
#include "proto/grpc/rpc_status.h"
#include "proto/tidegate/query.grpc.pb.h"
#include "proto/wire/matchers.h"
#include "proto/wire/points.h"
#include "query/grpc/query_messages.h"

namespace tidegate::query {
namespace {

constexpr char kPeer[] = "querier";

// One call: its context is attached and its cancellation watched as long as this lives.
struct Call {
  Call(const model::RequestContext& context, rpc::CallWatcher* watcher)
      : watch((rpc::AttachContext(context, &grpc), watcher->WatchOutgoing(context, &grpc))) {}

  grpc::ClientContext grpc;
  rpc::CallWatcher::Registration watch;
};

// Reads a stream to its end. The first error of `message_fn` cancels the call and is the answer.
template <typename Message, typename MessageFn>
absl::Status ReadAll(Call* call, grpc::ClientReader<Message>* reader, MessageFn message_fn) {
  Message message;
  absl::Status failed;
  while (reader->Read(&message)) {
    failed = message_fn(message);
    if (failed.ok()) continue;
    call->grpc.TryCancel();
    break;
  }
  const absl::Status finished = rpc::FromPeer(kPeer, reader->Finish());
  return failed.ok() ? finished : failed;
}

absl::StatusOr<QueryResult> ReadResult(Call* call, grpc::ClientReader<v1::QueryResponse>* reader) {
  ResultJoiner joiner;
  const absl::Status status =
      ReadAll(call, reader, [&](const v1::QueryResponse& message) { return joiner.Add(message); });
  if (!status.ok()) return status;
  return joiner.Finish();
}

absl::StatusOr<StringsResult> Strings(const grpc::Status& status,
                                      const v1::StringsResponse& response) {
  if (!status.ok()) return rpc::FromPeer(kPeer, status);
  return StringsResult{{response.values().begin(), response.values().end()}, response.truncated()};
}

absl::StatusOr<std::string> Text(const grpc::Status& status, v1::QueryText response) {
  if (!status.ok()) return rpc::FromPeer(kPeer, status);
  return std::move(*response.mutable_text());
}

class QueryClient final : public QueryService {
 public:
  QueryClient(const std::shared_ptr<grpc::Channel>& channel, rpc::CallWatcher* watcher)
      : stub_(v1::Query::NewStub(channel)), watcher_(watcher) {}

  absl::StatusOr<QueryResult> Instant(const model::RequestContext& context,
                                      const InstantRequest& request) override {
    Call call(context, watcher_);
    v1::InstantQueryRequest message;
    message.set_query(request.query);
    message.set_time(request.time);
    message.set_lookback_ms(request.lookback_ms);
    message.set_limit(request.limit);
    return ReadResult(&call, stub_->Instant(&call.grpc, message).get());
  }

  absl::StatusOr<QueryResult> Range(const model::RequestContext& context,
                                    const RangeRequest& request) override {
    Call call(context, watcher_);
    v1::RangeQueryRequest message;
    message.set_query(request.query);
    message.set_start(request.start);
    message.set_end(request.end);
    message.set_step_ms(request.step_ms);
    message.set_lookback_ms(request.lookback_ms);
    message.set_limit(request.limit);
    return ReadResult(&call, stub_->Range(&call.grpc, message).get());
  }

  absl::StatusOr<LabelsResult> Series(const model::RequestContext& context,
                                      const MetadataRequest& request) override {
    Call call(context, watcher_);
    v1::MatchRequest message;
    ToWire(request, &message);
    LabelsResult result;
    const absl::Status status =
        ReadAll(&call, stub_->Series(&call.grpc, message).get(), [&](const v1::SeriesResponse& m) {
          for (const std::string& bytes : m.labels()) {
            absl::StatusOr<model::Labels> labels = wire::LabelsFromWire(bytes);
            if (!labels.ok()) return labels.status();
            result.series.push_back(*std::move(labels));
          }
          result.truncated = m.truncated();
          return absl::OkStatus();
        });
    if (!status.ok()) return status;
    return result;
  }

  absl::StatusOr<StringsResult> LabelNames(const model::RequestContext& context,
                                           const MetadataRequest& request) override {
    Call call(context, watcher_);
    v1::MatchRequest message;
    ToWire(request, &message);
    v1::StringsResponse response;
    const grpc::Status status = stub_->LabelNames(&call.grpc, message, &response);
    return Strings(status, response);
  }

  absl::StatusOr<StringsResult> LabelValues(const model::RequestContext& context,
                                            const std::string& label_name,
                                            const MetadataRequest& request) override {
    Call call(context, watcher_);
    v1::MatchLabelValuesRequest message;
    message.set_name(label_name);
    ToWire(request, message.mutable_match());
    v1::StringsResponse response;
    const grpc::Status status = stub_->LabelValues(&call.grpc, message, &response);
    return Strings(status, response);
  }

  absl::StatusOr<std::vector<storage::SelectedExemplars>> Exemplars(
      const model::RequestContext& context, const std::string& query,
      model::TimeRange range) override {
    Call call(context, watcher_);
    v1::ExemplarQueryRequest message;
    message.set_query(query);
    wire::ToWire(range, message.mutable_range());
    std::vector<storage::SelectedExemplars> result;
    const absl::Status status = ReadAll(
        &call, stub_->Exemplars(&call.grpc, message).get(), [&](const v1::ExemplarSeries& series) {
          absl::StatusOr<model::Labels> labels = wire::LabelsFromWire(series.labels());
          if (!labels.ok()) return labels.status();
          result.push_back({*std::move(labels), {}});
          for (const v1::Exemplar& one : series.exemplars()) {
            absl::StatusOr<model::Exemplar> exemplar = wire::FromWire(one);
            if (!exemplar.ok()) return exemplar.status();
            result.back().exemplars.push_back(*std::move(exemplar));
          }
          return absl::OkStatus();
        });
    if (!status.ok()) return status;
    return result;
  }

  absl::StatusOr<std::string> FormatQuery(const model::RequestContext& context,
                                          const std::string& query) override {
    Call call(context, watcher_);
    v1::QueryText message;
    message.set_text(query);
    v1::QueryText response;
    const grpc::Status status = stub_->FormatQuery(&call.grpc, message, &response);
    return Text(status, std::move(response));
  }

  absl::StatusOr<std::string> ParseQuery(const model::RequestContext& context,
                                         const std::string& query) override {
    Call call(context, watcher_);
    v1::QueryText message;
    message.set_text(query);
    v1::QueryText response;
    const grpc::Status status = stub_->ParseQuery(&call.grpc, message, &response);
    return Text(status, std::move(response));
  }

 private:
  std::unique_ptr<v1::Query::Stub> stub_;
  rpc::CallWatcher* watcher_;
};

}  // namespace

std::unique_ptr<QueryService> ConnectQueryService(const std::shared_ptr<grpc::Channel>& channel,
                                                  rpc::CallWatcher* watcher) {
  return std::make_unique<QueryClient>(channel, watcher);
}

}  // namespace tidegate::query
