#include "ingest/prometheus_block/block_index.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "fmt/format.h"
#include "model/labels.h"

namespace tidegate::ingest {
namespace {

constexpr uint32_t kMagic = 0xBAAAD700;
constexpr size_t kHeaderBytes = 5;
constexpr size_t kTocBytes = 6 * 8 + 4;
constexpr size_t kSeriesAlignment = 16;  // Version 2.
constexpr size_t kCrcBytes = 4;

absl::Status Damaged(std::string_view what) {
  return absl::DataLossError(fmt::format("the index is damaged: {}", what));
}

uint64_t BigEndian(std::string_view bytes) {
  uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<uint8_t>(byte);
  return value;
}

// Reads what is inside one entry; every method is false at the end of the bytes.
class Entry {
 public:
  explicit Entry(std::string_view bytes) : rest_(bytes) {}

  bool Unsigned(uint64_t* value) {
    *value = 0;
    for (int shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<uint8_t>(rest_.front());
      rest_.remove_prefix(1);
      *value |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return true;
    }
    return false;
  }
  bool Signed(int64_t* value) {
    uint64_t zigzag = 0;
    if (!Unsigned(&zigzag)) return false;
    *value = static_cast<int64_t>(zigzag >> 1) ^ -static_cast<int64_t>(zigzag & 1);
    return true;
  }
  bool Bytes(uint64_t size, std::string_view* bytes) {
    if (size > rest_.size()) return false;
    *bytes = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return true;
  }
  bool Text(std::string_view* text) {
    uint64_t size = 0;
    return Unsigned(&size) && Bytes(size, text);
  }
  size_t left() const { return rest_.size(); }

 private:
  std::string_view rest_;
};

// Slices: eight bytes a step.
std::array<std::array<uint32_t, 256>, 8> MakeTables() {
  std::array<std::array<uint32_t, 256>, 8> tables{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0x82F63B78 : 0);
    tables[0][i] = crc;
  }
  for (uint32_t i = 0; i < 256; ++i) {
    for (size_t t = 1; t < 8; ++t) {
      tables[t][i] = tables[t - 1][i] >> 8 ^ tables[0][tables[t - 1][i] & 0xff];
    }
  }
  return tables;
}

}  // namespace

uint32_t BlockChecksum(std::string_view bytes) {
  static const auto kTables = MakeTables();
  uint32_t crc = ~uint32_t{0};
  const char* at = bytes.data();
  size_t left = bytes.size();
  for (; left >= 8; left -= 8, at += 8) {
    uint64_t word = 0;
    std::memcpy(&word, at, sizeof(word));
    word ^= crc;
    crc = 0;
    for (size_t i = 0; i < 8; ++i) crc ^= kTables[7 - i][word >> (8 * i) & 0xff];
  }
  for (; left > 0; --left, ++at) {
    crc = crc >> 8 ^ kTables[0][(crc ^ static_cast<uint8_t>(*at)) & 0xff];
  }
  return ~crc;
}

absl::StatusOr<BlockIndex> BlockIndex::Open(std::string_view file) {
  if (file.size() < kHeaderBytes + kTocBytes || BigEndian(file.substr(0, 4)) != kMagic) {
    return absl::DataLossError("the file is no index of a Prometheus block");
  }
  BlockIndex index(file);
  index.version_ = static_cast<uint8_t>(file[4]);
  if (index.version_ != 1 && index.version_ != 2) {
    return absl::DataLossError(fmt::format("the index has version {}", index.version_));
  }
  const std::string_view toc = file.substr(file.size() - kTocBytes);
  if (BlockChecksum(toc.substr(0, kTocBytes - kCrcBytes)) !=
      BigEndian(toc.substr(kTocBytes - kCrcBytes))) {
    return Damaged("the table of contents does not check");
  }
  uint64_t sections[6];
  for (size_t i = 0; i < 6; ++i) sections[i] = BigEndian(toc.substr(8 * i, 8));
  index.series_begin_ = sections[1];
  index.series_end_ = file.size() - kTocBytes;
  for (const uint64_t begin : sections) {
    if (begin > file.size()) return Damaged("a section begins beyond the file");
    if (begin > index.series_begin_) index.series_end_ = std::min(index.series_end_, begin);
  }
  if (index.series_begin_ == 0) index.series_end_ = 0;  // A block without series.
  if (absl::Status status = index.ReadSymbols(sections[0]); !status.ok()) return status;
  return index;
}

