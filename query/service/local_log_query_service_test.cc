#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"
#include "prometheus/registry.h"
#include "prometheus/text_serializer.h"
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

// Everybody has the same limits.
class LimitedTenants final : public model::TenantRegistry {
 public:
  std::shared_ptr<const model::TenantConfig> Find(std::string_view) const override {
    return config_;
  }
  model::TenantLimits& limits() { return config_->limits; }

 private:
  const std::shared_ptr<model::TenantConfig> config_ = std::make_shared<model::TenantConfig>();
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

TEST(LocalLogQueryServiceTest, LongTextsAreRefusedAndCounted) {
  storage::EmptyLogSource logs;
  LimitedTenants tenants;
  prometheus::Registry registry;
  const auto service =
      CreateLogQueryService({.turns = nullptr, .metrics = &registry}, &logs, &tenants);
  tenants.limits().max_query_expression_size_bytes = 9;
  EXPECT_EQ(Ask(*service, absl::Minutes(1)), absl::StatusCode::kOk);
  tenants.limits().max_query_expression_size_bytes = 8;
  EXPECT_EQ(Ask(*service, absl::Minutes(1)), absl::StatusCode::kOutOfRange);
  EXPECT_NE(prometheus::TextSerializer()
                .Serialize(registry.Collect())
                .find(R"({reason="max_query_expression_size_bytes",tenant="a"} 1)"),
            std::string::npos);
}

}  // namespace
}  // namespace tidegate::query
