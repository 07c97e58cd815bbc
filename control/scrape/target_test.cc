#include "control/scrape/target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace tidegate::control {
namespace {

using ::testing::HasSubstr;
using Pairs = std::vector<std::pair<std::string, std::string>>;

std::shared_ptr<const ScrapeConfig> Job(const std::string& yaml) {
  auto file =
      ParseScrapeFile("scrape_configs:\n- job_name: j\n  scrape_interval: 15s\n" + yaml, "");
  EXPECT_TRUE(file.ok()) << file.status();
  return std::make_shared<ScrapeConfig>(file->jobs.at(0));
}

absl::StatusOr<Target> Make(const std::string& yaml, const std::string& address = "h:1",
                            const Pairs& group = {}) {
  const auto job = Job(yaml);
  return MakeTarget("t", job, DiscoveredLabels(*job, address, group));
}

TEST(TargetTest, LabelsOfADefaultJob) {
  const auto target = Make("", "h:1", {{"env", "prod"}});
  ASSERT_TRUE(target.ok()) << target.status();
  EXPECT_EQ(target->discovered, (model::Labels{{"__address__", "h:1"},
                                               {"__metrics_path__", "/metrics"},
                                               {"__scheme__", "http"},
                                               {"__scrape_interval__", "15s"},
                                               {"__scrape_timeout__", "10s"},
                                               {"env", "prod"},
                                               {"job", "j"}}));
  EXPECT_EQ(target->labels, (model::Labels{{"env", "prod"}, {"instance", "h:1"}, {"job", "j"}}));
  EXPECT_EQ(target->url, "http://h:1/metrics");
  EXPECT_EQ(target->interval, absl::Seconds(15));
  EXPECT_EQ(target->timeout, absl::Seconds(10));
}

TEST(TargetTest, AGroupMayNameItsOwnJobAndPath) {
  const auto target = Make("", "h:1", {{"job", "k"}, {"__metrics_path__", "/x y?z"}});
  ASSERT_TRUE(target.ok());
  EXPECT_EQ(target->labels.Get("job"), "k");
  EXPECT_EQ(target->url, "http://h:1/x%20y%3Fz");
}

TEST(TargetTest, ParametersAreSortedAndRelabelled) {
  const auto target = Make(
      "  params: {module: [a b, c], empty: []}\n"
      "  relabel_configs:\n"
      "  - {source_labels: [__address__], target_label: __param_target}\n"
      "  - {source_labels: [__param_target], target_label: instance}\n"
      "  - {target_label: __address__, replacement: 'blackbox:9115'}\n");
  ASSERT_TRUE(target.ok()) << target.status();
  EXPECT_EQ(target->url, "http://blackbox:9115/metrics?module=a%20b&module=c&target=h%3A1");
  EXPECT_EQ(target->labels.Get("instance"), "h:1");
}

TEST(TargetTest, RelabellingDropsAndSetsTheInterval) {
  const auto dropped = Make("  relabel_configs: [{source_labels: [env], regex: dev, action: drop}]",
                            "h:1", {{"env", "dev"}});
  ASSERT_TRUE(dropped.ok());
  EXPECT_TRUE(dropped->dropped);
  const auto slow = Make(
      "  relabel_configs: [{target_label: __scrape_interval__, replacement: 1m},"
      " {target_label: __meta_x, replacement: y}]");
  ASSERT_TRUE(slow.ok());
  EXPECT_EQ(slow->interval, absl::Minutes(1));
  EXPECT_FALSE(slow->labels.Has("__meta_x"));
}

TEST(TargetTest, Mistakes) {
  const auto mistake = [](const absl::StatusOr<Target>& target) {
    return std::string(target.status().message());
  };
  EXPECT_EQ(mistake(Make("", "")), "no address");
  EXPECT_EQ(mistake(Make("", "h:1/x")), "\"h:1/x\" is not a valid hostname");
  EXPECT_THAT(mistake(Make("", "h", {{"__scrape_interval__", "0s"}})), HasSubstr("cannot be 0"));
  EXPECT_THAT(mistake(Make("", "h", {{"__scrape_interval__", "x"}})),
              HasSubstr("error parsing scrape interval"));
  EXPECT_THAT(mistake(Make("", "h", {{"__scrape_timeout__", "1m"}})),
              HasSubstr("cannot be greater than scrape interval (\"1m\" > \"15s\")"));
}

TEST(TargetTest, TheHashIsOfLabelsAndUrl) {
  EXPECT_EQ(Make("")->hash, Make("")->hash);
  EXPECT_NE(Make("")->hash, Make("", "h:2")->hash);
  EXPECT_NE(Make("")->hash, Make("  metrics_path: /x")->hash);
}

TEST(MakePoolTest, EachTargetOnceAndWhatIsDropped) {
  const auto job =
      Job("  keep_dropped_targets: 1\n"
          "  relabel_configs: [{source_labels: [env], regex: dev, action: drop}]");
  std::vector<std::string> mistakes;
  const Pool pool = MakePool(
      "t", job,
      {{{"h:1", "h:2", "h:1", "a/b"}, {}, "static"}, {{"h:3", "h:4"}, {{"env", "dev"}}, "f.yml"}},
      &mistakes);
  ASSERT_EQ(pool.active.size(), 2u);
  EXPECT_EQ(pool.active[1]->url, "http://h:2/metrics");
  EXPECT_EQ(pool.dropped.size(), 1u);
  EXPECT_EQ(pool.dropped_count, 2u);
  ASSERT_EQ(mistakes.size(), 1u);
  EXPECT_EQ(mistakes[0], "job j, static: target a/b: \"a/b\" is not a valid hostname");
}

TEST(MakePoolTest, BeyondTheLimitAllFail) {
  std::vector<std::string> mistakes;
  const Pool pool =
      MakePool("t", Job("  target_limit: 1"), {{{"h:1", "h:2"}, {}, "static"}}, &mistakes);
  ASSERT_EQ(pool.active.size(), 2u);
  for (const auto& target : pool.active) {
    EXPECT_EQ(target->forced_error, "target_limit exceeded (number of targets: 2, limit: 1)");
  }
}

TEST(NextScrapeTest, IsAlwaysAtTheSamePointOfTheInterval) {
  const absl::Duration interval = absl::Seconds(15);
  const absl::Time start = absl::FromUnixMillis(1'700'000'000'123);
  for (const uint64_t hash :
       {uint64_t{0}, uint64_t{1}, uint64_t{14'999'999'999}, uint64_t{0xffffffffffffffff}}) {
    const absl::Time first = NextScrape(start, interval, hash);
    EXPECT_GT(first, start);
    EXPECT_LE(first - start, interval);
    EXPECT_EQ(NextScrape(first, interval, hash), first + interval);
    EXPECT_EQ(NextScrape(first - absl::Nanoseconds(1), interval, hash), first);
  }
}

}  // namespace
}  // namespace tidegate::control
