#include "storage/log_page/text_filter.h"

#include <bit>
#include <cstdint>

namespace tidegate::storage {
namespace {

constexpr size_t kLeastBytes = 16;
constexpr size_t kSequence = 3;
constexpr int kMaxBitsLog = 15;
static_assert(kMaxTextFilterBits == size_t{1} << kMaxBitsLog);

uint8_t Lower(char c) { return static_cast<uint8_t>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); }

// Calls fn with the hash of every sequence until it says false.
template <typename Fn>
bool ForEachSequence(std::string_view text, const Fn& fn) {
  uint32_t last = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    last = (last << 8 | Lower(text[i])) & 0xFFFFFF;
    if (i + 1 >= kSequence && !fn((last * 0x9E3779B1u) >> (32 - kMaxBitsLog))) return false;
  }
  return true;
}

}  // namespace

TextFilterBuilder::TextFilterBuilder()
    : bits_(std::make_unique<std::bitset<kMaxTextFilterBits>>()) {}
TextFilterBuilder::~TextFilterBuilder() = default;

void TextFilterBuilder::Add(std::string_view text) {
  // U+017F and U+212A are other cases of s and k; texts with them could be anything.
  if (text.find("\xC5\xBF") != std::string_view::npos ||
      text.find("\xE2\x84\xAA") != std::string_view::npos) {
    bits_->set();
    return;
  }
  ForEachSequence(text, [this](uint32_t hash) {
    bits_->set(hash);
    return true;
  });
}

std::string TextFilterBuilder::Finish() const {
  size_t bits = kMaxTextFilterBits;
  while (bits / 8 > kLeastBytes && bits / 8 >= bits_->count()) bits /= 2;
  std::string filter(bits / 8, '\0');
  for (size_t hash = 0; hash < kMaxTextFilterBits; ++hash) {
    const size_t bit = hash & (bits - 1);
    if (bits_->test(hash)) filter[bit / 8] |= static_cast<char>(1 << bit % 8);
  }
  return filter;
}

bool MayContain(std::string_view filter, std::string_view literal) {
  if (filter.size() < kLeastBytes || !std::has_single_bit(filter.size())) return true;
  const size_t mask = filter.size() * 8 - 1;
  return ForEachSequence(literal, [&](uint32_t hash) {
    const size_t bit = hash & mask;
    return ((filter[bit / 8] >> bit % 8) & 1) != 0;
  });
}

}  // namespace tidegate::storage
