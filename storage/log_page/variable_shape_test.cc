#include "storage/log_page/variable_shape.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "storage/log_page/log_page_format.h"

namespace tidegate::storage {
namespace {

constexpr PieceKind kKinds[] = {PieceKind::kEquals, PieceKind::kBegins, PieceKind::kEnds,
                                PieceKind::kHolds};

bool IsLike(const std::string& value, PieceKind kind, const std::string& piece) {
  if (kind == PieceKind::kEquals) return value == piece;
  if (kind == PieceKind::kBegins) return value.starts_with(piece);
  if (kind == PieceKind::kEnds) return value.ends_with(piece);
  return value.find(piece) != std::string::npos;
}

VariableShape ShapeOf(const std::vector<std::string>& numbers) {
  VariableShape shape{.classes = kDigitClass, .largest = 0, .least = 19, .numbers = true};
  shape.lowest = UINT64_MAX;
  for (const std::string& one : numbers) {
    shape.least = std::min(shape.least, static_cast<uint32_t>(one.size()));
    shape.largest = std::max(shape.largest, static_cast<uint32_t>(one.size()));
    shape.lowest = std::min<uint64_t>(shape.lowest, std::stoull(one));
    shape.highest = std::max<uint64_t>(shape.highest, std::stoull(one));
  }
  return shape;
}

// Not one of the numbers is left out, with zeros in front or without, up to 19 digits.
TEST(VariableShape, NeverLeavesANumberOut) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 3000; ++round) {
    const uint64_t spread = uint64_t{1} << (random() % 63);
    const uint64_t least = random() % 10'000'000'000'000'000'000u;
    std::vector<std::string> numbers;
    for (int i = 0; i < 4; ++i) {
      const uint64_t number = std::min(least + random() % spread, 9'999'999'999'999'999'999u);
      std::string text = std::to_string(number >> (random() % 40));
      if (random() % 4 == 0) text.insert(0, random() % (20 - text.size()), '0');
      numbers.push_back(text);
    }
    const VariableShape shape = ShapeOf(numbers);
    const std::string& value = numbers[random() % numbers.size()];
    const size_t begin = random() % value.size();
    const std::string piece = value.substr(begin, 1 + random() % (value.size() - begin));
    for (const PieceKind kind : kKinds) {
      if (!IsLike(value, kind, piece)) continue;
      EXPECT_TRUE(FitsInto(shape, piece));
      EXPECT_TRUE(MayBe(shape, kind, piece)) << value << " " << piece << " " << int(kind);
    }
  }
}

TEST(VariableShape, LeavesOutWhatLiesOutsideTheNumbers) {
  const VariableShape shape = ShapeOf({"140000000000448", "140000999000960"});
  EXPECT_FALSE(MayBe(shape, PieceKind::kHolds, "98761234567"));
  EXPECT_FALSE(MayBe(shape, PieceKind::kBegins, "141"));
  EXPECT_TRUE(MayBe(shape, PieceKind::kBegins, "1400009"));
  EXPECT_TRUE(MayBe(shape, PieceKind::kEnds, "98761"));
  EXPECT_FALSE(MayBe(shape, PieceKind::kEquals, "140000000000447"));
  EXPECT_FALSE(MayBe(ShapeOf({"10", "254"}), PieceKind::kEquals, "7"));
  EXPECT_FALSE(MayBe(ShapeOf({"10", "17"}), PieceKind::kEnds, "9"));
  EXPECT_TRUE(MayBe(ShapeOf({"10", "17"}), PieceKind::kEnds, "4"));
}

TEST(VariableShape, TellsSizesAndCharacters) {
  const VariableShape words{.classes = kDigitClass | kLowHexClass, .largest = 32, .least = 16};
  EXPECT_TRUE(FitsInto(words, "0af"));
  EXPECT_FALSE(FitsInto(words, "0ag"));
  EXPECT_FALSE(FitsInto(words, std::string(33, '0')));
  EXPECT_FALSE(MayBe(words, PieceKind::kEquals, "0af"));
  EXPECT_TRUE(MayBe(words, PieceKind::kHolds, "0af"));
}

}  // namespace
}  // namespace tidegate::storage
