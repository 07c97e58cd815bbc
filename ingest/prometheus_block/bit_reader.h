// Bits and variable-length integers as Prometheus' chunks write them (prometheus/tsdb/chunkenc,
// bstream.go, varbit.go, xor.go).
#ifndef TIDEGATE_INGEST_PROMETHEUS_BLOCK_BIT_READER_H_
#define TIDEGATE_INGEST_PROMETHEUS_BLOCK_BIT_READER_H_

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace tidegate::ingest {

// The most significant bit first. Owned by one thread; the bytes must outlive it. Beyond the end
// bits are zero and failed() is true: loops that are bounded otherwise may look at it afterwards.
class BitReader {
 public:
  explicit BitReader(std::string_view bytes)
      : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  bool failed() const { return failed_; }

  // At most 64.
  uint64_t Bits(int count) {
    if (count > kMaxAtOnce) {
      const uint64_t high = Bits(count - 32);
      return high << 32 | Bits(32);
    }
    if (count == 0) return 0;
    if (left_ < count) Refill(count);
    const uint64_t value = window_ >> (64 - count);
    window_ <<= count;
    left_ -= count;
    return value;
  }
  bool Bit() { return Bits(1) != 0; }
  double Double() { return std::bit_cast<double>(Bits(64)); }

  // LEB128, byte by byte; signed ones in zigzag form.
  uint64_t Unsigned() {
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const uint64_t byte = Bits(8);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    failed_ = true;
    return 0;
  }
  int64_t Signed() {
    const uint64_t value = Unsigned();
    return static_cast<int64_t>(value >> 1) ^ -static_cast<int64_t>(value & 1);
  }

  // A prefix of ones tells how many bits follow.
  int64_t VarbitInt() { return TwosComplement(VarbitWidth()); }
  uint64_t VarbitUint() { return Bits(VarbitWidth()); }
  int64_t DeltaOfDelta() {
    if (!Bit()) return 0;
    if (!Bit()) return TwosComplement(14);
    if (!Bit()) return TwosComplement(17);
    if (!Bit()) return TwosComplement(20);
    return static_cast<int64_t>(Bits(64));
  }

 private:
  static constexpr int kMaxAtOnce = 56;

  // Two's complement, but that the largest half stands for itself.
  int64_t TwosComplement(int width) {
    const uint64_t bits = Bits(width);
    if (width == 0 || width == 64 || bits <= uint64_t{1} << (width - 1)) {
      return static_cast<int64_t>(bits);
    }
    return static_cast<int64_t>(bits) - (int64_t{1} << width);
  }
  int VarbitWidth() {
    constexpr int kWidths[] = {0, 3, 6, 9, 12, 18, 25, 56};
    for (const int width : kWidths) {
      if (!Bit()) return width;
    }
    return 64;
  }
  void Refill(int count) {
    if (end_ - at_ >= 8) {
      uint64_t word = 0;
      std::memcpy(&word, at_, sizeof(word));
      window_ |= __builtin_bswap64(word) >> left_;
      const int bytes = (63 - left_) / 8;
      at_ += bytes;
      left_ += 8 * bytes;
      // Bits beyond the last whole byte come once more with the next word.
      window_ &= ~uint64_t{0} << (64 - left_);
      return;
    }
    while (left_ <= 56 && at_ != end_) {
      window_ |= static_cast<uint64_t>(static_cast<uint8_t>(*at_++)) << (56 - left_);
      left_ += 8;
    }
    if (left_ >= count) return;
    failed_ = true;
    left_ = 64;
  }

  const char* at_;
  const char* const end_;
  uint64_t window_ = 0;  // The next bits, from the top.
  int left_ = 0;         // So many.
  bool failed_ = false;
};

// A column of doubles, each as what differs from the one before.
class XorReader {
 public:
  double First(BitReader* in) { return value_ = in->Double(); }
  double Next(BitReader* in) {
    if (!in->Bit()) return value_;
    if (in->Bit()) {
      leading_ = static_cast<int>(in->Bits(5));
      const int significant = static_cast<int>(in->Bits(6));
      significant_ = significant == 0 ? 64 : significant;
    }
    const int trailing = 64 - leading_ - significant_;
    if (trailing < 0) return value_;  // Damaged; the checksum says so, too.
    const uint64_t delta = in->Bits(significant_) << trailing;
    return value_ = std::bit_cast<double>(std::bit_cast<uint64_t>(value_) ^ delta);
  }

 private:
  double value_ = 0;
  int leading_ = 0;
  int significant_ = 64;
};

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_PROMETHEUS_BLOCK_BIT_READER_H_
