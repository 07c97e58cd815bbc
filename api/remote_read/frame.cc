#include "api/remote_read/frame.h"

#include <boost/crc.hpp>

namespace tidegate::api {

uint32_t Crc32c(std::string_view bytes) {
  boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc;
  crc.process_bytes(bytes.data(), bytes.size());
  return crc.checksum();
}

std::string Frame(std::string_view message) {
  std::string frame;
  frame.reserve(message.size() + 16);
  uint64_t size = message.size();
  for (; size >= 0x80; size >>= 7) frame.push_back(static_cast<char>(size | 0x80));
  frame.push_back(static_cast<char>(size));
  const uint32_t crc = Crc32c(message);
  for (int shift = 24; shift >= 0; shift -= 8) frame.push_back(static_cast<char>(crc >> shift));
  frame.append(message);
  return frame;
}

}  // namespace tidegate::api
