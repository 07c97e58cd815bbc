#include "control/scrape/config_pools.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace tidegate::control {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ConfigPoolsTest : public ::testing::Test {
 protected:
  ConfigPoolsTest() : directory_(::testing::TempDir() + "config_pools_test") {
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
  }

  std::string Write(const std::string& name, const std::string& text) {
    const std::string path = directory_ + "/" + name;
    std::ofstream(path + ".new") << text;
    std::filesystem::rename(path + ".new", path);
    return path;
  }
  // "tenant pool url ...", one a pool.
  std::vector<std::string> Pools() {
    std::vector<std::string> all;
    for (const auto& pool : pools_.pools()) {
      std::string text = pool->tenant + " " + pool->name;
      for (const auto& target : pool->active) text += " " + target->url;
      all.push_back(text);
    }
    return all;
  }

  const std::string directory_;
  ConfigPools pools_;
};

TEST_F(ConfigPoolsTest, FollowsFilesOfSeveralTenants) {
  const std::string a =
      Write("a.yml",
            "scrape_configs: [{job_name: j, static_configs: [{targets: ['h:1']}]}, {job_name: k,"
            " file_sd_configs: [{files: [sd.yml]}]}]");
  const std::string b =
      Write("b.yml", "scrape_configs: [{job_name: j, static_configs: [{targets: ['h:2']}]}]");
  Write("sd.yml", "- targets: ['h:3']");
  pools_.SetFiles({{"a", a}, {"b", b}});
  EXPECT_TRUE(pools_.Refresh());
  EXPECT_THAT(Pools(), ElementsAre("a j http://h:1/metrics", "a k http://h:3/metrics",
                                   "b j http://h:2/metrics"));
  const auto before = pools_.pools();
  EXPECT_FALSE(pools_.Refresh());
  EXPECT_EQ(pools_.pools(), before) << "nothing is made anew";
  Write("sd.yml", "- targets: ['h:4']");
  EXPECT_TRUE(pools_.Refresh());
  EXPECT_EQ(Pools()[1], "a k http://h:4/metrics");
  EXPECT_EQ(pools_.pools()[0], before[0]);
  pools_.SetFiles({{"b", b}});
  EXPECT_TRUE(pools_.Refresh());
  EXPECT_THAT(Pools(), ElementsAre("b j http://h:2/metrics"));
}

TEST_F(ConfigPoolsTest, AJobThatTheFileDoesNotChangeGoesOn) {
  const std::string a = Write("a.yml",
                              "scrape_configs:\n"
                              "- {job_name: j, static_configs: [{targets: ['h:1']}]}\n"
                              "- {job_name: k, static_configs: [{targets: ['h:2']}]}\n");
  pools_.SetFiles({{"a", a}});
  pools_.Refresh();
  const auto before = pools_.pools();
  Write("a.yml",
        "scrape_configs:\n"
        "- {job_name: k, static_configs: [{targets: ['h:3']}]}\n"
        "- {job_name: j, static_configs: [{targets: ['h:1']}]}\n");
  EXPECT_TRUE(pools_.Refresh());
  EXPECT_THAT(Pools(), ElementsAre("a k http://h:3/metrics", "a j http://h:1/metrics"));
  EXPECT_EQ(pools_.pools()[1], before[0]);
  Write("a.yml",
        "global: {scrape_interval: 5s}\n"
        "scrape_configs: [{job_name: j, static_configs: [{targets: ['h:1']}]}]");
  EXPECT_TRUE(pools_.Refresh());
  EXPECT_NE(pools_.pools()[0], before[0]) << "its interval is another one";
}

TEST_F(ConfigPoolsTest, AMistakeLeavesEverythingAsItWas) {
  const std::string a =
      Write("a.yml", "scrape_configs: [{job_name: j, static_configs: [{targets: ['h:1']}]}]");
  pools_.SetFiles({{"a", a}});
  pools_.Refresh();
  Write("a.yml", "scrape_configs: [{job_nam: j}]");
  EXPECT_FALSE(pools_.Refresh());
  EXPECT_THAT(Pools(), ElementsAre("a j http://h:1/metrics"));
  std::filesystem::remove(a);
  EXPECT_FALSE(pools_.Refresh());
  EXPECT_THAT(Pools(), ElementsAre("a j http://h:1/metrics"));
}

TEST_F(ConfigPoolsTest, AFileThatIsNotThereYetIsReadWhenItComes) {
  pools_.SetFiles({{"a", directory_ + "/late.yml"}});
  EXPECT_FALSE(pools_.Refresh());
  EXPECT_THAT(Pools(), IsEmpty());
  Write("late.yml", "scrape_configs: [{job_name: j}]");
  EXPECT_TRUE(pools_.Refresh());
  EXPECT_THAT(Pools(), ElementsAre("a j"));
}

}  // namespace
}  // namespace tidegate::control
