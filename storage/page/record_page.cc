#include "storage/page/record_page.h"

#include <algorithm>

#include "storage/codec/bytes.h"
#include "storage/codec/int_block.h"

namespace tidegate::storage {
namespace {

// Optional columns; the byte in a chunk's entry.
constexpr uint8_t kStartColumn = 1;
constexpr uint8_t kHintColumn = 2;

absl::Status NotAPage(std::string_view what) {
  return absl::DataLossError("not a page of records: " + std::string(what));
}

void PutColumn(const std::vector<int64_t>& values, std::string* out) {
  const std::span<const int64_t> all(values);
  for (size_t begin = 0; begin < all.size(); begin += kMaxBlockValues) {
    EncodeIntBlock(all.subspan(begin, std::min(kMaxBlockValues, all.size() - begin)), out);
  }
}

bool ReadColumn(ByteReader* in, std::vector<int64_t>* values) {
  for (size_t begin = 0; begin < values->size(); begin += kMaxBlockValues) {
    const size_t size = std::min(kMaxBlockValues, values->size() - begin);
    if (!DecodeIntBlock(in, {values->data() + begin, size})) return false;
  }
  return true;
}

template <typename Field>
std::vector<int64_t> ColumnOf(std::span<const Record> records, Field field) {
  std::vector<int64_t> column;
  column.reserve(records.size());
  for (const Record& record : records) column.push_back(field(record));
  return column;
}

bool AnySet(const std::vector<int64_t>& column) {
  return std::any_of(column.begin(), column.end(), [](int64_t v) { return v != 0; });
}

}  // namespace

void RecordPageBuilder::Add(uint32_t series, std::span<const Record> records) {
  const size_t columns_begin = columns_.size();
  const size_t records_begin = records_.size();
  PutColumn(ColumnOf(records, [](const Record& r) { return r.timestamp; }), &columns_);
  PutColumn(ColumnOf(records, [](const Record& r) { return static_cast<int64_t>(r.bytes.size()); }),
            &columns_);
  uint8_t columns = 0;
  const auto starts = ColumnOf(records, [](const Record& r) { return r.start_timestamp; });
  if (AnySet(starts)) {
    columns |= kStartColumn;
    PutColumn(starts, &columns_);
  }
  const auto hints = ColumnOf(records, [](const Record& r) { return r.hint; });
  if (AnySet(hints)) {
    columns |= kHintColumn;
    PutColumn(hints, &columns_);
  }
  for (const Record& record : records) records_.append(record.bytes);
  PutVarint(series - last_series_, &directory_);
  PutVarint(records.size(), &directory_);
  PutU8(columns, &directory_);
  PutVarint(columns_.size() - columns_begin, &directory_);
  PutVarint(records_.size() - records_begin, &directory_);
  last_series_ = series;
  ++chunks_;
}

std::vector<std::string> RecordPageBuilder::Finish() {
  std::string directory;
  PutVarint(chunks_, &directory);
  directory += directory_;
  std::vector<std::string> sections = {std::move(directory), std::move(columns_),
                                       std::move(records_)};
  *this = RecordPageBuilder();
  return sections;
}

absl::StatusOr<std::unique_ptr<const RecordPage>> RecordPage::Parse(
    std::vector<std::string> sections) {
  if (sections.size() != 3) return NotAPage("the number of sections");
  std::unique_ptr<RecordPage> page(new RecordPage());
  page->columns_ = std::move(sections[1]);
  page->records_ = std::move(sections[2]);
  ByteReader in(sections[0]);
  const uint64_t count = in.Count(5);
  uint64_t series = 0;
  size_t columns_end = 0;
  size_t records_end = 0;
  for (uint64_t i = 0; i < count; ++i) {
    const uint64_t step = in.Varint();
    const uint64_t records = in.Varint();
    Chunk chunk{.columns = in.U8(), .columns_begin = columns_end, .records_begin = records_end};
    chunk.columns_size = in.Varint();
    chunk.records_size = in.Varint();
    // A column takes at least two bytes per block of records.
    if (!in.ok() || step > UINT32_MAX - series || (i > 0 && step == 0) || records == 0 ||
        chunk.columns_size > page->columns_.size() - columns_end ||
        chunk.records_size > page->records_.size() - records_end ||
        (records - 1) / kMaxBlockValues >= chunk.columns_size) {
      return NotAPage("a chunk's entry");
    }
    series += step;
    chunk.series = static_cast<uint32_t>(series);
    chunk.count = static_cast<uint32_t>(records);
    columns_end += chunk.columns_size;
    records_end += chunk.records_size;
    page->chunks_.push_back(chunk);
  }
  if (!in.done() || columns_end != page->columns_.size() || records_end != page->records_.size()) {
    return NotAPage("the directory");
  }
  return page;
}

const RecordPage::Chunk* RecordPage::Find(uint32_t series) const {
  const auto at = std::lower_bound(chunks_.begin(), chunks_.end(), series,
                                   [](const Chunk& c, uint32_t s) { return c.series < s; });
  return at != chunks_.end() && at->series == series ? &*at : nullptr;
}

absl::StatusOr<std::vector<Record>> RecordPage::Decode(const Chunk& chunk) const {
  ByteReader columns(std::string_view(columns_).substr(chunk.columns_begin, chunk.columns_size));
  ByteReader bytes(std::string_view(records_).substr(chunk.records_begin, chunk.records_size));
  std::vector<int64_t> times(chunk.count), sizes(chunk.count);
  std::vector<int64_t> starts((chunk.columns & kStartColumn) != 0 ? chunk.count : 0);
  std::vector<int64_t> hints((chunk.columns & kHintColumn) != 0 ? chunk.count : 0);
  if (!ReadColumn(&columns, &times) || !ReadColumn(&columns, &sizes) ||
      !ReadColumn(&columns, &starts) || !ReadColumn(&columns, &hints) || !columns.done()) {
    return NotAPage("a chunk's columns");
  }
  std::vector<Record> records(chunk.count);
  for (size_t i = 0; i < records.size(); ++i) {
    records[i].timestamp = times[i];
    if (!starts.empty()) records[i].start_timestamp = starts[i];
    if (!hints.empty()) records[i].hint = hints[i];
    records[i].bytes = bytes.Take(static_cast<uint64_t>(sizes[i]));
  }
  if (!bytes.done()) return NotAPage("a chunk's records");
  return records;
}

}  // namespace tidegate::storage
