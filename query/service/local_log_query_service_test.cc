#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"
#include "query/log_query_service.h"
#include "query/query_service.h"
#include "query/service/query_turns.h"

namespace tidegate::query {
namespace {

class NoLogs final : public storage::LogSource {
 public:
  absl::Status SelectLogs(const model::RequestContext&, const storage::LogSelection&,
                          storage::Sink<storage::LogBatch>&) override {
    return absl::OkStatus();
  }
  absl::StatusOr<std::vector<storage::StreamVolume>> StreamVolumes(
      const model::RequestContext&, const storage::StreamQuery&) override {
    return std::vector<storage::StreamVolume>();
  }
  absl::StatusOr<std::vector<std::string>> StreamLabelNames(const model::RequestContext&,
                                                            const storage::StreamQuery&) override {
    return std::vector<std::string>();
  }
  absl::StatusOr<std::vector<std::string>> StreamLabelValues(const model::RequestContext&,
                                                             const std::string&,
                                                             const storage::StreamQuery&) override {
    return std::vector<std::string>();
  }
};

class NoTenants final : public model::TenantRegistry {
 public:
  std::shared_ptr<const model::TenantConfig> Find(std::string_view) const override {
    return nullptr;
  }
};

absl::StatusCode Ask(LogQueryService& service, absl::Duration patience) {
  model::RequestContext context;
  context.tenant = "a";
  context.deadline = absl::Now() + patience;
  LogRangeRequest request;
  request.query = "{app=\"x\"}";
  request.end = 1'000'000'000;
  return service.Range(context, request).status().code();
}

// One language must not starve the other, nor both together the process.
TEST(LocalLogQueryServiceTest, WaitsForTheTurnsThatItShares) {
  NoLogs logs;
  NoTenants tenants;
  const auto turns = CreateQueryTurns(1, 0);
  const auto service = CreateLogQueryService({.turns = turns}, &logs, &tenants);
  EXPECT_EQ(Ask(*service, absl::Minutes(1)), absl::StatusCode::kOk);
  model::RequestContext other;
  other.tenant = "a";
  std::optional<QueryTurns::Turn> taken;
  {
    auto turn = turns->Take(other, {});
    ASSERT_TRUE(turn.ok());
    taken.emplace(*std::move(turn));
  }
  EXPECT_EQ(Ask(*service, absl::Milliseconds(50)), absl::StatusCode::kDeadlineExceeded);
  taken.reset();
  EXPECT_EQ(Ask(*service, absl::Minutes(1)), absl::StatusCode::kOk);
}

}  // namespace
}  // namespace tidegate::query
