#include "ingest/decode/wire_cursor.h"

#include <array>
#include <cstring>

namespace tidegate::ingest {
namespace {

constexpr int kMaxVarintBytes = 10;
constexpr int kMaxTagBytes = 5;
constexpr int kMaxLengthBytes = 5;

// Protobuf refuses lengths of 2 GiB and a little less: it reads up to 16 bytes past a field.
constexpr uint64_t kMaxLength = 0x7fffffff - 16;

void AppendVarint(uint64_t value, std::string* out) {
  for (; value >= 0x80; value >>= 7) out->push_back(static_cast<char>(value | 0x80));
  out->push_back(static_cast<char>(value));
}

}  // namespace

bool WireCursor::Fail(const char* reason) {
  if (failure_->at == nullptr) *failure_ = {at_, reason};
  return false;
}

bool WireCursor::ReadVarint(uint64_t* value) {
  uint64_t result = 0;
  const char* p = at_;
  for (int i = 0; i < kMaxVarintBytes && p != end_; ++i) {
    const uint8_t byte = static_cast<uint8_t>(*p++);
    result |= static_cast<uint64_t>(byte & 0x7f) << (7 * i);
    if (byte < 0x80) {
      at_ = p;
      *value = result;
      return true;
    }
  }
  return Fail(p == end_ ? "truncated varint" : "varint of more than ten bytes");
}

bool WireCursor::ReadTag(uint32_t* tag) {
  const char* const begin = at_;
  uint64_t value = 0;
  if (!ReadVarint(&value)) return false;
  const bool too_long = at_ - begin > kMaxTagBytes;
  *tag = static_cast<uint32_t>(value);
  if (!too_long && (*tag >> 3) != 0) return true;
  at_ = begin;
  return Fail(too_long ? "tag of more than five bytes" : "field number 0");
}

bool WireCursor::ReadBytes(std::string_view* bytes) {
  const char* const begin = at_;
  uint64_t length = 0;
  if (!ReadVarint(&length)) return false;
  if (at_ - begin > kMaxLengthBytes || length > kMaxLength) {
    at_ = begin;
    return Fail("length out of bounds");
  }
  if (length > static_cast<uint64_t>(end_ - at_)) {
    at_ = begin;
    return Fail("length goes beyond the end of the message");
  }
  *bytes = std::string_view(at_, length);
  at_ += length;
  return true;
}

bool WireCursor::ReadFixed64(uint64_t* value) {
  const char* const begin = at_;
  if (!SkipBytes(sizeof(*value))) return false;
  std::memcpy(value, begin, sizeof(*value));
  return true;
}

bool WireCursor::ReadDouble(double* value) {
  const char* const begin = at_;
  if (!SkipBytes(sizeof(*value))) return false;
  std::memcpy(value, begin, sizeof(*value));
  return true;
}

bool WireCursor::ReadMessage(WireCursor* message) {
  std::string_view bytes;
  if (!ReadBytes(&bytes)) return false;
  *message = WireCursor(bytes, depth_ - 1, failure_);
  return true;
}

bool WireCursor::SkipBytes(size_t count) {
  if (count > static_cast<size_t>(end_ - at_)) return Fail("truncated fixed-width field");
  at_ += count;
  return true;
}

bool WireCursor::SkipScalar(uint32_t tag) {
  uint64_t number = 0;
  std::string_view bytes;
  switch (static_cast<WireType>(tag & 7)) {
    case WireType::kVarint:
      return ReadVarint(&number);
    case WireType::kFixed64:
      return SkipBytes(8);
    case WireType::kBytes:
      return ReadBytes(&bytes);
    case WireType::kFixed32:
      return SkipBytes(4);
    default:
      return Fail("unexpected wire type");
  }
}

bool WireCursor::SkipField(uint32_t tag) {
  if (static_cast<WireType>(tag & 7) == WireType::kStartGroup) return SkipGroup(tag >> 3);
  return SkipScalar(tag);
}

bool WireCursor::SkipGroup(uint32_t field) {
  std::array<uint32_t, kMaxWireDepth> open;  // Field numbers of the groups we are in.
  int nesting = 0;
  if (depth_ <= 0) return Fail("nested too deeply");
  open[nesting++] = field;
  while (nesting > 0) {
    uint32_t tag = 0;
    if (!ReadTag(&tag)) return false;
    switch (static_cast<WireType>(tag & 7)) {
      case WireType::kStartGroup:
        if (nesting >= depth_) return Fail("nested too deeply");
        open[nesting++] = tag >> 3;
        break;
      case WireType::kEndGroup:
        if (open[--nesting] != tag >> 3) return Fail("group ends with another number");
        break;
      default:
        if (!SkipScalar(tag)) return false;
    }
  }
  return true;
}

void AppendBytesField(uint32_t tag, std::string_view bytes, std::string* out) {
  AppendVarint(tag, out);
  AppendVarint(bytes.size(), out);
  out->append(bytes);
}

}  // namespace tidegate::ingest
