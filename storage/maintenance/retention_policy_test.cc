#include "storage/maintenance/retention_policy.h"

#include <limits>

#include "gtest/gtest.h"

namespace tidegate::storage {
namespace {

class OneTenant final : public model::TenantRegistry {
 public:
  explicit OneTenant(absl::Duration retention) {
    auto config = std::make_shared<model::TenantConfig>();
    config->name = "a";
    config->retention = retention;
    config_ = std::move(config);
  }
  std::shared_ptr<const model::TenantConfig> Find(std::string_view tenant) const override {
    return tenant == "a" ? config_ : nullptr;
  }

 private:
  std::shared_ptr<const model::TenantConfig> config_;
};

SegmentEntry Until(model::TimestampMs last, const std::string& tenant) {
  SegmentEntry entry;
  entry.id.tenant = tenant;
  entry.range = {.min = last - 10, .max = last};
  return entry;
}

TEST(RetentionPolicyTest, CountsBackFromNow) {
  EXPECT_EQ(RetentionBegin(OneTenant(absl::Seconds(1)), "a", 5000), 4000);
}

TEST(RetentionPolicyTest, UnlimitedAndUnknownKeepEverything) {
  EXPECT_EQ(RetentionBegin(OneTenant(absl::InfiniteDuration()), "a", 5000), model::kMinTimestamp);
  EXPECT_EQ(RetentionBegin(OneTenant(absl::Seconds(1)), "b", 5000), model::kMinTimestamp);
  EXPECT_EQ(RetentionBegin(OneTenant(absl::Hours(24) * 365 * 100'000'000), "a", 5000),
            model::kMinTimestamp);
}

TEST(RetentionPolicyTest, ASegmentGoesWhenItsLastPointHasExpired) {
  const OneTenant tenants(absl::Seconds(1));
  const auto expired =
      PickExpired({Until(3999, "a"), Until(4000, "a"), Until(1, "b")}, tenants, 5000);
  ASSERT_EQ(expired.size(), 1u);
  EXPECT_EQ(expired[0].tenant, "a");
}

}  // namespace
}  // namespace tidegate::storage
