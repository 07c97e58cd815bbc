#include "storage/page/time_column_pool.h"

#include <memory>

#include "storage/codec/time_column.h"

namespace tidegate::storage {

TimeColumn TimeColumnPool::Decode(std::string_view encoded) {
  const auto known = decoded_.find(absl::string_view(encoded.data(), encoded.size()));
  if (known != decoded_.end()) return known->second;
  ByteReader in(encoded);
  auto times = std::make_shared<std::vector<model::TimestampMs>>();
  if (!DecodeTimeColumn(&in, times.get()) || !in.done()) return nullptr;
  decoded_.emplace(encoded, times);
  return times;
}

TimeColumn TimeColumnPool::Join(const std::vector<TimeSlice>& slices) {
  if (slices.size() == 1 && slices.front().whole()) return slices.front().column;
  TimeColumn& joined = joined_[slices];
  if (joined != nullptr) return joined;
  auto times = std::make_shared<std::vector<model::TimestampMs>>();
  size_t size = 0;
  for (const TimeSlice& slice : slices) size += slice.size();
  times->reserve(size);
  for (const TimeSlice& slice : slices) {
    times->insert(times->end(), slice.column->begin() + slice.begin,
                  slice.column->begin() + slice.end);
  }
  joined = std::move(times);
  return joined;
}

}  // namespace tidegate::storage
