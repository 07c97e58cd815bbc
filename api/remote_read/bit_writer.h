// Bits and variable-length integers as Prometheus' chunks write them (prometheus/tsdb/chunkenc,
// bstream.go, varbit.go, xor.go).
#ifndef TIDEGATE_API_REMOTE_READ_BIT_WRITER_H_
#define TIDEGATE_API_REMOTE_READ_BIT_WRITER_H_

#include <bit>
#include <cstdint>
#include <string>

namespace tidegate::api {

// Appends bits to a string, the most significant first. Owned by one thread.
class BitWriter {
 public:
  explicit BitWriter(std::string* out) : out_(*out) {}

  // The low `count` bits of `value`; at most 64.
  void Bits(uint64_t value, int count) {
    while (count > 0) {
      if (free_ == 0) {
        out_.push_back('\0');
        free_ = 8;
      }
      const int taken = count < free_ ? count : free_;
      const uint64_t piece = (value >> (count - taken)) & ((uint64_t{1} << taken) - 1);
      out_.back() = static_cast<char>(static_cast<uint8_t>(out_.back()) |
                                      static_cast<uint8_t>(piece << (free_ - taken)));
      free_ -= taken;
      count -= taken;
    }
  }
  void Bit(bool bit) { Bits(bit ? 1 : 0, 1); }
  void Double(double value) { Bits(std::bit_cast<uint64_t>(value), 64); }

  // LEB128, byte by byte; signed ones in zigzag form.
  void Unsigned(uint64_t value) {
    for (; value >= 0x80; value >>= 7) Bits(value | 0x80, 8);
    Bits(value, 8);
  }
  void Signed(int64_t value) {
    Unsigned((static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63));
  }

  // A prefix of ones tells how many bits follow.
  void VarbitInt(int64_t value) {
    if (value == 0) return Bit(false);
    Varbit(value, [](int64_t v, int bits) {
      return -((int64_t{1} << (bits - 1)) - 1) <= v && v <= (int64_t{1} << (bits - 1));
    });
  }
  void VarbitUint(uint64_t value) {
    if (value == 0) return Bit(false);
    Varbit(value, [](uint64_t v, int bits) { return v < (uint64_t{1} << bits); });
  }

 private:
  template <typename T, typename Fits>
  void Varbit(T value, const Fits& fits) {
    constexpr int kWidths[] = {3, 6, 9, 12, 18, 25, 56};
    int ones = 1;
    for (const int width : kWidths) {
      if (fits(value, width)) {
        Bits((uint64_t{1} << (ones + 1)) - 2, ones + 1);
        return Bits(static_cast<uint64_t>(value), width);
      }
      ++ones;
    }
    Bits(0xff, 8);
    Bits(static_cast<uint64_t>(value), 64);
  }

  std::string& out_;
  int free_ = 0;  // Bits of the last byte that are not written.
};

// Writes values as differences in bits to the one before.
class XorColumn {
 public:
  // The first value is written whole.
  void First(double value, BitWriter* out) {
    value_ = value;
    out->Double(value);
  }
  void Next(double value, BitWriter* out);

 private:
  static constexpr int kNoWindow = -1;

  double value_ = 0;
  int leading_ = kNoWindow;
  int trailing_ = 0;
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_REMOTE_READ_BIT_WRITER_H_
