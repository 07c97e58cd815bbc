#include "storage/head/text_arena.h"

#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace tidegate::storage::head {
namespace {

TEST(TextArenaTest, CopiesAreContiguousAndStay) {
  TextArena arena;
  std::vector<std::string> wanted;
  std::vector<std::string_view> copies;
  // Through all sizes of blocks, the largest ones included, and beyond.
  for (size_t i = 0; i < 3000; ++i) {
    const std::string line(i % 1500, static_cast<char>('a' + i % 26));
    copies.push_back(arena.Copy(line, "tail"));
    wanted.push_back(line + "tail");
  }
  const std::string large(3 << 20, 'x');
  copies.push_back(arena.Copy(large, ""));
  wanted.push_back(large);
  size_t bytes = 0;
  for (size_t i = 0; i < copies.size(); ++i) {
    ASSERT_EQ(copies[i], wanted[i]) << i;
    bytes += wanted[i].size();
  }
  EXPECT_EQ(arena.used_bytes(), bytes);
}

TEST(TextArenaTest, MemoryOutlivesTheArena) {
  auto arena = std::make_unique<TextArena>();
  const std::string line(2 << 20, 'y');
  const std::string_view small = arena->Copy("small", "");
  const std::string_view copy = arena->Copy(line, "");
  const std::shared_ptr<const void> memory = arena->memory();
  arena.reset();
  EXPECT_EQ(small, "small");
  EXPECT_EQ(copy, line);
}

TEST(TextArenaTest, NothingTakesNothing) {
  TextArena arena;
  EXPECT_EQ(arena.Copy("", ""), "");
  EXPECT_EQ(arena.used_bytes(), 0u);
}

}  // namespace
}  // namespace tidegate::storage::head
