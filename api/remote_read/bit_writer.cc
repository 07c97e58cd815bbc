#include "api/remote_read/bit_writer.h"

#include <algorithm>

namespace tidegate::api {

void XorColumn::Next(double value, BitWriter* out) {
  constexpr int kMaxLeading = 31;  // Five bits.
  const uint64_t delta = std::bit_cast<uint64_t>(value) ^ std::bit_cast<uint64_t>(value_);
  value_ = value;
  out->Bit(delta != 0);
  if (delta == 0) return;
  const int leading = std::min(std::countl_zero(delta), kMaxLeading);
  const int trailing = std::countr_zero(delta);
  const bool fits = leading_ != kNoWindow && leading >= leading_ && trailing >= trailing_;
  out->Bit(!fits);
  if (!fits) {
    leading_ = leading;
    trailing_ = trailing;
    out->Bits(static_cast<uint64_t>(leading), 5);
    out->Bits(static_cast<uint64_t>(64 - leading - trailing), 6);  // 64 is written as 0.
  }
  out->Bits(delta >> trailing_, 64 - leading_ - trailing_);
}

}  // namespace tidegate::api
