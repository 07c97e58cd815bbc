#include "api/remote_read/frame.h"

#include <gtest/gtest.h>

#include <string>

namespace tidegate::api {
namespace {

TEST(FrameTest, ChecksumIsCastagnolis) {
  EXPECT_EQ(Crc32c("123456789"), 0xE3069283u);            // The check value of CRC-32C.
  EXPECT_EQ(Crc32c(std::string(32, '\0')), 0x8A9136AAu);  // RFC 3720 appendix B.4.
}

TEST(FrameTest, IsSizeChecksumMessage) {
  EXPECT_EQ(Frame("123456789"), std::string("\x09\xE3\x06\x92\x83") + "123456789");
  const std::string large(300, 'x');
  const std::string frame = Frame(large);
  EXPECT_EQ(frame.substr(0, 2), "\xAC\x02");
  EXPECT_EQ(frame.size(), 2 + 4 + large.size());
}

}  // namespace
}  // namespace tidegate::api
