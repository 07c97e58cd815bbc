// ip("192.168.4.0/22"), ip("10.0.0.1-10.0.0.9"), ip("::1"): addresses to look for in a text.
#ifndef TIDEGATE_QUERY_LOGQL_PIPELINE_ADDRESS_PATTERN_H_
#define TIDEGATE_QUERY_LOGQL_PIPELINE_ADDRESS_PATTERN_H_

#include <array>
#include <cstdint>
#include <string_view>

#include "absl/status/statusor.h"

namespace tidegate::logql {

// Immutable. IPv4 and IPv6; a prefix may have bits set behind it, which do not count.
class AddressPattern {
 public:
  // InvalidArgument when it is no address, prefix or range (whose ends are inclusive).
  static absl::StatusOr<AddressPattern> Parse(std::string_view text);

  // Whether some address that stands in the text lies inside.
  bool FoundIn(std::string_view text) const;

 private:
  using Bytes = std::array<uint8_t, 16>;  // Most significant first; IPv4 is mapped.
  bool Contains(std::string_view address) const;

  Bytes first_ = {}, last_ = {};  // Inclusive.
};

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_PIPELINE_ADDRESS_PATTERN_H_
