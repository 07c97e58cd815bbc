#include "control/discovery/file_discovery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

namespace tidegate::control {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class FileDiscoveryTest : public ::testing::Test {
 protected:
  FileDiscoveryTest() : directory_(::testing::TempDir() + "file_discovery_test") {
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
  }

  // By a rename, as tools that write such files do it.
  void Write(const std::string& name, const std::string& text) {
    const std::string path = directory_ + "/" + name;
    std::ofstream(path + ".new") << text;
    std::filesystem::rename(path + ".new", path);
  }
  std::vector<std::string> Targets(const std::string& pattern) {
    std::vector<std::string> targets;
    for (const model::TargetGroup& group : discovery_.Groups({directory_ + "/" + pattern})) {
      targets.insert(targets.end(), group.targets.begin(), group.targets.end());
    }
    return targets;
  }

  const std::string directory_;
  FileDiscovery discovery_;
};

TEST_F(FileDiscoveryTest, ReadsWhatMatchesAndFollowsChanges) {
  Write("a.yml", "- targets: ['a:1']");
  Write("b.yml", "- targets: ['b:1']");
  Write("c.json", R"([{"targets": ["c:1"]}])");
  EXPECT_THAT(Targets("*.yml"), ElementsAre("a:1", "b:1"));
  EXPECT_THAT(Targets("c.json"), ElementsAre("c:1"));
  Write("a.yml", "- targets: ['a:2', 'a:3']");
  EXPECT_THAT(Targets("*.yml"), ElementsAre("a:2", "a:3", "b:1"));
  std::filesystem::remove(directory_ + "/b.yml");
  EXPECT_THAT(Targets("*.yml"), ElementsAre("a:2", "a:3"));
  EXPECT_THAT(Targets("none.yml"), IsEmpty());
  EXPECT_THAT(discovery_.TakeMistakes(), IsEmpty());
}

TEST_F(FileDiscoveryTest, ABrokenFileKeepsItsLastGoodGroups) {
  Write("a.yml", "- targets: ['a:1']");
  Targets("a.yml");
  Write("a.yml", "- targetz: ['a:2']");
  EXPECT_THAT(Targets("a.yml"), ElementsAre("a:1"));
  EXPECT_THAT(discovery_.TakeMistakes(), ElementsAre(HasSubstr("unknown key")));
  EXPECT_THAT(Targets("a.yml"), ElementsAre("a:1"));
  EXPECT_THAT(discovery_.TakeMistakes(), IsEmpty()) << "once for each version";
  Write("a.yml", "- targets: ['a:2']");
  EXPECT_THAT(Targets("a.yml"), ElementsAre("a:2"));
}

TEST_F(FileDiscoveryTest, AGroupKnowsItsFile) {
  Write("a.yml", "- targets: ['a:1']");
  const auto groups = discovery_.Groups({directory_ + "/a.yml"});
  ASSERT_EQ(groups.size(), 1u);
  EXPECT_EQ(groups[0].labels.back().first, "__meta_filepath");
  EXPECT_EQ(groups[0].labels.back().second, directory_ + "/a.yml");
}

}  // namespace
}  // namespace tidegate::control
