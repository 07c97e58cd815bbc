#include "storage/codec/int_block.h"

#include <algorithm>
#include <array>
#include <bit>

#include "storage/codec/bit_packing.h"

namespace tidegate::storage {
namespace {

uint64_t Bits(int64_t value) { return static_cast<uint64_t>(value); }

// Distances to the least value, and what it takes to pack them. Values that are all multiples of a
// power of two (byte counts are, of pages) lose their low zero bits.
struct Frame {
  int64_t least = 0;
  int shift = 0;
  int width = 0;
};

Frame Measure(std::span<const int64_t> values) {
  Frame frame{.least = *std::min_element(values.begin(), values.end())};
  uint64_t all = 0;
  for (const int64_t value : values) all |= Bits(value) - Bits(frame.least);
  if (all == 0) return frame;
  frame.shift = std::countr_zero(all);
  frame.width = std::bit_width(all) - frame.shift;
  return frame;
}

void PutFrame(std::span<const int64_t> values, const Frame& frame, std::string* out) {
  PutZigzag(frame.least, out);
  PutU8(static_cast<uint8_t>(frame.width), out);
  std::array<uint64_t, kMaxBlockValues> distances;
  for (size_t i = 0; i < values.size(); ++i) {
    distances[i] = (Bits(values[i]) - Bits(frame.least)) >> frame.shift;
  }
  PackBits({distances.data(), values.size()}, frame.width, out);
}

bool ReadFrame(ByteReader* in, int shift, std::span<int64_t> out) {
  const uint64_t least = Bits(in->Zigzag());
  const int width = in->U8();
  if (!in->ok() || width + shift > 64) return false;
  const std::string_view packed = in->Take(PackedSize(out.size(), width));
  if (!in->ok()) return false;
  std::array<uint64_t, kMaxBlockValues> distances;
  UnpackBits(packed, width, {distances.data(), out.size()});
  for (size_t i = 0; i < out.size(); ++i) {
    out[i] = static_cast<int64_t>(least + (distances[i] << shift));
  }
  return true;
}

uint8_t ModeByte(IntMode mode, int shift) {
  return static_cast<uint8_t>(static_cast<int>(mode) | shift << 2);
}

bool DecodeBody(IntMode mode, int shift, ByteReader* in, std::span<int64_t> out) {
  switch (mode) {
    case IntMode::kConstant: {
      const int64_t value = in->Zigzag();
      std::fill(out.begin(), out.end(), value);
      return shift == 0 && in->ok();
    }
    case IntMode::kFrame:
      return ReadFrame(in, shift, out);
    case IntMode::kDelta: {
      uint64_t sum = Bits(in->Zigzag());
      out[0] = static_cast<int64_t>(sum);
      if (!ReadFrame(in, shift, out.subspan(1))) return false;
      for (size_t i = 1; i < out.size(); ++i) {
        sum += Bits(out[i]);
        out[i] = static_cast<int64_t>(sum);
      }
      return true;
    }
  }
  return false;
}

}  // namespace

void EncodeIntBlock(std::span<const int64_t> values, std::string* out) {
  const Frame frame = Measure(values);
  if (frame.width == 0) {
    PutU8(ModeByte(IntMode::kConstant, 0), out);
    PutZigzag(values[0], out);
    return;
  }
  std::array<int64_t, kMaxBlockValues> deltas;
  for (size_t i = 1; i < values.size(); ++i) {
    deltas[i - 1] = static_cast<int64_t>(Bits(values[i]) - Bits(values[i - 1]));
  }
  const std::span<const int64_t> delta_span(deltas.data(), values.size() - 1);
  const Frame delta_frame = Measure(delta_span);
  if (delta_frame.width < frame.width) {
    PutU8(ModeByte(IntMode::kDelta, delta_frame.shift), out);
    PutZigzag(values[0], out);
    PutFrame(delta_span, delta_frame, out);
    return;
  }
  PutU8(ModeByte(IntMode::kFrame, frame.shift), out);
  PutFrame(values, frame, out);
}

bool DecodeIntBlock(ByteReader* in, std::span<int64_t> out) {
  const uint8_t mode_byte = in->U8();
  if (in->ok() && !out.empty() && out.size() <= kMaxBlockValues &&
      DecodeBody(static_cast<IntMode>(mode_byte & 3), mode_byte >> 2, in, out)) {
    return true;
  }
  in->Fail();
  return false;
}

}  // namespace tidegate::storage
