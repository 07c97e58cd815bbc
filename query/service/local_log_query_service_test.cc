#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"
#include "query/log_query_service.h"
#include "query/query_service.h"
#include "query/service/query_turns.h"
#include "storage/testing/empty_source.h"

namespace tidegate::query {
namespace {

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
  storage::EmptyLogSource logs;
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
