#include "storage/log_page/holds_bytes.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace tidegate::storage {
namespace {

TEST(HoldsBytes, AsFindDoes) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes(random() % 120, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random() % 3);
    std::string piece(random() % 7, '\0');
    for (char& byte : piece) byte = static_cast<char>(random() % 3);
    EXPECT_EQ(HoldsBytes(bytes, piece), bytes.find(piece) != std::string::npos);
  }
}

TEST(HoldsBytes, AtEveryPlace) {
  for (size_t size = 0; size < 100; ++size) {
    for (size_t at = 0; at + 5 <= size; ++at) {
      std::string bytes(size, 'a');
      EXPECT_FALSE(HoldsBytes(bytes, "apiea"));
      bytes.replace(at, 5, "apiea");
      EXPECT_TRUE(HoldsBytes(bytes, "apiea")) << size << " " << at;
    }
  }
}

}  // namespace
}  // namespace tidegate::storage
