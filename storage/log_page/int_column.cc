#include "storage/log_page/int_column.h"

#include <algorithm>
#include <bit>

#include "absl/container/flat_hash_map.h"

namespace tidegate::storage {
namespace {

constexpr int kMaxPlanes = 8;
constexpr size_t kLeastForDictionary = 32;

// What a frame of values, or of their differences, takes.
struct Shape {
  uint64_t least = 0;  // As a signed number for differences.
  int shift = 0;       // Low bits that are zero in every distance from the least.
  int planes = 0;
  uint64_t bits = 0;  // Sum of the lengths of the distances.
};

int PlanesOf(uint64_t greatest) { return (static_cast<int>(std::bit_width(greatest)) + 7) / 8; }

template <typename At>
Shape ShapeOf(size_t begin, size_t end, uint64_t least, const At& at) {
  Shape shape{.least = least, .shift = 0, .planes = 0, .bits = 0};
  uint64_t any = 0;
  for (size_t i = begin; i < end; ++i) {
    const uint64_t distance = at(i) - least;
    any |= distance;
    shape.bits += static_cast<uint64_t>(std::bit_width(distance));
  }
  if (any == 0) return shape;
  shape.shift = std::countr_zero(any);
  shape.planes = PlanesOf(any >> shape.shift);
  shape.bits -= std::min(shape.bits, (end - begin) * static_cast<uint64_t>(shape.shift));
  return shape;
}

void PutShape(const Shape& shape, std::string* header) {
  PutU8(static_cast<uint8_t>(shape.shift), header);
  PutU8(static_cast<uint8_t>(shape.planes), header);
}

template <typename At>
void AddPlanes(size_t begin, size_t end, const Shape& shape, const At& at, UnitWriter* units) {
  std::string plane(end - begin, '\0');
  for (int p = 0; p < shape.planes; ++p) {
    const int shift = shape.shift + 8 * p;
    for (size_t i = begin; i < end; ++i) {
      plane[i - begin] = static_cast<char>((at(i) - shape.least) >> shift);
    }
    units->Add(plane);
  }
}

// The number of each value in order of first occurrence; false when too many differ for it to pay.
bool NumberDistinct(std::span<const uint64_t> values, std::vector<uint64_t>* distinct,
                    std::vector<uint64_t>* numbers) {
  absl::flat_hash_map<uint64_t, uint32_t> known;
  numbers->reserve(values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    const auto [at, added] = known.try_emplace(values[i], static_cast<uint32_t>(distinct->size()));
    if (added) distinct->push_back(values[i]);
    numbers->push_back(at->second);
    // Early, because most columns that are tried do not repeat themselves.
    if (i >= kLeastForDictionary && 2 * distinct->size() > i) return false;
  }
  return true;
}

bool EncodeDictionary(std::span<const uint64_t> values, uint64_t other_bits, std::string* header,
                      UnitWriter* units) {
  std::vector<uint64_t> distinct, numbers;
  if (values.size() < kLeastForDictionary || !NumberDistinct(values, &distinct, &numbers)) {
    return false;
  }
  const uint64_t bits = distinct.size() * other_bits / values.size() +
                        values.size() * static_cast<uint64_t>(std::bit_width(distinct.size()));
  if (bits + bits / 8 >= other_bits) return false;
  PutU8(static_cast<uint8_t>(IntColumnMode::kDictionary), header);
  PutVarint(distinct.size(), header);
  EncodeIntColumn(distinct, header, units);
  EncodeIntColumn(numbers, header, units);
  return true;
}

}  // namespace

void EncodeIntColumn(std::span<const uint64_t> values, std::string* header, UnitWriter* units) {
  const auto [least, greatest] = std::minmax_element(values.begin(), values.end());
  if (*least == *greatest) {
    PutU8(static_cast<uint8_t>(IntColumnMode::kConstant), header);
    PutVarint(*least, header);
    return;
  }
  const auto value = [&](size_t i) { return values[i]; };
  const auto delta = [&](size_t i) { return values[i] - values[i - 1]; };
  const Shape frame = ShapeOf(0, values.size(), *least, value);
  int64_t least_delta = INT64_MAX;
  for (size_t i = 1; i < values.size(); ++i) {
    least_delta = std::min(least_delta, static_cast<int64_t>(delta(i)));
  }
  const Shape deltas = ShapeOf(1, values.size(), static_cast<uint64_t>(least_delta), delta);
  const bool by_delta = deltas.bits + deltas.bits / 4 < frame.bits;
  const Shape& best = by_delta ? deltas : frame;
  if (best.planes >= 2 && EncodeDictionary(values, best.bits, header, units)) return;
  if (by_delta) {
    PutU8(static_cast<uint8_t>(IntColumnMode::kDelta), header);
    PutVarint(values[0], header);
    PutZigzag(least_delta, header);
    PutShape(deltas, header);
    AddPlanes(1, values.size(), deltas, delta, units);
    return;
  }
  PutU8(static_cast<uint8_t>(IntColumnMode::kFrame), header);
  PutVarint(*least, header);
  PutShape(frame, header);
  AddPlanes(0, values.size(), frame, value, units);
}

bool IntColumn::Parse(ByteReader* in, uint32_t count, uint32_t* next_unit) {
  if (!ParsePlain(in, count, next_unit)) return false;
  if (mode_ != IntColumnMode::kDictionary) return true;
  const uint64_t distinct = in->Varint();
  if (distinct == 0 || distinct > count) in->Fail();
  // A dictionary of dictionaries is never written.
  parts_.resize(2);
  for (IntColumn& part : parts_) {
    const uint64_t size = &part == &parts_[0] ? distinct : count;
    if (!part.ParsePlain(in, static_cast<uint32_t>(size), next_unit)) return false;
    if (part.mode_ == IntColumnMode::kDictionary) in->Fail();
  }
  return in->ok();
}

bool IntColumn::ParsePlain(ByteReader* in, uint32_t count, uint32_t* next_unit) {
  count_ = count;
  mode_ = static_cast<IntColumnMode>(in->U8());
  if (mode_ > IntColumnMode::kDictionary || count == 0) in->Fail();
  if (mode_ == IntColumnMode::kDictionary) return in->ok();
  base_ = in->Varint();
  if (mode_ == IntColumnMode::kConstant) return in->ok();
  if (mode_ == IntColumnMode::kDelta) least_delta_ = in->Zigzag();
  shift_ = in->U8();
  planes_ = in->U8();
  if (planes_ > kMaxPlanes || shift_ > 63) in->Fail();
  first_unit_ = *next_unit;
  *next_unit += planes_;
  return in->ok();
}

absl::Status IntColumn::ReadPlanes(UnitReader* units, uint32_t count,
                                   std::vector<uint64_t>* values) const {
  values->assign(count, 0);
  std::string memory;
  for (uint32_t p = 0; p < planes_; ++p) {
    auto plane = units->Read(first_unit_ + p, count, &memory);
    if (!plane.ok()) return plane.status();
    const int shift = static_cast<int>(8 * p) + shift_;
    if (shift > 63) continue;
    const auto* const bytes = reinterpret_cast<const uint8_t*>(plane->data());
    uint64_t* const out = values->data();
    for (uint32_t i = 0; i < count; ++i) out[i] |= static_cast<uint64_t>(bytes[i]) << shift;
  }
  return absl::OkStatus();
}

absl::Status IntColumn::DecodeDictionary(UnitReader* units, std::vector<uint64_t>* values) const {
  std::vector<uint64_t> distinct;
  absl::Status status = parts_[0].Decode(units, &distinct);
  if (status.ok()) status = parts_[1].Decode(units, values);
  if (!status.ok()) return status;
  for (uint64_t& value : *values) {
    if (value >= distinct.size()) return absl::DataLossError("a number outside its dictionary");
    value = distinct[value];
  }
  return absl::OkStatus();
}

absl::Status IntColumn::Decode(UnitReader* units, std::vector<uint64_t>* values) const {
  if (mode_ == IntColumnMode::kConstant) {
    values->assign(count_, base_);
    return absl::OkStatus();
  }
  if (mode_ == IntColumnMode::kDictionary) return DecodeDictionary(units, values);
  if (mode_ == IntColumnMode::kFrame) {
    absl::Status status = ReadPlanes(units, count_, values);
    for (uint64_t& value : *values) value += base_;
    return status;
  }
  absl::Status status = ReadPlanes(units, count_ - 1, values);
  if (!status.ok()) return status;
  values->push_back(0);
  uint64_t sum = base_;
  for (uint64_t& value : *values) {
    const uint64_t step = value + static_cast<uint64_t>(least_delta_);
    value = sum;
    sum += step;
  }
  return absl::OkStatus();
}

}  // namespace tidegate::storage
