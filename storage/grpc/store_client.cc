#include "storage/grpc/store_client.h"

#include <utility>
#include <vector>

#include "proto/grpc/outgoing_call.h"
#include "proto/tidegate/store.grpc.pb.h"
#include "proto/wire/matchers.h"
#include "proto/wire/points.h"
#include "storage/grpc/documents_client.h"
#include "storage/grpc/log_source_client.h"
#include "storage/grpc/series_source_client.h"

namespace tidegate::storage {
namespace {

constexpr char kPeer[] = "store";
// A page is cut into pieces of at most this much, and a message holds pieces of about as much.
constexpr size_t kMaxPieceBytes = 1 << 20;

// One open HandOver call. Its writes wait while the store is busy (flow control).
class HandOverClient final : public HandOver {
 public:
  HandOverClient(v1::Store::Stub* stub, const model::RequestContext& context,
                 rpc::CallWatcher* watcher)
      : call_(kPeer, context, watcher), stream_(stub->HandOver(call_.grpc())) {}

  ~HandOverClient() override {
    if (finished_) return;
    call_.Cancel();
    (void)stream_->Finish();
  }

  absl::Status Start(uint64_t producer, LogPosition position) {
    v1::HandOverMessage message;
    message.mutable_start()->set_producer(producer);
    message.mutable_start()->set_position(position.value);
    if (absl::Status status = Write(message); !status.ok()) return status;
    return AwaitResponse();
  }

  absl::Status Add(SealedSegment segment) override {
    v1::HandOverMessage head;
    v1::SegmentStart* start = head.mutable_segment();
    start->set_partition_begin(segment.partition.begin);
    start->set_partition_duration(segment.partition.duration);
    start->set_tenant(segment.tenant);
    wire::ToWire(segment.range, start->mutable_range());
    start->set_series(segment.series);
    start->set_samples(segment.samples);
    if (absl::Status status = Write(head); !status.ok()) return status;
    return WritePages(segment.pages);
  }

  absl::Status Commit() override {
    v1::HandOverMessage message;
    message.mutable_commit();
    if (absl::Status status = Write(message); !status.ok()) return status;
    stream_->WritesDone();
    if (absl::Status status = AwaitResponse(); !status.ok()) return status;
    return Finish();
  }

 private:
  absl::Status WritePages(const std::vector<std::pair<std::string, std::string>>& pages) {
    v1::HandOverMessage message;
    size_t bytes = 0;
    for (const auto& [key, value] : pages) {
      size_t at = 0;
      do {
        v1::Page* piece = message.mutable_pages()->add_pages();
        if (at == 0) piece->set_key(key);
        piece->set_value(value.substr(at, kMaxPieceBytes));
        piece->set_continued(at > 0);
        at += piece->value().size();
        bytes += piece->key().size() + piece->value().size();
        if (bytes < kMaxPieceBytes) continue;
        if (absl::Status status = Write(message); !status.ok()) return status;
        message.Clear();
        bytes = 0;
      } while (at < value.size());
    }
    return message.has_pages() ? Write(message) : absl::OkStatus();
  }

  // A write or a read that fails means that the call has ended: its status says why.
  absl::Status Write(const v1::HandOverMessage& message) {
    if (finished_) return absl::FailedPreconditionError("the hand-over is over");
    return stream_->Write(message) ? absl::OkStatus() : EndedEarly();
  }

  absl::Status AwaitResponse() {
    v1::HandOverResponse response;
    return stream_->Read(&response) ? absl::OkStatus() : EndedEarly();
  }

  absl::Status EndedEarly() {
    const absl::Status status = Finish();
    return status.ok() ? absl::InternalError("the store ended a hand-over early") : status;
  }

  absl::Status Finish() {
    finished_ = true;
    return call_.Outcome(stream_->Finish());
  }

  rpc::OutgoingCall call_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::HandOverMessage, v1::HandOverResponse>> stream_;
  bool finished_ = false;
};

class StoreClient final : public Store {
 public:
  StoreClient(const std::shared_ptr<grpc::Channel>& channel, rpc::CallWatcher* watcher)
      : stub_(v1::Store::NewStub(channel)),
        series_(kPeer, channel, watcher),
        logs_(kPeer, channel, watcher),
        documents_(channel),
        watcher_(watcher) {}

  absl::StatusOr<std::unique_ptr<HandOver>> StartHandOver(const model::RequestContext& context,
                                                          uint64_t producer,
                                                          LogPosition position) override {
    auto hand_over = std::make_unique<HandOverClient>(stub_.get(), context, watcher_);
    if (absl::Status status = hand_over->Start(producer, position); !status.ok()) return status;
    return hand_over;
  }

