#include "control/rules/sources/rule_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "control/rule_store.h"
#include "storage/testing/documents_in_memory.h"

namespace tidegate::control {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> Names(const PlacedRules& rules) {
  std::vector<std::string> names;
  for (const auto& [key, spec] : rules) names.push_back(key.tenant + ":" + spec.name);
  return names;
}

std::string File(const std::string& group) {
  return "groups:\n- name: " + group + "\n  rules:\n  - {record: a, expr: up}\n";
}

class RuleFileSourceTest : public testing::Test {
 protected:
  RuleFileSourceTest() {
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
  }
  ~RuleFileSourceTest() override { std::filesystem::remove_all(directory_); }

  void Write(const std::string& name, const std::string& text) {
    std::ofstream(directory_ + "/" + name) << text;
  }

  const std::string directory_ = testing::TempDir() + "/rule_files";
  RuleFileSource source_;
};

TEST_F(RuleFileSourceTest, FollowsFiles) {
  source_.SetFiles({{"t", directory_ + "/*.yml", false}});
  EXPECT_FALSE(source_.Refresh());
  Write("b.yml", File("b"));
  Write("a.yml", File("a"));
  Write("c.txt", File("c"));
  EXPECT_TRUE(source_.Refresh());
  EXPECT_THAT(Names(source_.Groups()), ElementsAre("t:a", "t:b"));
  EXPECT_EQ(source_.Groups()[0].first.file, directory_ + "/a.yml");
  EXPECT_FALSE(source_.Refresh());
  Write("a.yml", File("a_new"));
  EXPECT_TRUE(source_.Refresh());
  EXPECT_THAT(Names(source_.Groups()), ElementsAre("t:a_new", "t:b"));
  std::filesystem::remove(directory_ + "/b.yml");
  EXPECT_TRUE(source_.Refresh());
  EXPECT_THAT(Names(source_.Groups()), ElementsAre("t:a_new"));
}

TEST_F(RuleFileSourceTest, AMistakeKeepsTheLastGoodVersion) {
  Write("a.yml", File("a"));
  source_.SetFiles({{"t", directory_ + "/a.yml", false}});
  EXPECT_TRUE(source_.Refresh());
  Write("a.yml", "groups: [{name: broken, rules: [{record: a, expr: 'sum('}]}]");
  EXPECT_FALSE(source_.Refresh());
  EXPECT_THAT(Names(source_.Groups()), ElementsAre("t:a"));
}

TEST_F(RuleFileSourceTest, IsCheckedBeforehand) {
  Write("a.yml", "groups: [{name: broken, rules: [{record: a, expr: 'sum('}]}]");
  EXPECT_TRUE(CheckRuleFiles({{"t", directory_ + "/x*.yml", false}}).ok());
  EXPECT_FALSE(CheckRuleFiles({{"t", directory_ + "/x.yml", false}}).ok());
  EXPECT_THAT(std::string(CheckRuleFiles({{"t", directory_ + "/*.yml", false}}).message()),
              HasSubstr("a.yml: 1:"));
}

TEST(RuleDocumentSource, FollowsTheStore) {
  storage::DocumentsInMemory documents;
  RuleDocumentSource source(&documents);
  const auto store = CreateRuleStore({}, &documents);
  documents.Fail(absl::UnavailableError("away"));
  EXPECT_FALSE(source.Refresh());
  EXPECT_FALSE(source.known());
  documents.Fail(absl::OkStatus());
  source.Refresh();
  EXPECT_TRUE(source.known());
  EXPECT_THAT(source.Groups(), IsEmpty());
  EXPECT_FALSE(source.Refresh());
  model::RequestContext context;
  context.tenant = "t";
  ASSERT_TRUE(store
                  ->Set(context, query::RuleLanguage::kPromQl, "ns",
                        "name: g\nrules: [{record: a, expr: up}]")
                  .ok());
  EXPECT_TRUE(source.Refresh());
  EXPECT_THAT(Names(source.Groups()), ElementsAre("t:g"));
  EXPECT_EQ(source.Groups()[0].first.file, "ns");
  documents.Fail(absl::UnavailableError("away"));
  EXPECT_FALSE(source.Refresh());
  EXPECT_THAT(Names(source.Groups()), ElementsAre("t:g"));
  documents.Fail(absl::OkStatus());
  ASSERT_TRUE(store->DeleteNamespace(context, query::RuleLanguage::kPromQl, "ns").ok());
  EXPECT_TRUE(source.Refresh());
  EXPECT_THAT(source.Groups(), IsEmpty());
}

}  // namespace
}  // namespace tidegate::control
