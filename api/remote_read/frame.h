// Frames of a streamed answer: size, checksum, message (prometheus/storage/remote/chunked.go).
#ifndef TIDEGATE_API_REMOTE_READ_FRAME_H_
#define TIDEGATE_API_REMOTE_READ_FRAME_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tidegate::api {

// Chunks are gathered into one frame up to this size; a frame holds at least one.
inline constexpr size_t kMaxFrameBytes = 1 << 20;

// CRC-32C (Castagnoli), as iSCSI has it (RFC 3720 appendix B.4).
uint32_t Crc32c(std::string_view bytes);

// varint(size), CRC-32C of the message in four bytes, big-endian, and the message.
std::string Frame(std::string_view message);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_REMOTE_READ_FRAME_H_
