#include "ingest/prometheus_block/block.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstring>
#include <filesystem>
#include <map>
#include <optional>
#include <utility>

#include "fmt/format.h"
#include "ingest/prometheus_block/block_index.h"

namespace tidegate::ingest {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr uint32_t kChunksMagic = 0x85BD40DD;
constexpr uint32_t kTombstonesMagic = 0x0130BA30;
constexpr size_t kChunksHeader = 8;
constexpr size_t kTombstonesHeader = 5;
constexpr size_t kCrcBytes = 4;

uint32_t BigEndian32(std::string_view bytes) {
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<uint8_t>(bytes[i]);
  return value;
}

// A file in memory, read only.
class MappedFile {
 public:
  static absl::StatusOr<MappedFile> Open(const std::string& path) {
    const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat about {};
    if (fd < 0 || fstat(fd, &about) != 0) {
      const int error = errno;
      if (fd >= 0) close(fd);
      return absl::NotFoundError(fmt::format("cannot read {}: {}", path, strerror(error)));
    }
    const auto size = static_cast<size_t>(about.st_size);
    void* const bytes = size == 0 ? nullptr : mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    if (bytes == MAP_FAILED) {
      return absl::UnavailableError(fmt::format("cannot map {}: {}", path, strerror(errno)));
    }
    if (bytes != nullptr) (void)madvise(bytes, size, MADV_SEQUENTIAL);
    return MappedFile(static_cast<const char*>(bytes), size);
  }
  MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
  MappedFile& operator=(MappedFile&&) = delete;
  ~MappedFile() {
    if (!bytes_.empty()) munmap(const_cast<char*>(bytes_.data()), bytes_.size());
  }

  std::string_view bytes() const { return bytes_; }

 private:
  MappedFile(const char* bytes, size_t size) : bytes_(bytes, size) {}

