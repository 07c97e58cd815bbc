#include "model/config/push_rules_yaml.h"

#include "gtest/gtest.h"
#include "model/config/config_file.h"
#include "model/config/config_tenant_registry.h"

namespace tidegate::model {
namespace {

constexpr char kConfig[] = R"(
trust_org_id: true
otlp:
    translation_strategy: NoTranslation
    promote_resource_attributes: [host.name]
tenants:
    - name: a
      otlp: {convert_histograms_to_nhcb: true, delta_max_streams: 7}
      write_relabel_configs:
        - {source_labels: [__name__], regex: go_.*, action: drop}
    - name: b
)";

TEST(PushRulesYaml, TenantsStartFromTheTopOfTheFile) {
  const auto config = ParseConfig(kConfig);
  ASSERT_TRUE(config.ok()) << config.status();
  const ConfigTenantRegistry registry(*config);
  const auto a = registry.FindPushRules("a");
  EXPECT_EQ(a->otlp.translation_strategy, OtlpTranslation::kNoTranslation);
  EXPECT_TRUE(a->otlp.convert_histograms_to_nhcb);
  EXPECT_EQ(a->otlp.delta_max_streams, 7u);
  EXPECT_EQ(a->write_relabel.size(), 1u);
  for (const char* other : {"b", "default", "nobody"}) {
    const auto rules = registry.FindPushRules(other);
    EXPECT_EQ(rules->otlp.promote_resource_attributes, std::vector<std::string>{"host.name"});
    EXPECT_FALSE(rules->otlp.convert_histograms_to_nhcb);
    EXPECT_TRUE(rules->write_relabel.empty());
  }
}

TEST(PushRulesYaml, WhatIsInForceIsWrittenOutAndReadsBack) {
  const auto config = ParseConfig(kConfig);
  const std::string text = FormatConfig(*config);
  const auto again = ParseConfig(text);
  ASSERT_TRUE(again.ok()) << again.status() << text;
  EXPECT_EQ(FormatConfig(*again), text);
  EXPECT_EQ(again->tenant_push_rules.at("a")->write_relabel.size(), 1u);
}

TEST(PushRulesYaml, MistakesAreNamed) {
  const auto text = [](const char* yaml) {
    return std::string(ParseConfig(yaml).status().message());
  };
  EXPECT_EQ(text("otlp: {translation_strategy: Some}"),
            "line 1: otlp.translation_strategy: must be UnderscoreEscapingWithSuffixes, "
            "UnderscoreEscapingWithoutSuffixes, NoUTF8EscapingWithSuffixes or NoTranslation");
  EXPECT_NE(text("otlp: {unknown: 1}").find("otlp.unknown"), std::string::npos);
  EXPECT_NE(text("write_relabel_configs: [{action: hashmod}]").find("modulus"), std::string::npos);
  EXPECT_NE(text("otlp: {ignore_resource_attributes: [a]}").find("needs"), std::string::npos);
  EXPECT_NE(text("otlp: {promote_all_resource_attributes: true, "
                 "promote_resource_attributes: [a]}")
                .find("same time"),
            std::string::npos);
}

}  // namespace
}  // namespace tidegate::model
