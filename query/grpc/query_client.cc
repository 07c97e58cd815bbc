#include "query/grpc/query_client.h"

#include <string>
#include <utility>
#include <vector>

#include "proto/grpc/outgoing_call.h"
#include "proto/tidegate/query.grpc.pb.h"
#include "proto/wire/matchers.h"
#include "proto/wire/points.h"
#include "query/grpc/query_messages.h"

namespace tidegate::query {
namespace {

constexpr char kPeer[] = "querier";

absl::StatusOr<QueryResult> ReadResult(rpc::OutgoingCall* call,
                                       grpc::ClientReader<v1::QueryResponse>* reader) {
  ResultJoiner joiner;
  const absl::Status status =
      call->ReadAll(reader, [&](const v1::QueryResponse& message) { return joiner.Add(message); });
  if (!status.ok()) return status;
  return joiner.Finish();
}

absl::StatusOr<StringsResult> ReadStrings(rpc::OutgoingCall* call,
                                          grpc::ClientReader<v1::StringsResponse>* reader) {
  StringsResult result;
  const absl::Status status = call->ReadAll(reader, [&](const v1::StringsResponse& message) {
    result.values.insert(result.values.end(), message.values().begin(), message.values().end());
    result.truncated = message.truncated();
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  return result;
}

absl::StatusOr<std::string> Text(const absl::Status& status, v1::QueryText response) {
  if (!status.ok()) return status;
  return std::move(*response.mutable_text());
}

// A piece that is continued belongs behind the series before.
absl::Status AddExemplars(const v1::ExemplarSeries& piece,
                          std::vector<storage::SelectedExemplars>* result) {
  if (!piece.continued()) {
    absl::StatusOr<model::Labels> labels = wire::LabelsFromWire(piece.labels());
    if (!labels.ok()) return labels.status();
    result->push_back({*std::move(labels), {}});
  } else if (result->empty() || result->back().labels.bytes() != piece.labels()) {
    return absl::InternalError("a querier sent a piece that fits nowhere");
  }
  for (const v1::Exemplar& message : piece.exemplars()) {
    absl::StatusOr<model::Exemplar> exemplar = wire::FromWire(message);
    if (!exemplar.ok()) return exemplar.status();
    result->back().exemplars.push_back(*std::move(exemplar));
  }
  return absl::OkStatus();
}

class QueryClient final : public QueryService {
 public:
  QueryClient(const std::shared_ptr<grpc::Channel>& channel, rpc::CallWatcher* watcher)
      : stub_(v1::Query::NewStub(channel)), watcher_(watcher) {}

  absl::StatusOr<QueryResult> Instant(const model::RequestContext& context,
                                      const InstantRequest& request) override {
    rpc::OutgoingCall call(kPeer, context, watcher_);
    v1::InstantQueryRequest message;
    message.set_query(request.query);
    message.set_time(request.time);
    message.set_lookback_ms(request.lookback_ms);
    message.set_limit(request.limit);
    message.set_count_steps(request.count_steps);
    return ReadResult(&call, stub_->Instant(call.grpc(), message).get());
  }

  absl::StatusOr<QueryResult> Range(const model::RequestContext& context,
                                    const RangeRequest& request) override {
    rpc::OutgoingCall call(kPeer, context, watcher_);
    v1::RangeQueryRequest message;
    message.set_query(request.query);
    message.set_start(request.start);
    message.set_end(request.end);
    message.set_step_ms(request.step_ms);
    message.set_lookback_ms(request.lookback_ms);
    message.set_limit(request.limit);
    message.set_count_steps(request.count_steps);
    return ReadResult(&call, stub_->Range(call.grpc(), message).get());
  }

  absl::StatusOr<LabelsResult> Series(const model::RequestContext& context,
                                      const MetadataRequest& request) override {
    rpc::OutgoingCall call(kPeer, context, watcher_);
    v1::MatchRequest message;
    ToWire(request, &message);
    LabelsResult result;
    const absl::Status status =
        call.ReadAll(stub_->Series(call.grpc(), message).get(), [&](const v1::SeriesResponse& m) {
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
    rpc::OutgoingCall call(kPeer, context, watcher_);
    v1::MatchRequest message;
    ToWire(request, &message);
    return ReadStrings(&call, stub_->LabelNames(call.grpc(), message).get());
  }

  absl::StatusOr<StringsResult> LabelValues(const model::RequestContext& context,
                                            const std::string& label_name,
                                            const MetadataRequest& request) override {
    rpc::OutgoingCall call(kPeer, context, watcher_);
    v1::MatchLabelValuesRequest message;
    message.set_name(label_name);
    ToWire(request, message.mutable_match());
    return ReadStrings(&call, stub_->LabelValues(call.grpc(), message).get());
  }

  absl::StatusOr<std::vector<storage::SelectedExemplars>> Exemplars(
      const model::RequestContext& context, const std::string& query,
      model::TimeRange range) override {
    rpc::OutgoingCall call(kPeer, context, watcher_);
    v1::ExemplarQueryRequest message;
    message.set_query(query);
    wire::ToWire(range, message.mutable_range());
    std::vector<storage::SelectedExemplars> result;
    const absl::Status status =
        call.ReadAll(stub_->Exemplars(call.grpc(), message).get(),
                     [&](const v1::ExemplarSeries& piece) { return AddExemplars(piece, &result); });
    if (!status.ok()) return status;
    return result;
  }

  absl::StatusOr<std::string> FormatQuery(const model::RequestContext& context,
                                          const std::string& query) override {
    rpc::OutgoingCall call(kPeer, context, watcher_);
    v1::QueryText message;
    message.set_text(query);
    v1::QueryText response;
    const grpc::Status status = stub_->FormatQuery(call.grpc(), message, &response);
    return Text(call.Outcome(status), std::move(response));
  }

  absl::StatusOr<std::string> ParseQuery(const model::RequestContext& context,
                                         const std::string& query) override {
    rpc::OutgoingCall call(kPeer, context, watcher_);
    v1::QueryText message;
    message.set_text(query);
    v1::QueryText response;
    const grpc::Status status = stub_->ParseQuery(call.grpc(), message, &response);
    return Text(call.Outcome(status), std::move(response));
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
