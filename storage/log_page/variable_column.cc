#include "storage/log_page/variable_column.h"

#include <string.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "storage/log_page/holds_bytes.h"

namespace tidegate::storage {
namespace {

constexpr size_t kMostDigits = 20;
constexpr std::string_view kHexDigits = "0123456789abcdef";

constexpr std::array<uint64_t, kMostDigits> MakePowersOfTen() {
  std::array<uint64_t, kMostDigits> powers{};
  uint64_t power = 1;
  for (uint64_t& one : powers) {
    one = power;
    power *= 10;
  }
  return powers;
}
constexpr std::array<uint64_t, kMostDigits> kPowersOfTen = MakePowersOfTen();

size_t DigitsOf(uint64_t number) {
  // log10 from log2, which is right or one too high.
  const auto guess = static_cast<size_t>((64 - __builtin_clzll(number | 1)) * 1233 >> 12);
  return guess + (guess < kMostDigits && number >= kPowersOfTen[guess] ? 1 : 0) +
         (number == 0 ? 1 : 0);
}

constexpr std::array<char, 200> MakePairs() {
  std::array<char, 200> pairs{};
  for (size_t i = 0; i < 100; ++i) {
    pairs[2 * i] = static_cast<char>('0' + i / 10);
    pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}
constexpr std::array<char, 200> kPairs = MakePairs();

// Writes exactly `size` digits.
void WriteDigits(uint64_t number, size_t size, char* out) {
  while (size >= 2) {
    size -= 2;
    std::memcpy(out + size, kPairs.data() + 2 * (number % 100), 2);
    number /= 100;
  }
  if (size == 1) *out = static_cast<char>('0' + number % 10);
}

// How a column of numbers can be stored without their digits.
struct Digits {
  bool same_size = true;
  bool leading_zero = false;
};

Digits DigitsOf(std::span<const Variable> values) {
  Digits digits;
  for (const Variable& value : values) {
    digits.same_size = digits.same_size && value.size == values.front().size;
    digits.leading_zero |= value.size > 1 && value.number < kPowersOfTen[value.size - 1];
  }
  return digits;
}

bool IsLowerHex(std::span<const std::string_view> values) {
  return std::all_of(values.begin(), values.end(), [](std::string_view value) {
    return value.find_first_not_of(kHexDigits) == std::string_view::npos;
  });
}

uint8_t HexValue(char digit) {
  return static_cast<uint8_t>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

void PackHex(std::string_view digits, std::string* out) {
  for (size_t i = 0; i < digits.size(); i += 2) {
    const uint8_t low = i + 1 < digits.size() ? HexValue(digits[i + 1]) : 0;
    out->push_back(static_cast<char>(HexValue(digits[i]) << 4 | low));
  }
}

constexpr std::array<char, 512> MakeHexPairs() {
  std::array<char, 512> pairs{};
  for (size_t i = 0; i < 256; ++i) {
    pairs[2 * i] = kHexDigits[i >> 4];
    pairs[2 * i + 1] = kHexDigits[i & 0xF];
  }
  return pairs;
}
constexpr std::array<char, 512> kHexPairs = MakeHexPairs();

void UnpackHex(std::string_view bytes, size_t digits, char* out) {
  for (size_t i = 0; i < digits / 2; ++i) {
    std::memcpy(out + 2 * i, kHexPairs.data() + 2 * size_t{static_cast<uint8_t>(bytes[i])}, 2);
  }
  if (digits % 2 == 1) out[digits - 1] = kHexPairs[2 * size_t{static_cast<uint8_t>(bytes.back())}];
}

// Bytes that a text of this size takes in its unit.
uint64_t StoredSize(VariableKind kind, uint64_t size) {
  return kind == VariableKind::kHex ? size / 2 + size % 2 : size;
}

void EncodeTexts(std::span<const std::string_view> texts, VariableKind kind, std::string* header,
                 UnitWriter* units) {
  std::vector<uint64_t> sizes;
  std::string bytes;
  for (const std::string_view text : texts) {
    sizes.push_back(text.size());
    if (kind == VariableKind::kHex) {
      PackHex(text, &bytes);
    } else {
      bytes += text;
    }
  }
  EncodeIntColumn(sizes, header, units);
  units->Add(bytes);
}

// Whether it pays to name a value by its number.
bool Repeats(std::span<const std::string_view> values) {
  constexpr size_t kLeast = 32;  // Values before it can be seen.
  absl::flat_hash_set<std::string_view> known;
  for (size_t i = 0; i < values.size(); ++i) {
    known.insert(values[i]);
    if (i >= kLeast && 2 * known.size() > i) return false;
  }
  return 2 * known.size() <= values.size();
}

uint64_t ToNumber(std::string_view digits) {
  uint64_t number = 0;
  for (const char digit : digits) number = number * 10 + static_cast<uint64_t>(digit - '0');
  return number;
}

// Three digits of every number, all above `kBelow`.
template <size_t kBelow>
void AddAllowed(std::span<const uint64_t> numbers, const std::array<bool, 1000>& allowed,
                std::vector<uint32_t>* places) {
  for (size_t i = 0; i < numbers.size(); ++i) {
    if (allowed[numbers[i] / kPowersOfTen[kBelow] % 1000]) {
      places->push_back(static_cast<uint32_t>(i));
    }
  }
}

using AddAllowedFn = void (*)(std::span<const uint64_t>, const std::array<bool, 1000>&,
                              std::vector<uint32_t>*);
template <size_t... kBelow>
constexpr auto MakeAddAllowed(std::index_sequence<kBelow...>) {
  return std::array<AddAllowedFn, sizeof...(kBelow)>{AddAllowed<kBelow>...};
}
// Dividing by a constant is many times as fast.
constexpr auto kAddAllowed = MakeAddAllowed(std::make_index_sequence<kMostDigits>());

bool IsLike(std::string_view value, PieceKind kind, std::string_view piece) {
  switch (kind) {
    case PieceKind::kEquals:
      return value == piece;
    case PieceKind::kBegins:
      return value.starts_with(piece);
    case PieceKind::kEnds:
      return value.ends_with(piece);
    case PieceKind::kHolds:
      return memmem(value.data(), value.size(), piece.data(), piece.size()) != nullptr;
  }
  return false;
}

absl::Status NoRoom() { return absl::DataLossError("a line's variables do not fill its size"); }

}  // namespace

uint64_t DictionaryBuilder::NumberOf(std::string_view text) {
  const auto [at, added] = known_.try_emplace(text, static_cast<uint32_t>(texts_.size()));
  if (added) texts_.push_back(text);
  return at->second;
}

void DictionaryBuilder::Finish(std::string* header, UnitWriter* units) const {
  PutVarint(texts_.size(), header);
  if (!texts_.empty()) EncodeTexts(texts_, VariableKind::kText, header, units);
}

void EncodeVariableColumn(std::string_view text, std::span<const Variable> values,
                          VariableContent content, DictionaryBuilder* dictionary,
                          std::string* header, UnitWriter* units) {
  const bool numbers = content == VariableContent::kNumbers;
  const Digits digits = numbers ? DigitsOf(values) : Digits();
  std::vector<uint64_t> all;
  all.reserve(values.size());
  if (numbers && (!digits.leading_zero || digits.same_size)) {
    for (const Variable& value : values) all.push_back(value.number);
    PutU8(static_cast<uint8_t>(digits.leading_zero ? VariableKind::kPadded : VariableKind::kNumber),
          header);
    if (digits.leading_zero) PutU8(static_cast<uint8_t>(values.front().size), header);
    return EncodeIntColumn(all, header, units);
  }
  std::vector<std::string_view> texts;
  texts.reserve(values.size());
  for (const Variable& value : values) texts.push_back(text.substr(value.begin, value.size));
  if (content == VariableContent::kTexts || Repeats(texts)) {
    for (const std::string_view one : texts) all.push_back(dictionary->NumberOf(one));
    PutU8(static_cast<uint8_t>(VariableKind::kDictionary), header);
    return EncodeIntColumn(all, header, units);
  }
  const VariableKind kind = IsLowerHex(texts) ? VariableKind::kHex : VariableKind::kText;
  PutU8(static_cast<uint8_t>(kind), header);
  EncodeTexts(texts, kind, header, units);
}

bool TextColumn::Parse(ByteReader* in, uint32_t count, bool hex, uint32_t* next_unit) {
  hex_ = hex;
  if (!sizes_.Parse(in, count, next_unit)) return false;
  unit_ = (*next_unit)++;
  return true;
}

absl::Status TextColumn::Decode(UnitReader* units, StoredTexts* texts) const {
  absl::Status status = sizes_.Decode(units, &texts->sizes);
  if (!status.ok()) return status;
  const auto bytes = units->Read(unit_, units->SizeOf(unit_), &texts->memory);
  if (!bytes.ok()) return bytes.status();
  texts->bytes = *bytes;
  const VariableKind kind = hex_ ? VariableKind::kHex : VariableKind::kText;
  uint64_t end = 0;
  texts->begins.clear();
  texts->begins.reserve(texts->sizes.size());
  for (const uint64_t size : texts->sizes) {
    texts->begins.push_back(end);
    if (StoredSize(kind, size) > bytes->size() - end) {
      return absl::DataLossError("a column of texts is cut off");
    }
    end += StoredSize(kind, size);
  }
  return absl::OkStatus();
}

bool VariableColumn::Parse(ByteReader* in, uint32_t count, uint32_t* next_unit) {
  count_ = count;
  kind_ = static_cast<VariableKind>(in->U8());
  switch (kind_) {
    case VariableKind::kPadded:
      width_ = in->U8();
      if (width_ == 0 || width_ >= kMostDigits) in->Fail();
      return in->ok() && numbers_.Parse(in, count, next_unit);
    case VariableKind::kNumber:
    case VariableKind::kDictionary:
      return numbers_.Parse(in, count, next_unit);
    case VariableKind::kText:
    case VariableKind::kHex:
      return texts_.Parse(in, count, kind_ == VariableKind::kHex, next_unit);
  }
  in->Fail();
  return false;
}

absl::Status VariableColumn::Decode(UnitReader* units, const StoredTexts& dictionary,
                                    VariableValues* values) const {
  values->kind_ = kind_;
  values->width_ = width_;
  if (kind_ == VariableKind::kText || kind_ == VariableKind::kHex) {
    values->texts_ = &values->own_;
    absl::Status status = texts_.Decode(units, &values->own_);
    if (status.ok()) values->count_ = count_;
    return status;
  }
  absl::Status status = numbers_.Decode(units, &values->numbers_);
  if (!status.ok()) return status;
  if (kind_ == VariableKind::kDictionary) {
    values->texts_ = &dictionary;
    const auto outside = [&](uint64_t number) { return number >= dictionary.sizes.size(); };
    if (std::any_of(values->numbers_.begin(), values->numbers_.end(), outside)) {
      return absl::DataLossError("a number outside its dictionary");
    }
  }
  values->count_ = count_;
  return absl::OkStatus();
}

absl::Status VariableValues::AppendNumbers(std::span<const uint32_t> places,
                                           std::span<LineCursor> lines) const {
  for (size_t i = 0; i < places.size(); ++i) {
    const uint64_t number = numbers_[places[i]];
    const size_t size = width_ != 0 ? width_ : DigitsOf(number);
    LineCursor& line = lines[i];
    if (size > static_cast<size_t>(line.end - line.at)) return NoRoom();
    WriteDigits(number, size, line.at);
    line.at += size;
  }
  return absl::OkStatus();
}

absl::Status VariableValues::AppendTexts(std::span<const uint32_t> places,
                                         std::span<LineCursor> lines) const {
  const std::string_view bytes = texts_->bytes;
  for (size_t i = 0; i < places.size(); ++i) {
    const uint64_t text =
        kind_ == VariableKind::kDictionary ? numbers_[places[i]] : uint64_t{places[i]};
    const uint64_t size = texts_->sizes[text];
    LineCursor& line = lines[i];
    if (size > static_cast<size_t>(line.end - line.at)) return NoRoom();
    const std::string_view stored = bytes.substr(texts_->begins[text], StoredSize(kind_, size));
    if (kind_ == VariableKind::kHex) {
      UnpackHex(stored, size, line.at);
    } else {
      std::memcpy(line.at, stored.data(), stored.size());
    }
    line.at += size;
  }
  return absl::OkStatus();
}

absl::Status VariableValues::Append(std::span<const uint32_t> places,
                                    std::span<LineCursor> lines) const {
  const bool numbers = kind_ == VariableKind::kNumber || kind_ == VariableKind::kPadded;
  return numbers ? AppendNumbers(places, lines) : AppendTexts(places, lines);
}

std::string_view VariableValues::At(uint32_t place, std::string* memory) const {
  if (kind_ == VariableKind::kNumber || kind_ == VariableKind::kPadded) {
    const uint64_t number = numbers_[place];
    memory->resize(kMostDigits);
    const size_t size = width_ != 0 ? width_ : DigitsOf(number);
    WriteDigits(number, size, memory->data());
    return std::string_view(*memory).substr(0, size);
  }
  const uint64_t text = kind_ == VariableKind::kDictionary ? numbers_[place] : uint64_t{place};
  const uint64_t size = texts_->sizes[text];
  const std::string_view stored =
      texts_->bytes.substr(texts_->begins[text], StoredSize(kind_, size));
  if (kind_ != VariableKind::kHex) return stored;
  memory->resize(size);
  UnpackHex(stored, size, memory->data());
  return *memory;
}

MatchedValues VariableValues::MatchNumbers(PieceKind kind, std::string_view piece) const {
  if (piece.size() >= kMostDigits || piece.find_first_not_of("0123456789") != piece.npos) return {};
  if (kind == PieceKind::kHolds) {
    MatchedValues matched;
    if (MatchLongDigits(piece, &matched)) return matched;
  }
  if (kind != PieceKind::kEquals) return MatchDigits(kind, piece);
  // As it would be written.
  if (width_ != 0 ? piece.size() != width_ : piece.size() > 1 && piece[0] == '0') return {};
  const uint64_t wanted = ToNumber(piece);
  MatchedValues matched;
  matched.each.resize(count_);
  uint8_t any = 0;
  for (uint32_t i = 0; i < count_; ++i) {
    matched.each[i] = numbers_[i] == wanted ? 1 : 0;
    any |= matched.each[i];
  }
  return any != 0 ? std::move(matched) : MatchedValues();
}

// A piece that is longer than half of the numbers covers some of their digits wherever it lies:
// only numbers with one of those that it would have there are looked at. True when that could be
// done.
bool VariableValues::MatchLongDigits(std::string_view piece, MatchedValues* matched) const {
  const size_t most =
      width_ != 0 ? width_ : DigitsOf(*std::max_element(numbers_.begin(), numbers_.end()));
  constexpr size_t kLooked = 3;
  if (piece.size() > most) return true;
  if (2 * piece.size() < most + kLooked) return false;
  const size_t below = most - piece.size();  // Of the digits that are looked at.
  const uint64_t wanted = ToNumber(piece);
  std::array<bool, 1000> allowed{};
  for (size_t behind = 0; behind <= below; ++behind) {
    allowed[wanted / kPowersOfTen[below - behind] % 1000] = true;
  }
  std::vector<uint32_t> places;
  kAddAllowed[below](numbers_, allowed, &places);
  std::string memory;
  for (const uint32_t place : places) {
    if (At(place, &memory).find(piece) == std::string_view::npos) continue;
    matched->each.resize(count_);
    matched->each[place] = 1;
  }
  return true;
}

// Looks through the digits of all numbers at once, with a blank before each and behind the last.
MatchedValues VariableValues::MatchDigits(PieceKind kind, std::string_view piece) const {
  // Nothing smaller has as many digits.
  const uint64_t least = width_ != 0 || piece.size() < 2 ? 0 : kPowersOfTen[piece.size() - 1];
  if (*std::max_element(numbers_.begin(), numbers_.end()) < least) return {};
  const auto memory = std::make_unique_for_overwrite<char[]>(count_ * (kMostDigits + 1) + 1);
  std::vector<uint32_t> begins(count_);
  char* at = memory.get();
  *at++ = ' ';
  for (uint32_t i = 0; i < count_; ++i) {
    const size_t size = width_ != 0 ? width_ : DigitsOf(numbers_[i]);
    begins[i] = static_cast<uint32_t>(at - memory.get());
    WriteDigits(numbers_[i], size, at);
    at += size;
    *at++ = ' ';
  }
  std::string wanted(piece);
  if (kind == PieceKind::kBegins) wanted.insert(wanted.begin(), ' ');
  if (kind == PieceKind::kEnds) wanted.push_back(' ');
  MatchedValues matched;
  const char* from = memory.get();
  while (true) {
    const auto* const found = static_cast<const char*>(
        memmem(from, static_cast<size_t>(at - from), wanted.data(), wanted.size()));
    if (found == nullptr) return matched;
    if (!matched.any()) matched.each.resize(count_);
    const auto begin =
        static_cast<uint32_t>(found - memory.get()) + (kind == PieceKind::kBegins ? 1 : 0);
    const auto behind = std::upper_bound(begins.begin(), begins.end(), begin);
    matched.each[static_cast<size_t>(behind - begins.begin()) - 1] = 1;
    if (behind == begins.end()) return matched;
    from = memory.get() + *behind - 1;
  }
}

// False only when no text holds the piece: looks at all of them at once.
bool VariableValues::MayHold(std::string_view piece) const {
  const std::string_view bytes = texts_->bytes;
  if (kind_ != VariableKind::kHex) return HoldsBytes(bytes, piece);
  if (piece.find_first_not_of(kHexDigits) != piece.npos) return false;
  // Whole bytes of it, when it begins with a byte's first digit, or with its second.
  std::string even, odd;
  PackHex(piece.substr(0, piece.size() & ~size_t{1}), &even);
  PackHex(piece.substr(1, (piece.size() - 1) & ~size_t{1}), &odd);
  return HoldsBytes(bytes, even) || HoldsBytes(bytes, odd);
}

MatchedValues VariableValues::MatchTexts(PieceKind kind, std::string_view piece) const {
  if (!MayHold(piece)) return {};
  MatchedValues matched;
  matched.each.resize(texts_->sizes.size());
  std::string memory;
  uint8_t any = 0;
  for (size_t i = 0; i < matched.each.size(); ++i) {
    const uint64_t size = texts_->sizes[i];
    if (size < piece.size()) continue;
    std::string_view text = texts_->bytes.substr(texts_->begins[i], StoredSize(kind_, size));
    if (kind_ == VariableKind::kHex) {
      memory.resize(size);
      UnpackHex(text, size, memory.data());
      text = memory;
    }
    matched.each[i] = IsLike(text, kind, piece) ? 1 : 0;
    any |= matched.each[i];
  }
  if (any == 0) return {};
  if (kind_ != VariableKind::kDictionary) return matched;
  MatchedValues values;
  values.each.resize(count_);
  any = 0;
  for (uint32_t i = 0; i < count_; ++i) {
    values.each[i] = matched.each[numbers_[i]];
    any |= values.each[i];
  }
  return any != 0 ? std::move(values) : MatchedValues();
}

MatchedValues VariableValues::Match(PieceKind kind, std::string_view piece) const {
  const bool numbers = kind_ == VariableKind::kNumber || kind_ == VariableKind::kPadded;
  return numbers ? MatchNumbers(kind, piece) : MatchTexts(kind, piece);
}

}  // namespace tidegate::storage