  std::string_view bytes_;
};

using Deletions = std::map<uint64_t, std::vector<model::TimeRange>>;  // By series.

bool TakeUnsigned(std::string_view* in, uint64_t* value) {
  *value = 0;
  for (int shift = 0; shift < 64 && !in->empty(); shift += 7) {
    const auto byte = static_cast<uint8_t>(in->front());
    in->remove_prefix(1);
    *value |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

bool TakeSigned(std::string_view* in, int64_t* value) {
  uint64_t zigzag = 0;
  if (!TakeUnsigned(in, &zigzag)) return false;
  *value = static_cast<int64_t>(zigzag >> 1) ^ -static_cast<int64_t>(zigzag & 1);
  return true;
}

// A block without the file has no deletions.
absl::StatusOr<Deletions> ReadDeletions(const std::string& path) {
  Deletions deletions;
  const absl::StatusOr<MappedFile> file = MappedFile::Open(path);
  if (absl::IsNotFound(file.status())) return deletions;
  if (!file.ok()) return file.status();
  std::string_view bytes = file->bytes();
  if (bytes.size() < kTombstonesHeader + kCrcBytes || BigEndian32(bytes) != kTombstonesMagic) {
    return absl::DataLossError(fmt::format("{} holds no deletions", path));
  }
  bytes = bytes.substr(kTombstonesHeader, bytes.size() - kTombstonesHeader - kCrcBytes);
  while (!bytes.empty()) {
    uint64_t series = 0;
    model::TimeRange range;
    if (!TakeUnsigned(&bytes, &series) || !TakeSigned(&bytes, &range.min) ||
        !TakeSigned(&bytes, &range.max)) {
      return absl::DataLossError(fmt::format("{} ends early", path));
    }
    deletions[series].push_back(range);
  }
  return deletions;
}

class Reader {
 public:
  explicit Reader(BlockReadStats* stats) : stats_(*stats) {}

  absl::Status Open(const std::string& directory);
  absl::Status Run(
      const std::function<absl::Status(std::string_view, const ChunkSamples&, double)>& series_fn);

 private:
  absl::Status ReadInto(const BlockChunk& chunk, ChunkSamples* samples) const;
  void ReadSeries(const BlockSeries& series);
  void Delete(uint64_t series);

  BlockReadStats& stats_;
  std::optional<MappedFile> index_file_;
  std::optional<BlockIndex> index_;
  std::vector<MappedFile> segments_;
  Deletions deletions_;
  ChunkSamples samples_;
};

absl::Status Reader::Open(const std::string& directory) {
  absl::StatusOr<MappedFile> index = MappedFile::Open(directory + "/index");
  if (!index.ok()) return index.status();
  index_file_.emplace(*std::move(index));
  absl::StatusOr<BlockIndex> opened = BlockIndex::Open(index_file_->bytes());
  if (!opened.ok()) {
    return absl::Status(opened.status().code(),
                        fmt::format("{}: {}", directory, std::string(opened.status().message())));
  }
  index_.emplace(*std::move(opened));
  for (int number = 1;; ++number) {
    const std::string path = fmt::format("{}/chunks/{:06}", directory, number);
    std::error_code error;
    if (!fs::exists(path, error)) break;
    absl::StatusOr<MappedFile> segment = MappedFile::Open(path);
    if (!segment.ok()) return segment.status();
    if (segment->bytes().size() < kChunksHeader || BigEndian32(segment->bytes()) != kChunksMagic) {
      return absl::DataLossError(fmt::format("{} holds no chunks", path));
    }
    segments_.push_back(*std::move(segment));
  }
  absl::StatusOr<Deletions> deletions = ReadDeletions(directory + "/tombstones");
  if (!deletions.ok()) return deletions.status();
  deletions_ = *std::move(deletions);
  return absl::OkStatus();
}

absl::Status Reader::ReadInto(const BlockChunk& chunk, ChunkSamples* samples) const {
  if (chunk.segment >= segments_.size() ||
      chunk.offset >= segments_[chunk.segment].bytes().size()) {
    return absl::DataLossError("a chunk lies beyond its file");
  }
  std::string_view rest = segments_[chunk.segment].bytes().substr(chunk.offset);
  uint64_t size = 0;
  if (!TakeUnsigned(&rest, &size) || rest.size() < 1 + kCrcBytes ||
      size > rest.size() - 1 - kCrcBytes) {
    return absl::DataLossError("a chunk goes beyond its file");
  }
  const std::string_view checked = rest.substr(0, 1 + size);
  if (BlockChecksum(checked) != BigEndian32(rest.substr(1 + size))) {
    return absl::DataLossError("a chunk does not check");
  }
  return ReadChunk(static_cast<BlockChunkEncoding>(checked[0]), checked.substr(1), samples);
}

void Reader::ReadSeries(const BlockSeries& series) {
  samples_.Clear();
  for (const BlockChunk& chunk : series.chunks) {
    const absl::Status status = ReadInto(chunk, &samples_);
    if (status.ok()) continue;
    if (stats_.damaged_chunks++ == 0) stats_.first_damage = std::string(status.message());
  }
  if (!deletions_.empty()) Delete(series.reference);
}

void Reader::Delete(uint64_t series) {
  const auto found = deletions_.find(series);
  if (found == deletions_.end()) return;
  const auto deleted = [&](model::TimestampMs time) {
    return std::any_of(found->second.begin(), found->second.end(),
                       [time](const model::TimeRange& range) { return range.Contains(time); });
  };
  size_t kept = 0;
  for (size_t i = 0; i < samples_.timestamps.size(); ++i) {
    if (deleted(samples_.timestamps[i])) continue;
    samples_.timestamps[kept] = samples_.timestamps[i];
    samples_.values[kept++] = samples_.values[i];
  }
  samples_.timestamps.resize(kept);
  samples_.values.resize(kept);
  std::erase_if(samples_.histograms,
                [&](const model::HistogramSample& sample) { return deleted(sample.timestamp); });
}

absl::Status Reader::Run(
    const std::function<absl::Status(std::string_view, const ChunkSamples&, double)>& series_fn) {
  return index_->ForEachSeries([&](const BlockSeries& series, double progress) {
    ReadSeries(series);
    if (samples_.timestamps.empty() && samples_.histograms.empty()) return absl::OkStatus();
    return series_fn(series.label_bytes, samples_, progress);
  });
}

absl::StatusOr<BlockMeta> ReadMeta(const std::string& directory) {
  const absl::StatusOr<MappedFile> file = MappedFile::Open(directory + "/meta.json");
  if (!file.ok()) return file.status();
  boost::system::error_code error;
  const json::value root =
      json::parse(json::string_view(file->bytes().data(), file->bytes().size()), error);
  const json::object* const object = error ? nullptr : root.if_object();
  const auto number = [](const json::object* from, const char* name) -> int64_t {
    const json::value* const value = from == nullptr ? nullptr : from->if_contains(name);
    return value == nullptr || !value->is_int64() ? 0 : value->as_int64();
  };
  if (object == nullptr) {
    return absl::DataLossError(fmt::format("{}/meta.json is no JSON object", directory));
  }
  BlockMeta meta;
  meta.directory = directory;
  meta.range = {number(object, "minTime"), number(object, "maxTime") - 1};
  const json::value* const stats = object->if_contains("stats");
  const json::object* const counts = stats == nullptr ? nullptr : stats->if_object();
  meta.series = static_cast<uint64_t>(number(counts, "numSeries"));
  meta.samples = static_cast<uint64_t>(number(counts, "numSamples"));
  return meta;
}

bool IsBlock(const fs::path& path) {
  std::error_code error;
  return fs::exists(path / "meta.json", error) && fs::exists(path / "index", error);
}

}  // namespace

absl::StatusOr<std::vector<BlockMeta>> FindBlocks(const std::string& directory) {
  std::vector<std::string> paths;
  std::error_code error;
  if (IsBlock(directory)) {
    paths.push_back(directory);
  } else {
    for (const auto& entry : fs::directory_iterator(directory, error)) {
      if (IsBlock(entry.path())) paths.push_back(entry.path().string());
    }
  }
  if (error) {
    return absl::NotFoundError(fmt::format("cannot read {}: {}", directory, error.message()));
  }
  if (paths.empty()) {
    return absl::NotFoundError(fmt::format(
        "{} holds no block of a Prometheus: what is not in a block yet is in a snapshot "
        "(POST /api/v1/admin/tsdb/snapshot)",
        directory));
  }
  std::vector<BlockMeta> blocks;
  for (const std::string& path : paths) {
    absl::StatusOr<BlockMeta> meta = ReadMeta(path);
    if (!meta.ok()) return meta.status();
    blocks.push_back(*std::move(meta));
  }
  std::sort(blocks.begin(), blocks.end(), [](const BlockMeta& a, const BlockMeta& b) {
    return std::pair(a.range.min, a.directory) < std::pair(b.range.min, b.directory);
  });
  return blocks;
}

absl::Status ReadBlock(
    const BlockMeta& block,
    const std::function<absl::Status(std::string_view label_bytes, const ChunkSamples& samples,
                                     double progress)>& series_fn,
    BlockReadStats* stats) {
  Reader reader(stats);
  absl::Status status = reader.Open(block.directory);
  return status.ok() ? reader.Run(series_fn) : status;
}

}  // namespace tidegate::ingest
