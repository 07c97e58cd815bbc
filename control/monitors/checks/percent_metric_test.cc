#include "control/monitors/checks/percent_metric.h"

#include <gtest/gtest.h>

namespace tidegate::control {
namespace {

using Parts = std::map<std::string, double>;

TEST(PercentOfTest, Cpu) {
  EXPECT_EQ(PercentOf("cpu%",
                      {{"cpu.user.percentage", 100},
                       {"cpu.system.percentage", 50},
                       {"cpu.guest.percentage", 90},
                       {"cpu.idle.percentage", 250}},
                      true),
            37.5)
      << "of four processors";
  EXPECT_EQ(PercentOf("cpu%", {{"cpu.user.percentage", 30}, {"cpu.iowait.percentage", 5}}, true),
            35);
  EXPECT_EQ(PercentOf("cpu%", {}, true), std::nullopt);
}

TEST(PercentOfTest, Memory) {
  EXPECT_EQ(PercentOf("memory%", {{"memory.total", 8}, {"memory.used", 2}}, true), 25);
  EXPECT_EQ(PercentOf("memory%", {{"memory.total", 8}, {"memory.available", 2}}, true), 75);
  EXPECT_EQ(
      PercentOf(
          "memory%",
          {{"memory.total", 8}, {"memory.free", 2}, {"memory.buffers", 1}, {"memory.cached", 1}},
          true),
      50);
  EXPECT_EQ(PercentOf("memory%", {{"memory.used", 2}}, true), std::nullopt);
  EXPECT_EQ(PercentOf("memory%", {{"memory.used", 2}, {"memory.total", 0}}, true), std::nullopt);
}

TEST(PercentOfTest, Swap) {
  EXPECT_EQ(PercentOf("swap%", {{"memory.swap_total", 4}, {"memory.swap_used", 1}}, true), 25);
  EXPECT_EQ(PercentOf("swap%", {{"memory.swap_total", 4}, {"memory.swap_free", 1}}, true), 75);
  EXPECT_EQ(PercentOf("swap%", {{"memory.swap_total", 0}, {"memory.swap_free", 0}}, true),
            std::nullopt)
      << "a host without swap";
}

TEST(PercentOfTest, TheWorstFilesystemOrContainer) {
  const Parts disks = {{"filesystem.sda1.size", 100},
                       {"filesystem.sda1.used", 90},
                       {"filesystem.sdb.size", 100},
                       {"filesystem.sdb.used", 10},
                       {"filesystem.sdc.used", 10}};
  EXPECT_EQ(PercentOf("disk%", disks, true), 90);
  EXPECT_EQ(PercentOf("disk%", disks, false), 10);
  EXPECT_EQ(
      PercentOf("container-cpu%",
                {{"container.cpu.nginx.usage", 50}, {"container.cpu.nginx.limit", 200}}, true),
      25);
  EXPECT_EQ(PercentOf("container-memory%",
                      {{"container.memory.a.usage", 1}, {"container.memory.a.limit", 4}}, true),
            25);
}

}  // namespace
}  // namespace tidegate::control
