#include "api/workspaces/workspace_input.h"

#include <gtest/gtest.h>

#include <string>

namespace tidegate::api {
namespace {

TEST(ReadNewJobTest, NameAndPathAreNeeded) {
  const auto job = ReadNewJob(R"({"jobName":"a","metricsPath":"/m","description":"d","more":1})");
  ASSERT_TRUE(job.ok()) << job.status();
  EXPECT_EQ(job->name, "a");
  EXPECT_EQ(job->metrics_path, "/m");
  EXPECT_EQ(job->description, "d");
  EXPECT_EQ(ReadNewJob(R"({"jobName":"a","metricsPath":"/m"})")->description, std::nullopt);
  EXPECT_EQ(ReadNewJob(R"({"jobName":"a","metricsPath":"/m","description":null})")->description,
            "");
  const std::string long_name(kMaxJobNameBytes + 1, 'a');
  for (const std::string& body :
       {std::string(""), std::string("[]"), std::string("{"), std::string(R"({"jobName":"a"})"),
        std::string(R"({"metricsPath":"/m"})"), std::string(R"({"jobName":"","metricsPath":"/m"})"),
        std::string(R"({"jobName":1,"metricsPath":"/m"})"),
        std::string(R"({"jobName":"a","metricsPath":"m"})"),
        std::string(R"({"jobName":"a","metricsPath":"/m?x=y"})"),
        std::string(R"({"jobName":"a","metricsPath":"/m x"})"),
        std::string(R"({"jobName":"a","metricsPath":["/m"]})"),
        std::string(R"({"jobName":"a\n","metricsPath":"/m"})"),
        std::string(R"({"jobName":"a","metricsPath":"/m","description":1})"),
        R"({"metricsPath":"/m","jobName":")" + long_name + "\"}",
        R"({"jobName":"a","metricsPath":"/)" + std::string(kMaxMetricsPathBytes, 'a') + "\"}",
        R"({"jobName":"a","metricsPath":"/m","description":")" +
            std::string(kMaxDescriptionBytes + 1, 'a') + "\"}"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ReadNewJob(body).status())) << body.substr(0, 80);
  }
}

TEST(ReadChangedJobTest, ANameIsNotLookedAt) {
  EXPECT_TRUE(ReadChangedJob(R"({"metricsPath":"/m","jobName":1})").ok());
  EXPECT_FALSE(ReadChangedJob(R"({"description":"d"})").ok());
}

TEST(ReadNewTargetTest, APortIsANumberOrATextOfOne) {
  EXPECT_EQ(ReadNewTarget(R"({"hostId":"h","port":9100})")->port, 9100);
  EXPECT_EQ(ReadNewTarget(R"({"hostId":"h","port":"9100"})")->port, 9100);
  EXPECT_EQ(ReadNewTarget(R"({"hostId":"h","port":65535})")->host_id, "h");
  for (const char* body :
       {"", "{}", R"({"hostId":"h"})", R"({"port":1})", R"({"hostId":"","port":1})",
        R"({"hostId":1,"port":1})", R"({"hostId":"h","port":0})", R"({"hostId":"h","port":-1})",
        R"({"hostId":"h","port":65536})", R"({"hostId":"h","port":"post number"})",
        R"({"hostId":"h","port":"91 00"})", R"({"hostId":"h","port":1.5})",
        R"({"hostId":"h","port":""})", R"({"hostId":"h","port":null})"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ReadNewTarget(body).status())) << body;
  }
}

TEST(ReadRegionTest, FourAreKnown) {
  for (const char* region : {"kr", "kr2", "jp", "us"}) EXPECT_EQ(*ReadRegion(region), region);
  for (const char* region : {"", "KR", "eu", "kr3"}) EXPECT_FALSE(ReadRegion(region).ok());
}

}  // namespace
}  // namespace tidegate::api