  absl::StatusOr<LogPosition> RegisterProducer(const model::RequestContext& context,
                                               uint64_t producer,
                                               const std::vector<uint64_t>& predecessors) override {
    rpc::OutgoingCall call(kPeer, context, watcher_);
    v1::RegisterProducerRequest request;
    request.set_producer(producer);
    for (const uint64_t predecessor : predecessors) request.add_predecessors(predecessor);
    v1::RegisterProducerResponse response;
    const grpc::Status status = stub_->RegisterProducer(call.grpc(), request, &response);
    if (!status.ok()) return call.Outcome(status);
    return LogPosition{response.committed()};
  }

  Documents& documents() override { return documents_; }

  absl::Status PutMetadata(const model::RequestContext& context,
                           const std::vector<TenantMetadata>& metadata) override {
    rpc::OutgoingCall call(kPeer, context, watcher_);
    v1::PutMetadataRequest request;
    for (const TenantMetadata& one : metadata) {
      v1::MetricMetadata* message = request.add_metadata();
      message->set_tenant(one.tenant);
      wire::ToWire(one.metadata, message);
    }
    v1::PutMetadataResponse response;
    return call.Outcome(stub_->PutMetadata(call.grpc(), request, &response));
  }

  absl::StatusOr<std::vector<model::MetricMetadata>> Metadata(
      const model::RequestContext& context, const std::string& metric_family) override {
    rpc::OutgoingCall call(kPeer, context, watcher_);
    v1::MetadataRequest request;
    request.set_metric_family(metric_family);
    v1::MetadataResponse response;
    const grpc::Status status = stub_->Metadata(call.grpc(), request, &response);
    if (!status.ok()) return call.Outcome(status);
    std::vector<model::MetricMetadata> metadata;
    for (const v1::MetricMetadata& message : response.metadata()) {
      metadata.push_back(wire::FromWire(message));
    }
    return metadata;
  }

  absl::Status Ready() const override { return absl::OkStatus(); }

  absl::Status Select(const model::RequestContext& context, const Selection& selection,
                      Sink<SelectedSeries>& sink) override {
    return series_.Select(context, selection, sink);
  }
  absl::Status SelectExemplars(const model::RequestContext& context, const Selection& selection,
                               Sink<SelectedExemplars>& sink) override {
    return series_.SelectExemplars(context, selection, sink);
  }
  absl::StatusOr<std::vector<model::Labels>> Series(const model::RequestContext& context,
                                                    const LabelQuery& query) override {
    return series_.Series(context, query);
  }
  absl::StatusOr<std::vector<std::string>> LabelNames(const model::RequestContext& context,
                                                      const LabelQuery& query) override {
    return series_.LabelNames(context, query);
  }
  absl::StatusOr<std::vector<std::string>> LabelValues(const model::RequestContext& context,
                                                       const std::string& label_name,
                                                       const LabelQuery& query) override {
    return series_.LabelValues(context, label_name, query);
  }

  absl::Status SelectLogs(const model::RequestContext& context, const LogSelection& selection,
                          Sink<LogBatch>& sink) override {
    return logs_.SelectLogs(context, selection, sink);
  }
  absl::StatusOr<std::vector<StreamVolume>> StreamVolumes(const model::RequestContext& context,
                                                          const StreamQuery& query) override {
    return logs_.StreamVolumes(context, query);
  }
  absl::StatusOr<std::vector<std::string>> StreamLabelNames(const model::RequestContext& context,
                                                            const StreamQuery& query) override {
    return logs_.StreamLabelNames(context, query);
  }
  absl::StatusOr<std::vector<std::string>> StreamLabelValues(const model::RequestContext& context,
                                                             const std::string& label_name,
                                                             const StreamQuery& query) override {
    return logs_.StreamLabelValues(context, label_name, query);
  }

 private:
  std::unique_ptr<v1::Store::Stub> stub_;
  SeriesSourceClient series_;
  LogSourceClient logs_;
  DocumentsClient documents_;
  rpc::CallWatcher* watcher_;
};

}  // namespace

std::unique_ptr<Store> ConnectStore(const std::shared_ptr<grpc::Channel>& channel,
                                    rpc::CallWatcher* watcher) {
  return std::make_unique<StoreClient>(channel, watcher);
}

}  // namespace tidegate::storage
