#include "storage/log_page/variable_column.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "absl/container/flat_hash_map.h"

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

void UnpackHex(std::string_view bytes, size_t digits, char* out) {
  for (size_t i = 0; i < digits; ++i) {
    const auto byte = static_cast<uint8_t>(bytes[i / 2]);
    out[i] = kHexDigits[i % 2 == 0 ? byte >> 4 : byte & 0xF];
  }
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

bool EncodeDictionary(std::span<const std::string_view> values, std::string* header,
                      UnitWriter* units) {
  constexpr size_t kLeast = 32;  // Values before it can be seen whether they repeat themselves.
  absl::flat_hash_map<std::string_view, uint32_t> known;
  std::vector<std::string_view> distinct;
  std::vector<uint64_t> numbers;
  for (const std::string_view value : values) {
    const auto [at, added] = known.try_emplace(value, static_cast<uint32_t>(distinct.size()));
    if (added) distinct.push_back(value);
    numbers.push_back(at->second);
    if (numbers.size() >= kLeast && 2 * distinct.size() > numbers.size()) return false;
  }
  if (2 * distinct.size() > numbers.size()) return false;
  PutU8(static_cast<uint8_t>(VariableKind::kDictionary), header);
  PutVarint(distinct.size(), header);
  EncodeTexts(distinct, VariableKind::kText, header, units);
  EncodeIntColumn(numbers, header, units);
  return true;
}

absl::Status NoRoom() { return absl::DataLossError("a line's variables do not fill its size"); }

}  // namespace

void EncodeVariableColumn(std::string_view text, std::span<const Variable> values, bool numbers,
                          std::string* header, UnitWriter* units) {
  const Digits digits = numbers ? DigitsOf(values) : Digits();
  if (numbers && (!digits.leading_zero || digits.same_size)) {
    std::vector<uint64_t> all;
    all.reserve(values.size());
    for (const Variable& value : values) all.push_back(value.number);
    PutU8(static_cast<uint8_t>(digits.leading_zero ? VariableKind::kPadded : VariableKind::kNumber),
          header);
    if (digits.leading_zero) PutU8(static_cast<uint8_t>(values.front().size), header);
    return EncodeIntColumn(all, header, units);
  }
  std::vector<std::string_view> texts;
  texts.reserve(values.size());
  for (const Variable& value : values) texts.push_back(text.substr(value.begin, value.size));
  if (EncodeDictionary(texts, header, units)) return;
  const VariableKind kind = IsLowerHex(texts) ? VariableKind::kHex : VariableKind::kText;
  PutU8(static_cast<uint8_t>(kind), header);
  EncodeTexts(texts, kind, header, units);
}

bool VariableColumn::Parse(ByteReader* in, uint32_t count, uint32_t* next_unit) {
  kind_ = static_cast<VariableKind>(in->U8());
  switch (kind_) {
    case VariableKind::kPadded:
      width_ = in->U8();
      if (width_ == 0 || width_ >= kMostDigits) in->Fail();
      return in->ok() && numbers_.Parse(in, count, next_unit);
    case VariableKind::kNumber:
      return numbers_.Parse(in, count, next_unit);
    case VariableKind::kDictionary: {
      const uint64_t distinct = in->Varint();
      if (!in->ok() || distinct == 0 || distinct > count ||
          !sizes_.Parse(in, static_cast<uint32_t>(distinct), next_unit)) {
        in->Fail();
        return false;
      }
      unit_ = (*next_unit)++;
      return numbers_.Parse(in, count, next_unit);
    }
    case VariableKind::kText:
    case VariableKind::kHex:
      if (!sizes_.Parse(in, count, next_unit)) return false;
      unit_ = (*next_unit)++;
      return true;
  }
  in->Fail();
  return false;
}

absl::Status VariableColumn::AppendNumbers(UnitReader* units, std::span<const uint32_t> rows,
                                           std::span<LineCursor> lines) const {
  std::vector<uint64_t> numbers;
  if (absl::Status status = numbers_.Decode(units, &numbers); !status.ok()) return status;
  for (size_t i = 0; i < rows.size(); ++i) {
    const uint64_t number = numbers[rows[i]];
    const size_t size = width_ != 0 ? width_ : DigitsOf(number);
    LineCursor& line = lines[i];
    if (size > static_cast<size_t>(line.end - line.at)) return NoRoom();
    WriteDigits(number, size, line.at);
    line.at += size;
  }
  return absl::OkStatus();
}

absl::Status VariableColumn::AppendTexts(UnitReader* units, std::span<const uint32_t> rows,
                                         std::span<LineCursor> lines) const {
  std::vector<uint64_t> sizes, numbers;
  absl::Status status = sizes_.Decode(units, &sizes);
  if (status.ok() && kind_ == VariableKind::kDictionary) status = numbers_.Decode(units, &numbers);
  if (!status.ok()) return status;
  std::string memory;
  auto bytes = units->Read(unit_, units->SizeOf(unit_), &memory);
  if (!bytes.ok()) return bytes.status();
  std::vector<uint64_t> begins(sizes.size());
  uint64_t end = 0;
  for (size_t i = 0; i < sizes.size(); ++i) {
    begins[i] = end;
    const uint64_t stored = StoredSize(kind_, sizes[i]);
    if (stored > bytes->size() - end) return absl::DataLossError("a column of texts is cut off");
    end += stored;
  }
  for (size_t i = 0; i < rows.size(); ++i) {
    const uint64_t text = numbers.empty() ? rows[i] : numbers[rows[i]];
    if (text >= sizes.size()) return absl::DataLossError("a number outside its dictionary");
    LineCursor& line = lines[i];
    if (sizes[text] > static_cast<size_t>(line.end - line.at)) return NoRoom();
    const std::string_view stored = bytes->substr(begins[text], StoredSize(kind_, sizes[text]));
    if (kind_ == VariableKind::kHex) {
      UnpackHex(stored, sizes[text], line.at);
    } else {
      std::memcpy(line.at, stored.data(), stored.size());
    }
    line.at += sizes[text];
  }
  return absl::OkStatus();
}

absl::Status VariableColumn::Append(UnitReader* units, std::span<const uint32_t> rows,
                                    std::span<LineCursor> lines) const {
  const bool numbers = kind_ == VariableKind::kNumber || kind_ == VariableKind::kPadded;
  return numbers ? AppendNumbers(units, rows, lines) : AppendTexts(units, rows, lines);
}

}  // namespace tidegate::storage
