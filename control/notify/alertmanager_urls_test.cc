#include "control/notify/alertmanager_urls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/config/config_file.h"

namespace tidegate::control {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class AlertmanagerUrlsTest : public ::testing::Test {
 protected:
  AlertmanagerUrls Urls(const std::string& alertmanager) {
    const auto config = model::ParseConfig("alerting: [{alertmanagers: [" + alertmanager + "]}]");
    EXPECT_TRUE(config.ok()) << config.status();
    if (!config.ok()) return {};
    const model::AlertmanagerGroup& group = config->rules.alerting[0].alertmanagers[0];
    return UrlsOfGroup(group, group.static_groups, &mistakes_);
  }

  std::vector<std::string> mistakes_;
};

TEST_F(AlertmanagerUrlsTest, PathPrefixes) {
  for (const char* prefix : {"/am", "am", "/am/", "am//"}) {
    EXPECT_THAT(Urls("{path_prefix: " + std::string(prefix) +
                     ", scheme: https, static_configs: [{targets: ['a:1']}]}")
                    .active,
                ElementsAre("https://a:1/am/api/v2/alerts"))
        << prefix;
  }
  EXPECT_THAT(Urls("{static_configs: [{targets: ['a:1']}]}").active,
              ElementsAre("http://a:1/api/v2/alerts"));
  EXPECT_THAT(Urls("'http://one:9093/'").active, ElementsAre("http://one:9093/api/v2/alerts"));
  EXPECT_THAT(Urls("'https://two/x'").active, ElementsAre("https://two/x/api/v2/alerts"));
}

TEST_F(AlertmanagerUrlsTest, RelabellingDropsAndChanges) {
  const AlertmanagerUrls urls = Urls(
      "{static_configs: [{targets: ['a:1', 'b:1'], labels: {zone: x}}, {targets: ['c:1'], labels: "
      "{zone: y, __scheme__: https, __alerts_path__: /other}}], relabel_configs: ["
      "{source_labels: [__address__], regex: 'a:.*', action: drop}, "
      "{source_labels: [zone, __address__], regex: 'x;(.*):1', target_label: __address__, "
      "replacement: '$1.x:9093'}]}");
  EXPECT_THAT(urls.active, ElementsAre("http://b.x:9093/api/v2/alerts", "https://c:1/other"));
  EXPECT_THAT(urls.dropped, ElementsAre("http://a:1/api/v2/alerts"));
  EXPECT_THAT(mistakes_, IsEmpty());
}

TEST_F(AlertmanagerUrlsTest, NoneTwice) {
  EXPECT_THAT(Urls("{static_configs: [{targets: ['a:1', 'a:1']}, {targets: ['a:1']}]}").active,
              ElementsAre("http://a:1/api/v2/alerts"));
}

TEST_F(AlertmanagerUrlsTest, WhatIsNoAddressIsNamed) {
  EXPECT_THAT(Urls("{static_configs: [{targets: ['http://a:1', 'b:1', '']}]}").active,
              ElementsAre("http://b:1/api/v2/alerts"));
  EXPECT_THAT(mistakes_, ElementsAre(HasSubstr("\"http://a:1\" is not the address"),
                                     HasSubstr("\"\" is not the address")));
}

}  // namespace
}  // namespace tidegate::control
