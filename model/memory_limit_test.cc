#include "model/memory_limit.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace tidegate::model {
namespace {

constexpr uint64_t kMachine = uint64_t{16} << 30;

class MemoryLimitTest : public testing::Test {
 protected:
  void Write(const std::string& file, const std::string& text) {
    const std::string path = root_ + "/sys/fs/cgroup/" + file;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path) << text << "\n";
  }
  const std::string root_ =
      testing::TempDir() + "/" + testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(MemoryLimitTest, IsTheMachinesWithoutAGroup) {
  EXPECT_EQ(MemoryLimitUnder(root_, kMachine), kMachine);
}

TEST_F(MemoryLimitTest, IsTheGroupsWhenThatIsLess) {
  Write("memory.max", "2147483648");
  EXPECT_EQ(MemoryLimitUnder(root_, kMachine), uint64_t{2} << 30);
}

TEST_F(MemoryLimitTest, VersionOneSaysUnlimitedWithAHugeNumber) {
  Write("memory/memory.limit_in_bytes", "9223372036854771712");
  EXPECT_EQ(MemoryLimitUnder(root_, kMachine), kMachine);
}

TEST_F(MemoryLimitTest, MaxIsNoLimit) {
  Write("memory.max", "max");
  EXPECT_EQ(MemoryLimitUnder(root_, kMachine), kMachine);
}

TEST_F(MemoryLimitTest, OfThisMachineIsPlausible) {
  EXPECT_GT(ProcessMemoryLimit(), uint64_t{64} << 20);
}

}  // namespace
}  // namespace tidegate::model
