#include "api/json_lines/json_lines_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace tidegate::api {
namespace {

using testing::HasSubstr;

std::string Contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// A path of its own for each test.
std::string Path() {
  const std::string path =
      testing::TempDir() + testing::UnitTest::GetInstance()->current_test_info()->name();
  std::filesystem::remove(path);
  std::filesystem::remove(path + ".1");
  return path;
}

TEST(JsonLinesFile, AppendsToWhatIsThere) {
  const std::string path = Path();
  for (const char* line : {"a\n", "b\n"}) {
    JsonLinesFile log(path, 100);
    EXPECT_TRUE(log.Append(line).ok());
  }
  EXPECT_EQ(Contents(path), "a\nb\n");
}

TEST(JsonLinesFile, IsBounded) {
  const std::string path = Path();
  JsonLinesFile log(path, 10);
  for (const char* line : {"1111\n", "2222\n", "3333\n", "4444\n", "5555\n"}) {
    ASSERT_TRUE(log.Append(line).ok());
  }
  EXPECT_EQ(Contents(path), "5555\n");
  EXPECT_EQ(Contents(path + ".1"), "3333\n4444\n");
}

TEST(JsonLinesFile, ALineBeyondTheBoundHasAFileOfItsOwn) {
  const std::string path = Path();
  JsonLinesFile log(path, 4);
  ASSERT_TRUE(log.Append("123456\n").ok());
  ASSERT_TRUE(log.Append("7\n").ok());
  EXPECT_EQ(Contents(path), "7\n");
  EXPECT_EQ(Contents(path + ".1"), "123456\n");
}

TEST(JsonLinesFile, ReopeningFollowsTheName) {
  const std::string path = Path();
  JsonLinesFile log(path, 100);
  ASSERT_TRUE(log.Reopen().ok());
  ASSERT_TRUE(log.Append("before\n").ok());
  std::filesystem::rename(path, path + ".1");
  ASSERT_TRUE(log.Append("still there\n").ok());
  ASSERT_TRUE(log.Reopen().ok());
  ASSERT_TRUE(log.Append("after\n").ok());
  EXPECT_EQ(Contents(path + ".1"), "before\nstill there\n");
  EXPECT_EQ(Contents(path), "after\n");
}

TEST(JsonLinesFile, SaysWhatIsInTheWay) {
  JsonLinesFile log("/nonexistent/query.log", 100);
  EXPECT_THAT(std::string(log.Reopen().message()), HasSubstr("/nonexistent/query.log: "));
  EXPECT_TRUE(absl::IsUnavailable(log.Append("a\n")));
}

TEST(JsonLinesFile, AFullDiskIsAnError) {
  JsonLinesFile log("/dev/full", 100);
  EXPECT_TRUE(absl::IsUnavailable(log.Append("a\n")));
}

}  // namespace
}  // namespace tidegate::api
