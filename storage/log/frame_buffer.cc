#include "storage/log/frame_buffer.h"

#include <algorithm>
#include <cstring>

#include "storage/log/log_format.h"

namespace tidegate::storage {
namespace {

constexpr size_t kFirstCapacity = 64 << 10;
constexpr size_t kKeptCapacity = 4 << 20;

}  // namespace

void FrameBuffer::Reset(uint64_t begin) {
  // A burst must not cost memory for ever.
  if (capacity_ > kKeptCapacity && size_ < capacity_ / 4) {
    bytes_.reset();
    capacity_ = 0;
  }
  begin_ = begin;
  size_ = 0;
}

void FrameBuffer::Add(std::string_view payload, uint64_t payload_check) {
  const size_t frame_bytes = FrameBytes(payload.size());
  if (capacity_ - size_ < frame_bytes) Grow(size_ + frame_bytes);
  char* frame = bytes_.get() + size_;
  const auto length = static_cast<uint32_t>(payload.size());
  std::memcpy(frame, &length, sizeof length);
  std::memcpy(frame + 8, &payload_check, sizeof payload_check);
  std::memcpy(frame + kFrameHeaderBytes, payload.data(), payload.size());
  const size_t used = kFrameHeaderBytes + payload.size();
  std::memset(frame + used, 0, frame_bytes - used);
  size_ += frame_bytes;
}

uint64_t FrameBuffer::FrameBytesAt(uint64_t position) const {
  uint32_t length;
  std::memcpy(&length, bytes_.get() + (position - begin_), sizeof length);
  return FrameBytes(length);
}

void FrameBuffer::Grow(size_t needed) {
  const size_t capacity = std::max({needed, capacity_ * 2, kFirstCapacity});
  auto bytes = std::make_unique_for_overwrite<char[]>(capacity);
  if (size_ > 0) std::memcpy(bytes.get(), bytes_.get(), size_);
  bytes_ = std::move(bytes);
  capacity_ = capacity;
}

}  // namespace tidegate::storage
