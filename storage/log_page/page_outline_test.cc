#include "storage/log_page/page_outline.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "storage/log_page/line_skeleton.h"
#include "storage/log_page/log_page_format.h"

namespace tidegate::storage {
namespace {

// "took \x01 ms" and "id \x02 at \x01" share the column of numbers; and plain lines.
PageOutline Example() {
  PageOutline outline;
  outline.columns = {
      {.shape = {.classes = kDigitClass,
                 .largest = 3,
                 .least = 1,
                 .numbers = true,
                 .lowest = 5,
                 .highest = 700},
       .rows = 40},
      {.shape = {.classes = kDigitClass | kLowHexClass, .largest = 32, .least = 16}, .rows = 30}};
  outline.families = {{0}, {1, 0}};
  outline.templates = {{.text = 0, .family = 0}, {.text = 1, .family = 1}};
  outline.plain = true;
  return outline;
}

constexpr uint32_t kMarks[] = {9, 9, 2, 9, 9, 1};
constexpr uint32_t kTexts[] = {5, 2};

std::string Encoded() {
  std::string bytes;
  EncodeOutline(Example(), kTexts, &bytes);
  return bytes;
}

// docs/formats/log-page.md.
TEST(PageOutline, GoldenBytes) {
  const unsigned char expected[] = {1,                               // Plain lines.
                                    2,                               // Columns:
                                    64 | 1, 1,  2,  40, 5, 0xB7, 5,  // numbers,
                                    1 | 2,  16, 16, 30,              // words.
                                    2,                               // Families:
                                    1,      0,  2,  2,  3,           // {0}, {1, 0}.
                                    2,                               // Templates:
                                    10,     0,  7,  1};              // 5, then 2.
  EXPECT_EQ(Encoded(), std::string(reinterpret_cast<const char*>(expected), sizeof expected));
}

TEST(PageOutline, RoundTrip) {
  const auto outline = ParseOutline(Encoded(), kMarks);
  ASSERT_TRUE(outline.ok()) << outline.status();
  ASSERT_EQ(outline->columns.size(), 2u);
  EXPECT_EQ(outline->columns[0].rows, 40u);
  EXPECT_TRUE(outline->columns[0].shape.numbers);
  EXPECT_EQ(outline->columns[0].shape.lowest, 5u);
  EXPECT_EQ(outline->columns[0].shape.highest, 700u);
  EXPECT_FALSE(outline->columns[1].shape.numbers);
  EXPECT_EQ(outline->columns[1].shape.least, 16u);
  EXPECT_EQ(outline->columns[1].shape.largest, 32u);
  EXPECT_EQ(outline->families, Example().families);
  ASSERT_EQ(outline->templates.size(), 2u);
  EXPECT_EQ(outline->templates[0].text, 5u);
  EXPECT_EQ(outline->templates[1].text, 2u);
  EXPECT_EQ(outline->templates[1].family, 1u);
  EXPECT_TRUE(outline->plain);
  EXPECT_EQ(outline->classes(), kDigitClass | kLowHexClass);
}

TEST(PageOutline, WhatIsCutOffOrOutOfBoundsIsDataLoss) {
  const std::string bytes = Encoded();
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_TRUE(absl::IsDataLoss(ParseOutline(bytes.substr(0, size), kMarks).status())) << size;
  }
  EXPECT_TRUE(absl::IsDataLoss(ParseOutline(bytes + '\0', kMarks).status()));
  // A text that is not there, and one with other marks.
  EXPECT_TRUE(absl::IsDataLoss(ParseOutline(bytes, std::span(kMarks).first(5)).status()));
  const uint32_t others[] = {9, 9, 1, 9, 9, 1};
  EXPECT_TRUE(absl::IsDataLoss(ParseOutline(bytes, others).status()));
  // Any byte may be any other one: no crash, and what parses keeps its bounds.
  for (size_t at = 0; at < bytes.size(); ++at) {
    for (int value = 0; value < 256; ++value) {
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(value);
      const auto outline = ParseOutline(damaged, kMarks);
      if (!outline.ok()) continue;
      for (const PageOutline::Template& one : outline->templates) {
        ASSERT_LT(one.text, std::size(kMarks));
        ASSERT_EQ(outline->families[one.family].size(), kMarks[one.text]);
      }
      for (const auto& family : outline->families) {
        for (const uint32_t column : family) ASSERT_LT(column, outline->columns.size());
      }
    }
  }
}

}  // namespace
}  // namespace tidegate::storage
