#include "storage/log_page/line_skeleton.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tidegate::storage {
namespace {

using ::testing::ElementsAre;

// The skeleton with N and W for its marks; "-" when there is none.
std::string SkeletonOf(std::string_view line) {
  LineSplitter splitter;
  if (!splitter.Split(line)) return "-";
  std::string skeleton(splitter.skeleton());
  for (char& c : skeleton) c = c == kNumberMark ? 'N' : c == kWordMark ? 'W' : c;
  return skeleton;
}

TEST(LineSkeletonTest, DigitsVary) {
  EXPECT_EQ(SkeletonOf("took 15 ms"), "took N ms");
  EXPECT_EQ(SkeletonOf("10.0.3.44:8080"), "N.N.N.N:N");
  EXPECT_EQ(SkeletonOf("no digits"), "no digits");
  EXPECT_EQ(SkeletonOf(""), "");
  EXPECT_EQ(SkeletonOf("7"), "N");
}

TEST(LineSkeletonTest, DigitsOfAWordVaryByThemselvesWhereItChangesSeldom) {
  EXPECT_EQ(SkeletonOf("2026-11-27T23:10:50.123Z"), "N-N-NTN:N:N.NZ");
  EXPECT_EQ(SkeletonOf("sshd2 12ms v1beta1"), "sshdN Nms vNbetaN");
  EXPECT_EQ(SkeletonOf("RSA2048 SHA256:"), "RSAN SHAN:");
}

TEST(LineSkeletonTest, OtherWordsVaryAsAWhole) {
  EXPECT_EQ(SkeletonOf("trace=4bf92f3577b34da6 x"), "trace=W x");
  EXPECT_EQ(SkeletonOf("U=4BF92F x"), "U=W x");
  EXPECT_EQ(SkeletonOf("veth3g2a1b7"), "W");
  EXPECT_EQ(SkeletonOf("a1f"), "aNf") << "too short to look hexadecimal";
  EXPECT_EQ(SkeletonOf("12345678901234567890"), "W") << "more than a number holds";
}

TEST(LineSkeletonTest, TheGroupsOfUuidsVaryWhateverTheyAreMadeOf) {
  EXPECT_EQ(SkeletonOf("id=3f2a77d1-93b4-4c55-8d0e-4fb1f0c3d9aa;"), "id=W-W-W-W-W;");
  EXPECT_EQ(SkeletonOf("12345678-beef-4444-abcd-123456789012"), "W-W-W-W-W");
  EXPECT_EQ(SkeletonOf("3F2A77D1-93B4-4C55-8D0E-4FB1F0C3D9AA x"), "W-W-W-W-W x");
  EXPECT_EQ(SkeletonOf("12345678-beef-4444-abcd-1234567890123"), "N-beef-N-abcd-N") << "too long";
  EXPECT_EQ(SkeletonOf("12345678-beef-4444-abcx-123456789012"), "N-beef-N-abcx-N");
  EXPECT_EQ(SkeletonOf("12345678-"), "N-");
}

TEST(LineSkeletonTest, VariablesKnowWhereTheyStandAndWhichNumberTheyAre) {
  LineSplitter splitter;
  ASSERT_TRUE(splitter.Split("a 12 b0f3c 007"));
  ASSERT_EQ(splitter.variables().size(), 3u);
  EXPECT_EQ(splitter.variables()[0].begin, 2u);
  EXPECT_EQ(splitter.variables()[0].size, 2u);
  EXPECT_EQ(splitter.variables()[0].number, 12u);
  EXPECT_EQ(splitter.variables()[1].begin, 5u);
  EXPECT_EQ(splitter.variables()[1].size, 5u);
  EXPECT_EQ(splitter.variables()[2].number, 7u);
  EXPECT_EQ(splitter.variables()[2].size, 3u);
}

TEST(LineSkeletonTest, LinesWithoutASkeleton) {
  EXPECT_EQ(SkeletonOf(std::string("a\0b", 3)), "-");
  EXPECT_EQ(SkeletonOf("a\x01"), "-");
  EXPECT_EQ(SkeletonOf("\x02"), "-");
  EXPECT_EQ(SkeletonOf(std::string(kMaxSplitLine + 1, 'x')), "-");
  std::string many;
  for (size_t i = 0; i <= kMaxVariables; ++i) many += "1 ";
  EXPECT_EQ(SkeletonOf(many), "-");
  EXPECT_EQ(SkeletonOf(many.substr(2)).size(), many.size() - 2);
}

// Words and numbers at every place of the 16 and 64 byte steps in which lines are classified.
TEST(LineSkeletonTest, EveryOffset) {
  for (size_t before = 0; before < 150; ++before) {
    const std::string space(before, ' ');
    EXPECT_EQ(SkeletonOf(space + "12345"), space + "N");
    EXPECT_EQ(SkeletonOf(space + "ab12 x"), space + "W x");
    EXPECT_EQ(SkeletonOf(space + "ghi12 \xC3\xA9"), space + "ghiN \xC3\xA9");
    EXPECT_EQ(SkeletonOf(space + "\x01"), "-");
    EXPECT_EQ(SkeletonOf(std::string(before, 'x') + "5"), std::string(before, 'x') + "N");
  }
}

}  // namespace
}  // namespace tidegate::storage
