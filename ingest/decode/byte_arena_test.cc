#include "ingest/decode/byte_arena.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace tidegate::ingest {
namespace {

TEST(ByteArena, WhatWasHandedOutStays) {
  ByteArena arena;
  std::vector<std::string_view> views;
  for (int i = 0; i < 5000; ++i) views.push_back(arena.Copy("value " + std::to_string(i)));
  for (int i = 0; i < 5000; ++i) EXPECT_EQ(views[i], "value " + std::to_string(i));
}

TEST(ByteArena, LargeRequestsGetTheirOwnBlock) {
  ByteArena arena;
  const std::string large(3 << 20, 'x');
  EXPECT_EQ(arena.Copy(large), large);
  EXPECT_GE(arena.capacity(), large.size());
}

TEST(ByteArena, ClearKeepsTheLargestBlock) {
  ByteArena arena;
  for (int i = 0; i < 100; ++i) arena.Copy(std::string(10'000, 'x'));
  const size_t grown = arena.capacity();
  arena.Clear();
  EXPECT_LE(arena.capacity(), ByteArena::kKeptBytes);
  EXPECT_GT(arena.capacity(), grown / 4);
  EXPECT_EQ(arena.Copy("again"), "again");
}

TEST(ByteArena, ClearFreesWhatIsUnusuallyLarge) {
  ByteArena arena;
  arena.Copy(std::string(3 << 20, 'x'));
  arena.Clear();
  EXPECT_EQ(arena.capacity(), 0u);
  EXPECT_EQ(arena.Copy("again"), "again");
}

TEST(ByteArena, ShrinkGivesBackTheEnd) {
  ByteArena arena;
  char* const first = arena.Allocate(100);
  arena.Shrink(60);
  EXPECT_EQ(arena.Allocate(1), first + 40);
}

}  // namespace
}  // namespace tidegate::ingest
