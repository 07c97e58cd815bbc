#include "tests/contract/fakes/fake_query_service.h"

#include "tests/contract/fakes/hang.h"

namespace tidegate::contract {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(20);

AskedQuery Asked(const model::RequestContext& context, std::string method) {
  AskedQuery asked;
  asked.context = context;
  asked.method = std::move(method);
  return asked;
}

}  // namespace

absl::Status FakeQueryService::Begin(AskedQuery asked) {
  const model::RequestContext context = asked.context;
  {
    absl::MutexLock lock(&mutex_);
    asked_ = std::move(asked);
    if (!error_.ok() || !hang_) return error_;
    hanging_ = true;
  }
  absl::Status status = HangUntilEnd(context);
  absl::MutexLock lock(&mutex_);
  ended_ = true;
  end_ = status;
  return status;
}

absl::Status FakeQueryService::AwaitEnd() {
  absl::MutexLock lock(&mutex_);
  if (mutex_.AwaitWithTimeout(absl::Condition(&ended_), kPatience)) return end_;
  return absl::InternalError("no call has ended");
}

bool FakeQueryService::AwaitHang() {
  absl::MutexLock lock(&mutex_);
  return mutex_.AwaitWithTimeout(absl::Condition(&hanging_), kPatience);
}

absl::StatusOr<query::QueryResult> FakeQueryService::Instant(const model::RequestContext& context,
                                                             const query::InstantRequest& request) {
  AskedQuery asked = Asked(context, "Instant");
  asked.instant = request;
  if (absl::Status status = Begin(std::move(asked)); !status.ok()) return status;
  return result;
}

absl::StatusOr<query::QueryResult> FakeQueryService::Range(const model::RequestContext& context,
                                                           const query::RangeRequest& request) {
  AskedQuery asked = Asked(context, "Range");
  asked.range = request;
  if (absl::Status status = Begin(std::move(asked)); !status.ok()) return status;
  return result;
}

absl::StatusOr<query::LabelsResult> FakeQueryService::Series(
    const model::RequestContext& context, const query::MetadataRequest& request) {
  AskedQuery asked = Asked(context, "Series");
  asked.metadata = request;
  if (absl::Status status = Begin(std::move(asked)); !status.ok()) return status;
  return labels;
}

absl::StatusOr<query::StringsResult> FakeQueryService::LabelNames(
    const model::RequestContext& context, const query::MetadataRequest& request) {
  AskedQuery asked = Asked(context, "LabelNames");
  asked.metadata = request;
  if (absl::Status status = Begin(std::move(asked)); !status.ok()) return status;
  return strings;
}

absl::StatusOr<query::StringsResult> FakeQueryService::LabelValues(
    const model::RequestContext& context, const std::string& label_name,
    const query::MetadataRequest& request) {
  AskedQuery asked = Asked(context, "LabelValues");
  asked.query = label_name;
  asked.metadata = request;
  if (absl::Status status = Begin(std::move(asked)); !status.ok()) return status;
  return strings;
}

absl::StatusOr<std::vector<storage::SelectedExemplars>> FakeQueryService::Exemplars(
    const model::RequestContext& context, const std::string& query, model::TimeRange range) {
  AskedQuery asked = Asked(context, "Exemplars");
  asked.query = query;
  asked.time = range;
  if (absl::Status status = Begin(std::move(asked)); !status.ok()) return status;
  return exemplars;
}

absl::StatusOr<std::string> FakeQueryService::FormatQuery(const model::RequestContext& context,
                                                          const std::string& query) {
  AskedQuery asked = Asked(context, "FormatQuery");
  asked.query = query;
  if (absl::Status status = Begin(std::move(asked)); !status.ok()) return status;
  return "pretty " + query;
}

absl::StatusOr<std::string> FakeQueryService::ParseQuery(const model::RequestContext& context,
                                                         const std::string& query) {
  AskedQuery asked = Asked(context, "ParseQuery");
  asked.query = query;
  if (absl::Status status = Begin(std::move(asked)); !status.ok()) return status;
  return "{\"of\":\"" + query + "\"}";
}

}  // namespace tidegate::contract
