#include "query/grpc/log_query_client.h"

#include <string>
#include <utility>
#include <vector>

#include "proto/grpc/outgoing_call.h"
#include "proto/tidegate/log_query.grpc.pb.h"
#include "proto/wire/points.h"
#include "query/grpc/log_query_messages.h"

namespace tidegate::query {
namespace {

constexpr char kPeer[] = "querier";

absl::StatusOr<LogQueryResult> ReadResult(rpc::OutgoingCall* call,
                                          grpc::ClientReader<v1::LogQueryResponse>* reader) {
  LogResultJoiner joiner;
  const absl::Status status = call->ReadAll(
      reader, [&](const v1::LogQueryResponse& message) { return joiner.Add(message); });
  if (!status.ok()) return status;
  return joiner.Finish();
}

absl::StatusOr<std::vector<std::string>> ReadStrings(rpc::OutgoingCall* call,
                                                     grpc::ClientReader<v1::LogItems>* reader) {
  std::vector<std::string> strings;
  const absl::Status status = call->ReadAll(reader, [&](const v1::LogItems& message) {
    strings.insert(strings.end(), message.items().begin(), message.items().end());
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  return strings;
}

class LogQueryClient final : public LogQueryService {
 public:
  LogQueryClient(const std::shared_ptr<grpc::Channel>& channel, rpc::CallWatcher* watcher)
      : stub_(v1::LogQuery::NewStub(channel)), watcher_(watcher) {}

  absl::StatusOr<LogQueryResult> Instant(const model::RequestContext& context,
                                         const LogInstantRequest& request) override {
    rpc::OutgoingCall call(kPeer, context, watcher_);
    v1::LogInstantRequest message;
    ToWire(request, &message);
    return ReadResult(&call, stub_->Instant(call.grpc(), message).get());
  }

  absl::StatusOr<LogQueryResult> Range(const model::RequestContext& context,
                                       const LogRangeRequest& request) override {
    rpc::OutgoingCall call(kPeer, context, watcher_);
    v1::LogRangeRequest message;
    ToWire(request, &message);
    return ReadResult(&call, stub_->Range(call.grpc(), message).get());
  }

  absl::StatusOr<std::vector<std::string>> LabelNames(const model::RequestContext& context,
                                                      const LogLabelRequest& request) override {
    rpc::OutgoingCall call(kPeer, context, watcher_);
    v1::LogLabelRequest message;
    ToWire(request, &message);
    return ReadStrings(&call, stub_->LabelNames(call.grpc(), message).get());
  }

  absl::StatusOr<std::vector<std::string>> LabelValues(const model::RequestContext& context,
                                                       const std::string& label_name,
                                                       const LogLabelRequest& request) override {
    rpc::OutgoingCall call(kPeer, context, watcher_);
    v1::LogLabelRequest message;
    ToWire(request, &message);
    message.set_name(label_name);
    return ReadStrings(&call, stub_->LabelValues(call.grpc(), message).get());
  }

  absl::StatusOr<std::vector<model::Labels>> Series(const model::RequestContext& context,
                                                    const LogLabelRequest& request) override {
    rpc::OutgoingCall call(kPeer, context, watcher_);
    v1::LogLabelRequest message;
    ToWire(request, &message);
    std::vector<model::Labels> series;
    const absl::Status status =
        call.ReadAll(stub_->Series(call.grpc(), message).get(), [&](const v1::LogItems& items) {
          for (const std::string& bytes : items.items()) {
            absl::StatusOr<model::Labels> labels = wire::LabelsFromWire(bytes);
            if (!labels.ok()) return labels.status();
            series.push_back(*std::move(labels));
          }
          return absl::OkStatus();
        });
    if (!status.ok()) return status;
    return series;
  }

  absl::StatusOr<LogIndexStats> IndexStats(const model::RequestContext& context,
                                           const std::string& selector,
                                           storage::LogRange range) override {
    rpc::OutgoingCall call(kPeer, context, watcher_);
    const v1::LogSelectorRequest message = Selector(selector, range);
    v1::LogIndexStats response;
    const absl::Status status = call.Outcome(stub_->IndexStats(call.grpc(), message, &response));
    if (!status.ok()) return status;
    return LogIndexStats{response.streams(), response.chunks(), response.bytes(),
                         response.entries()};
  }

  absl::StatusOr<LogQueryResult> Volume(const model::RequestContext& context,
                                        const LogVolumeRequest& request) override {
    rpc::OutgoingCall call(kPeer, context, watcher_);
    v1::LogVolumeRequest message;
    ToWire(request, &message);
    return ReadResult(&call, stub_->Volume(call.grpc(), message).get());
  }

  absl::StatusOr<std::vector<DetectedLabel>> DetectedLabels(const model::RequestContext& context,
                                                            const std::string& selector,
                                                            storage::LogRange range) override {
    rpc::OutgoingCall call(kPeer, context, watcher_);
    const v1::LogSelectorRequest message = Selector(selector, range);
    v1::DetectedLabelList response;
    const absl::Status status =
        call.Outcome(stub_->DetectedLabels(call.grpc(), message, &response));
    if (!status.ok()) return status;
    std::vector<DetectedLabel> labels;
    for (const auto& label : response.labels()) {
      labels.push_back({label.label(), label.cardinality()});
    }
    return labels;
  }

  absl::StatusOr<std::vector<DetectedField>> DetectedFields(
      const model::RequestContext& context, const DetectedFieldsRequest& request) override {
    rpc::OutgoingCall call(kPeer, context, watcher_);
    v1::DetectedFieldsRequest message;
    ToWire(request, &message);
    v1::DetectedFieldList response;
    const absl::Status status =
        call.Outcome(stub_->DetectedFields(call.grpc(), message, &response));
    if (!status.ok()) return status;
    return FromWire(response);
  }

  absl::StatusOr<std::vector<std::string>> DetectedFieldValues(
      const model::RequestContext& context, const std::string& field,
      const DetectedFieldsRequest& request) override {
    rpc::OutgoingCall call(kPeer, context, watcher_);
    v1::DetectedFieldsRequest message;
    ToWire(request, &message);
    message.set_field(field);
    return ReadStrings(&call, stub_->DetectedFieldValues(call.grpc(), message).get());
  }

  absl::StatusOr<std::vector<LogPattern>> Patterns(const model::RequestContext& context,
                                                   const std::string& query,
                                                   storage::LogRange range,
                                                   int64_t step_ns) override {
    rpc::OutgoingCall call(kPeer, context, watcher_);
    v1::LogSelectorRequest message = Selector(query, range);
    message.set_step_ns(step_ns);
    v1::LogPatterns response;
    const absl::Status status = call.Outcome(stub_->Patterns(call.grpc(), message, &response));
    if (!status.ok()) return status;
    return FromWire(response);
  }

  absl::StatusOr<std::string> FormatQuery(const model::RequestContext& context,
                                          const std::string& query) override {
    rpc::OutgoingCall call(kPeer, context, watcher_);
    v1::QueryText message;
    message.set_text(query);
    v1::QueryText response;
    const absl::Status status = call.Outcome(stub_->FormatQuery(call.grpc(), message, &response));
    if (!status.ok()) return status;
    return std::move(*response.mutable_text());
  }

 private:
  static v1::LogSelectorRequest Selector(const std::string& text, storage::LogRange range) {
    v1::LogSelectorRequest message;
    message.set_text(text);
    ToWire(range, message.mutable_range());
    return message;
  }

  std::unique_ptr<v1::LogQuery::Stub> stub_;
  rpc::CallWatcher* watcher_;
};

}  // namespace

std::unique_ptr<LogQueryService> ConnectLogQueryService(
    const std::shared_ptr<grpc::Channel>& channel, rpc::CallWatcher* watcher) {
  return std::make_unique<LogQueryClient>(channel, watcher);
}

}  // namespace tidegate::query
