#include "query/logql/pipeline/address_pattern.h"

#include <fmt/format.h>

#include <charconv>
#include <string>

#include "model/ip_range.h"

namespace tidegate::logql {
namespace {

constexpr int kAddressBits = 128;
constexpr int kMappedBits = 96;         // In front of an IPv4 address.
constexpr size_t kShortestAddress = 2;  // "::"

absl::Status Invalid(std::string_view text) {
  return absl::InvalidArgumentError(fmt::format("ip: invalid pattern \"{}\"", text));
}

bool IsAddressCharacter(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == '.' ||
         c == ':';
}

}  // namespace

absl::StatusOr<AddressPattern> AddressPattern::Parse(std::string_view text) {
  const size_t separator = text.find_first_of("/-");
  const std::string_view head = text.substr(0, separator);
  const absl::StatusOr<model::IpAddress> first = model::IpAddress::Parse(head);
  if (!first.ok()) return Invalid(text);
  AddressPattern pattern;
  pattern.first_ = pattern.last_ = first->bytes();
  if (separator == text.npos) return pattern;
  const std::string_view tail = text.substr(separator + 1);
  if (text[separator] == '-') {
    const absl::StatusOr<model::IpAddress> last = model::IpAddress::Parse(tail);
    if (!last.ok() || last->bytes() < first->bytes()) return Invalid(text);
    pattern.last_ = last->bytes();
    return pattern;
  }
  int bits = -1;
  const auto parsed = std::from_chars(tail.data(), tail.data() + tail.size(), bits);
  if (head.find(':') == head.npos) bits += kMappedBits;
  const bool whole = parsed.ec == std::errc() && parsed.ptr == tail.data() + tail.size();
  if (!whole || tail.starts_with('-') || bits > kAddressBits) return Invalid(text);
  for (int bit = bits; bit < kAddressBits; ++bit) {
    const auto mask = static_cast<uint8_t>(0x80U >> (bit % 8));
    pattern.first_[static_cast<size_t>(bit / 8)] &= static_cast<uint8_t>(~mask);
    pattern.last_[static_cast<size_t>(bit / 8)] |= mask;
  }
  return pattern;
}

bool AddressPattern::FoundIn(std::string_view text) const {
  size_t at = 0;
  while (at < text.size()) {
    size_t end = at;
    while (end < text.size() && IsAddressCharacter(text[end])) ++end;
    std::string_view run = text.substr(at, end - at);
    at = end + 1;
    // What belongs to the sentence around it: "from 10.0.0.1:80", "at 10.0.0.1."
    while (run.size() >= kShortestAddress) {
      if (Contains(run)) return true;
      const size_t last = run.find_last_of(".:");
      if (last == run.npos) break;
      run = run.substr(0, last);
    }
  }
  return false;
}

bool AddressPattern::Contains(std::string_view address) const {
  const absl::StatusOr<model::IpAddress> parsed = model::IpAddress::Parse(address);
  return parsed.ok() && first_ <= parsed->bytes() && parsed->bytes() <= last_;
}

}  // namespace tidegate::logql
