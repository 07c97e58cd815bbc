#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <memory>
#include <string>

#include "control/limits/limit_guard.h"
#include "control/monitoring.h"
#include "model/config/config_file.h"
#include "model/config/config_tenant_registry.h"
#include "storage/testing/documents_in_memory.h"

namespace tidegate::control {
namespace {

using ::testing::HasSubstr;

model::ConfigFile ThreeOfEach() {
  model::ConfigFile config;
  config.default_limits.control.max_monitors = 3;
  config.default_limits.control.max_hosts = 3;
  return config;
}

class LimitsTest : public ::testing::Test {
 protected:
  std::string Metrics() const {
    return prometheus::TextSerializer().Serialize(registry_.Collect());
  }

  prometheus::Registry registry_;
  const model::ConfigTenantRegistry tenants_{ThreeOfEach()};
  LimitGuard limits_{&tenants_, &registry_};
  model::ManualClock clock_;
  storage::DocumentsInMemory documents_;
  std::unique_ptr<ConfiguredHosts> hosts_ = OpenHosts(&documents_);
  std::unique_ptr<Monitoring> monitoring_ =
      OpenMonitoring({&documents_, hosts_.get(), nullptr, nullptr, &limits_, &clock_, ""});
};

TEST_F(LimitsTest, MonitorsOfATenant) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(monitoring_->monitors().Create("default", R"({"type":"connectivity"})").ok());
  }
  const auto refused = monitoring_->monitors().Create("default", R"({"type":"connectivity"})");
  EXPECT_TRUE(absl::IsFailedPrecondition(refused.status()));
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("3 monitors already"));
  EXPECT_THAT(Metrics(), HasSubstr("max_monitors"));
}

TEST_F(LimitsTest, HostsOfATenantButRetiredOnes) {
  std::string last;
  for (int i = 0; i < 3; ++i) last = *monitoring_->hosts().Create("default", R"({"name":"h"})");
  const auto refused = monitoring_->hosts().Create("default", R"({"name":"h"})");
  EXPECT_TRUE(absl::IsFailedPrecondition(refused.status()));
  EXPECT_THAT(Metrics(), HasSubstr("max_hosts"));
  const std::string id = last.substr(1, last.size() - 2);
  ASSERT_TRUE(monitoring_->hosts().Retire("default", id, "{}").ok());
  EXPECT_TRUE(monitoring_->hosts().Create("default", R"({"name":"h"})").ok());
}

}  // namespace
}  // namespace tidegate::control
