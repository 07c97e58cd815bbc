#include "ingest/grpc/ingester_client.h"

#include <string>
#include <utility>

#include "fmt/format.h"
#include "proto/grpc/channel.h"
#include "proto/grpc/outgoing_call.h"
#include "proto/tidegate/ingester.grpc.pb.h"

namespace tidegate::ingest {
namespace {

constexpr char kPeer[] = "ingester";
// What fits into a message beside its few other fields.
constexpr size_t kMaxBodyBytes = rpc::kMaxMessageBytes - 1024;

class IngesterClient final : public Ingester {
 public:
  IngesterClient(const std::shared_ptr<grpc::Channel>& channel,
                 std::unique_ptr<storage::SeriesSource> series,
                 std::unique_ptr<storage::LogSource> logs, rpc::CallWatcher* watcher)
      : stub_(v1::Ingester::NewStub(channel)),
        series_(std::move(series)),
        logs_(std::move(logs)),
        watcher_(watcher) {}

  absl::StatusOr<PushResult> Push(const model::RequestContext& context,
                                  const PushRequest& request) override {
    if (request.body.size() > kMaxBodyBytes) {
      return absl::OutOfRangeError(fmt::format("a push of {} bytes; {} can be passed on",
                                               request.body.size(), kMaxBodyBytes));
    }
    rpc::OutgoingCall call(kPeer, context, watcher_);
    v1::PushRequest message;
    message.set_format(static_cast<v1::PushRequest::Format>(request.format));
    message.set_encoding(static_cast<v1::PushRequest::Encoding>(request.encoding));
    message.set_body(request.body.data(), request.body.size());
    for (const auto& [name, value] : request.labels) {
      v1::PushRequest::Label* const label = message.add_labels();
      label->set_name(name);
      label->set_value(value);
    }
    message.set_time(request.time);
    v1::PushResponse response;
    const grpc::Status status = stub_->Push(call.grpc(), message, &response);
    if (!status.ok()) return call.Outcome(status);
    PushResult result;
    result.samples = response.samples();
    result.histograms = response.histograms();
    result.exemplars = response.exemplars();
    result.entries = response.entries();
    result.log_streams = response.log_streams();
    result.rejected_points = response.rejected_points();
    if (!response.rejected().empty()) {
      const auto code = response.rejected_by_rate() ? absl::StatusCode::kResourceExhausted
                                                    : absl::StatusCode::kInvalidArgument;
      result.rejected = absl::Status(code, response.rejected());
    }
    return result;
  }

  absl::Status Flush(const model::RequestContext& context) override {
    rpc::OutgoingCall call(kPeer, context, watcher_);
    v1::FlushResponse response;
    return call.Outcome(stub_->Flush(call.grpc(), v1::FlushRequest(), &response));
  }

  storage::SeriesSource& series() override { return *series_; }
  storage::LogSource& logs() override { return *logs_; }

  absl::StatusOr<IngesterStats> Stats(const model::RequestContext& context) override {
    rpc::OutgoingCall call(kPeer, context, watcher_);
    v1::IngesterStatsResponse response;
    const grpc::Status status = stub_->Stats(call.grpc(), v1::IngesterStatsRequest(), &response);
    if (!status.ok()) return call.Outcome(status);
    return IngesterStats{response.series(),
                         response.samples(),
                         response.chunk_bytes(),
                         response.log_bytes(),
                         {response.rejected().begin(), response.rejected().end()}};
  }

  absl::Status Ready() const override { return absl::OkStatus(); }

 private:
  std::unique_ptr<v1::Ingester::Stub> stub_;
  std::unique_ptr<storage::SeriesSource> series_;
  std::unique_ptr<storage::LogSource> logs_;
  rpc::CallWatcher* watcher_;
};

}  // namespace

std::unique_ptr<Ingester> ConnectIngester(const std::shared_ptr<grpc::Channel>& channel,
                                          std::unique_ptr<storage::SeriesSource> series,
                                          std::unique_ptr<storage::LogSource> logs,
                                          rpc::CallWatcher* watcher) {
  return std::make_unique<IngesterClient>(channel, std::move(series), std::move(logs), watcher);
}

}  // namespace tidegate::ingest
