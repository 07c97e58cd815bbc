#include "storage/codec/time_column.h"

#include <algorithm>

#include "storage/codec/int_block.h"

namespace tidegate::storage {
namespace {

struct Gap {
  uint64_t after = 0;    // Samples since the last gap.
  uint64_t missing = 0;  // Steps without a sample.
};

// True when all distances are multiples of the least one and nearly all equal to it.
bool FindGrid(std::span<const model::TimestampMs> times, int64_t* step, std::vector<Gap>* gaps) {
  *step = times.size() > 1 ? times[1] - times[0] : 1;
  for (size_t i = 2; i < times.size(); ++i) *step = std::min(*step, times[i] - times[i - 1]);
  const size_t most_gaps = times.size() / 16 + 1;
  size_t last = 0;
  for (size_t i = 1; i < times.size(); ++i) {
    const int64_t distance = times[i] - times[i - 1];
    if (distance == *step) continue;
    if (distance % *step != 0 || gaps->size() == most_gaps) return false;
    gaps->push_back({.after = i - last, .missing = static_cast<uint64_t>(distance / *step - 1)});
    last = i;
  }
  return true;
}

// `count` more points of the grid behind the last one; false when they would leave the bounds.
bool Extend(uint64_t count, uint64_t step, std::vector<model::TimestampMs>* times) {
  const uint64_t room = static_cast<uint64_t>(model::kMaxTimestamp - times->back());
  if (count != 0 && step > room / count) return false;
  for (uint64_t i = 0; i < count; ++i) {
    times->push_back(times->back() + static_cast<int64_t>(step));
  }
  return true;
}

bool DecodeGrid(ByteReader* in, uint64_t count, std::vector<model::TimestampMs>* times) {
  const int64_t first = in->Zigzag();
  const uint64_t step = in->Varint();
  const uint64_t gaps = in->Count(2);
  if (!in->ok() || step == 0 || step > static_cast<uint64_t>(model::kMaxTimestamp)) return false;
  if (first < model::kMinTimestamp || first > model::kMaxTimestamp) return false;
  times->reserve(count);
  times->push_back(first);
  for (uint64_t i = 0; i < gaps; ++i) {
    const uint64_t after = in->Varint();
    const uint64_t missing = in->Varint();
    if (!in->ok() || after == 0 || after > count - times->size()) return false;
    if (!Extend(after - 1, step, times)) return false;
    if (missing >= static_cast<uint64_t>(model::kMaxTimestamp) / step) return false;
    if (!Extend(1, (missing + 1) * step, times)) return false;
  }
  return Extend(count - times->size(), step, times);
}

bool DecodeIrregular(ByteReader* in, uint64_t count, std::vector<model::TimestampMs>* times) {
  times->resize(count);
  for (uint64_t begin = 0; begin < count; begin += kMaxBlockValues) {
    const uint64_t size = std::min<uint64_t>(kMaxBlockValues, count - begin);
    if (!DecodeIntBlock(in, {times->data() + begin, size})) return false;
  }
  if (times->front() < model::kMinTimestamp || times->back() > model::kMaxTimestamp) return false;
  return std::adjacent_find(times->begin(), times->end(), std::greater_equal<>()) == times->end();
}

}  // namespace

void EncodeTimeColumn(std::span<const model::TimestampMs> times, std::string* out) {
  int64_t step = 1;
  std::vector<Gap> gaps;
  if (FindGrid(times, &step, &gaps)) {
    PutU8(static_cast<uint8_t>(TimeKind::kGrid), out);
    PutVarint(times.size(), out);
    PutZigzag(times.front(), out);
    PutVarint(static_cast<uint64_t>(step), out);
    PutVarint(gaps.size(), out);
    for (const Gap& gap : gaps) {
      PutVarint(gap.after, out);
      PutVarint(gap.missing, out);
    }
    return;
  }
  PutU8(static_cast<uint8_t>(TimeKind::kIrregular), out);
  PutVarint(times.size(), out);
  for (size_t begin = 0; begin < times.size(); begin += kMaxBlockValues) {
    EncodeIntBlock(times.subspan(begin, std::min(kMaxBlockValues, times.size() - begin)), out);
  }
}

bool DecodeTimeColumn(ByteReader* in, std::vector<model::TimestampMs>* times) {
  times->clear();
  const TimeKind kind = static_cast<TimeKind>(in->U8());
  const uint64_t count = in->Varint();
  bool ok = in->ok() && count > 0 && count <= kMaxColumnTimes;
  if (ok && kind == TimeKind::kGrid) {
    ok = DecodeGrid(in, count, times);
  } else if (ok) {
    ok = kind == TimeKind::kIrregular && DecodeIrregular(in, count, times);
  }
  if (!ok) in->Fail();
  return ok;
}

}  // namespace tidegate::storage