absl::Status BlockIndex::ReadSymbols(uint64_t offset) {
  if (offset == 0) return absl::OkStatus();
  if (file_.size() - offset < 8 + kCrcBytes) return Damaged("symbols end early");
  const uint64_t size = BigEndian(file_.substr(offset, 4));
  if (size < 4 || size > file_.size() - offset - 4 - kCrcBytes) return Damaged("symbols end early");
  const std::string_view table = file_.substr(offset + 4, size);
  if (BlockChecksum(table) != BigEndian(file_.substr(offset + 4 + size, kCrcBytes))) {
    return Damaged("symbols do not check");
  }
  Entry in(table.substr(4));
  const uint64_t count = BigEndian(table.substr(0, 4));
  for (uint64_t i = 0; i < count; ++i) {
    std::string_view text;
    if (!in.Text(&text)) return Damaged("symbols end early");
    symbols_.push_back(text);
  }
  return absl::OkStatus();
}

bool BlockIndex::Symbol(uint64_t reference, std::string_view* text) const {
  if (version_ == 2) {
    if (reference >= symbols_.size()) return false;
    *text = symbols_[reference];
    return true;
  }
  if (reference >= file_.size()) return false;
  return Entry(file_.substr(reference)).Text(text);
}

absl::Status BlockIndex::ReadSeries(std::string_view bytes, BlockSeries* series) const {
  Entry in(bytes);
  uint64_t count = 0;
  if (!in.Unsigned(&count) || count > in.left()) return Damaged("a series ends early");
  series->label_bytes.clear();
  for (uint64_t i = 0; i < count; ++i) {
    uint64_t name_reference = 0, value_reference = 0;
    std::string_view name, value;
    if (!in.Unsigned(&name_reference) || !in.Unsigned(&value_reference) ||
        !Symbol(name_reference, &name) || !Symbol(value_reference, &value)) {
      return Damaged("a label of a series leads nowhere");
    }
    model::AppendLabelBytes(name, value, &series->label_bytes);
  }
  if (!in.Unsigned(&count) || count > in.left()) return Damaged("a series ends early");
  series->chunks.clear();
  int64_t reference = 0;
  for (uint64_t i = 0; i < count; ++i) {
    BlockChunk chunk;
    int64_t signed_part = 0;
    uint64_t gap = 0, length = 0, first = 0;
    const bool read =
        i == 0 ? in.Signed(&chunk.range.min) && in.Unsigned(&length) && in.Unsigned(&first)
               : in.Unsigned(&gap) && in.Unsigned(&length) && in.Signed(&signed_part);
    if (!read) return Damaged("a series ends early");
    if (i == 0) {
      reference = static_cast<int64_t>(first);
    } else {
      chunk.range.min =
          static_cast<int64_t>(static_cast<uint64_t>(series->chunks.back().range.max) + gap);
      reference = static_cast<int64_t>(static_cast<uint64_t>(reference) +
                                       static_cast<uint64_t>(signed_part));
    }
    chunk.range.max = static_cast<int64_t>(static_cast<uint64_t>(chunk.range.min) + length);
    chunk.segment = static_cast<uint32_t>(static_cast<uint64_t>(reference) >> 32);
    chunk.offset = static_cast<uint32_t>(reference);
    series->chunks.push_back(chunk);
  }
  return absl::OkStatus();
}

absl::Status BlockIndex::ForEachSeries(
    const std::function<absl::Status(const BlockSeries& series, double progress)>& series_fn)
    const {
  BlockSeries series;
  const double total = static_cast<double>(series_end_ - series_begin_);
  for (uint64_t at = series_begin_; at < series_end_;) {
    if (version_ == 2 && at % kSeriesAlignment != 0) {
      at += kSeriesAlignment - at % kSeriesAlignment;
      continue;
    }
    Entry in(file_.substr(at, series_end_ - at));
    uint64_t size = 0;
    std::string_view entry, checksum;
    const size_t available = in.left();
    if (!in.Unsigned(&size)) return Damaged("a series ends early");
    const size_t prefix = available - in.left();
    if (size == 0) {  // Only padding is left.
      at += prefix;
      continue;
    }
    if (!in.Bytes(size, &entry) || !in.Bytes(kCrcBytes, &checksum)) {
      return Damaged("a series ends early");
    }
    if (BlockChecksum(entry) != BigEndian(checksum)) {
      return Damaged(fmt::format("the series at {} does not check", at));
    }
    series.reference = version_ == 2 ? at / kSeriesAlignment : at;
    absl::Status status = ReadSeries(entry, &series);
    if (status.ok()) status = series_fn(series, static_cast<double>(at - series_begin_) / total);
    if (!status.ok()) return status;
    at += prefix + size + kCrcBytes;
  }
  return absl::OkStatus();
}

}  // namespace tidegate::ingest
