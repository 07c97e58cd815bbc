#include "storage/page/float_page.h"

#include <xxhash.h>

#include <algorithm>

#include "storage/codec/bytes.h"
#include "storage/codec/int_block.h"
#include "storage/codec/time_column.h"

namespace tidegate::storage {
namespace {

constexpr uint8_t kHasStarts = 1;

uint64_t BlockCount(uint64_t samples) { return (samples + kMaxBlockValues - 1) / kMaxBlockValues; }

// Calls fn(begin, size) for every block of `count` samples; stops at false.
template <typename Fn>
bool ForEachBlock(size_t count, Fn fn) {
  for (size_t begin = 0; begin < count; begin += kMaxBlockValues) {
    if (!fn(begin, std::min(kMaxBlockValues, count - begin))) return false;
  }
  return true;
}

absl::Status NotAPage(std::string_view what) {
  return absl::DataLossError("not a page of float samples: " + std::string(what));
}

}  // namespace

size_t FloatPageBuilder::ColumnOf(std::span<const model::TimestampMs> timestamps) {
  const auto equals = [&](const Column& column) {
    return std::equal(column.times.begin(), column.times.end(), timestamps.begin(),
                      timestamps.end());
  };
  if (!columns_.empty() && equals(columns_.back())) return columns_.size() - 1;
  const uint64_t hash = XXH3_64bits(timestamps.data(), timestamps.size_bytes());
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].hash == hash && equals(columns_[i])) return i;
  }
  columns_.push_back({.hash = hash, .times = {timestamps.begin(), timestamps.end()}});
  return columns_.size() - 1;
}

void FloatPageBuilder::Add(uint32_t series, std::span<const model::TimestampMs> timestamps,
                           std::span<const double> values,
                           std::span<const model::TimestampMs> start_timestamps) {
  const size_t body_begin = body_.size();
  const bool has_starts =
      std::any_of(start_timestamps.begin(), start_timestamps.end(), [](auto t) { return t != 0; });
  if (has_starts) {
    ForEachBlock(values.size(), [&](size_t begin, size_t size) {
      EncodeIntBlock(start_timestamps.subspan(begin, size), &body_);
      return true;
    });
  }
  std::string summaries;
  ForEachBlock(values.size(), [&](size_t begin, size_t size) {
    const BlockSummary summary = Summarize(values.subspan(begin, size));
    EncodeSummary(summary, &summaries);
    if (!summary.constant) EncodeValueBlock(values.subspan(begin, size), &body_);
    return true;
  });
  PutVarint(series - last_series_, &directory_);
  PutVarint(ColumnOf(timestamps), &directory_);
  PutU8(has_starts ? kHasStarts : 0, &directory_);
  PutVarint(body_.size() - body_begin, &directory_);
  directory_ += summaries;
  last_series_ = series;
  ++chunks_;
}

std::vector<std::string> FloatPageBuilder::Finish() {
  std::string times;
  PutVarint(columns_.size(), &times);
  for (const Column& column : columns_) {
    std::string encoded;
    EncodeTimeColumn(column.times, &encoded);
    PutBytes(encoded, &times);
  }
  std::string directory;
  PutVarint(chunks_, &directory);
  directory += directory_;
  std::vector<std::string> sections = {std::move(times), std::move(directory), std::move(body_)};
  *this = FloatPageBuilder();
  return sections;
}

absl::Status FloatPage::ParseColumns() {
  ByteReader in(times_);
  const uint64_t count = in.Count(1);
  for (uint64_t i = 0; i < count; ++i) {
    Column column{.bytes = in.Bytes()};
    ByteReader head(column.bytes);  // Kind, then the count (time_column.h).
    head.U8();
    const uint64_t times = head.Varint();
    if (!head.ok() || times == 0 || times > kMaxColumnTimes) return NotAPage("a time column");
    column.count = static_cast<uint32_t>(times);
    columns_.push_back(column);
  }
  return in.done() ? absl::OkStatus() : NotAPage("the time columns");
}

absl::Status FloatPage::ParseDirectory(std::string_view directory) {
  ByteReader in(directory);
  const uint64_t count = in.Count(5);
  chunks_.reserve(count);
  uint64_t series = 0;
  size_t body_end = 0;
  for (uint64_t i = 0; i < count; ++i) {
    Chunk chunk;
    const uint64_t step = in.Varint();
    const uint64_t column = in.Varint();
    chunk.has_starts = (in.U8() & kHasStarts) != 0;
    chunk.body_begin = body_end;
    const uint64_t body_size = in.Varint();
    if (!in.ok() || column >= columns_.size() || body_size > body_.size() - body_end ||
        step > UINT32_MAX - series || (i > 0 && step == 0)) {
      return NotAPage("a chunk's entry");
    }
    series += step;
    chunk.series = static_cast<uint32_t>(series);
    chunk.time_column = static_cast<uint32_t>(column);
    chunk.count = columns_[column].count;
    chunk.body_size = body_size;
    body_end += body_size;
    if (BlockCount(chunk.count) > in.remaining()) return NotAPage("a chunk's blocks");
    chunk.blocks.reserve(BlockCount(chunk.count));
    ForEachBlock(chunk.count, [&](size_t, size_t size) {
      return DecodeSummary(&in, static_cast<uint32_t>(size), &chunk.blocks.emplace_back());
    });
    if (!in.ok()) return NotAPage("a block's summary");
    chunks_.push_back(std::move(chunk));
  }
  return in.done() && body_end == body_.size() ? absl::OkStatus() : NotAPage("the directory");
}

absl::StatusOr<std::unique_ptr<const FloatPage>> FloatPage::Parse(
    std::vector<std::string> sections) {
  if (sections.size() != 3) return NotAPage("the number of sections");
  std::unique_ptr<FloatPage> page(new FloatPage());
  page->times_ = std::move(sections[0]);
  page->body_ = std::move(sections[2]);
  if (absl::Status status = page->ParseColumns(); !status.ok()) return status;
  if (absl::Status status = page->ParseDirectory(sections[1]); !status.ok()) return status;
  return page;
}

const FloatPage::Chunk* FloatPage::Find(uint32_t series) const {
  const auto at = std::lower_bound(chunks_.begin(), chunks_.end(), series,
                                   [](const Chunk& c, uint32_t s) { return c.series < s; });
  return at != chunks_.end() && at->series == series ? &*at : nullptr;
}

absl::StatusOr<TimeColumn> FloatPage::Times(const Chunk& chunk, TimeColumnPool* pool) const {
  TimeColumn times = pool->Decode(columns_[chunk.time_column].bytes);
  if (times == nullptr) return NotAPage("a time column");
  return times;
}

absl::Status FloatPage::Decode(const Chunk& chunk, std::vector<double>* values,
                               std::vector<model::TimestampMs>* starts) const {
  ByteReader in(std::string_view(body_).substr(chunk.body_begin, chunk.body_size));
  starts->resize(chunk.has_starts ? chunk.count : 0);
  ForEachBlock(starts->size(), [&](size_t begin, size_t size) {
    return DecodeIntBlock(&in, {starts->data() + begin, size});
  });
  values->resize(chunk.count);
  ForEachBlock(chunk.count, [&](size_t begin, size_t size) {
    const BlockSummary& summary = chunk.blocks[begin / kMaxBlockValues];
    if (summary.constant) {
      std::fill_n(values->begin() + static_cast<ptrdiff_t>(begin), size, summary.first);
      return true;
    }
    return DecodeValueBlock(&in, {values->data() + begin, size});
  });
  return in.done() ? absl::OkStatus() : NotAPage("a chunk's values");
}

}  // namespace tidegate::storage
