#include "import_command_main.h"

#include <curl/curl.h>
#include <snappy.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "control/write/push_body.h"
#include "fmt/format.h"
#include "ingest/prometheus_block/block.h"

namespace tidegate {
namespace {

constexpr long kTimeoutSeconds = 120;
constexpr int kAttempts = 8;  // The pauses between them double from 100 ms: 13 s in all.
constexpr absl::Duration kShowEvery = absl::Milliseconds(500);

size_t Append(char* data, size_t size, size_t count, void* body) {
  static_cast<std::string*>(body)->append(data, size * count);
  return size * count;
}

void PutVarint(uint64_t value, std::string* out) {
  for (; value >= 0x80; value >>= 7) out->push_back(static_cast<char>(value | 0x80));
  out->push_back(static_cast<char>(value));
}

// Sends bodies of remote write over one kept connection. Owned by one thread.
class Sender {
 public:
  explicit Sender(const ImportCommandOptions& options)
      : curl_(curl_easy_init(), curl_easy_cleanup), headers_(nullptr, curl_slist_free_all) {
    if (curl_ == nullptr) return;
    curl_slist* list = curl_slist_append(nullptr, "Content-Type: application/x-protobuf");
    list = curl_slist_append(list, "Content-Encoding: snappy");
    list = curl_slist_append(list, "Expect:");
    if (!options.secret.empty()) {
      list = curl_slist_append(list, ("Authorization: Bearer " + options.secret).c_str());
    }
    if (!options.tenant.empty()) {
      list = curl_slist_append(list, ("X-Scope-OrgID: " + options.tenant).c_str());
    }
    headers_.reset(list);
    const std::string url = options.server + "/api/v1/push";
    curl_easy_setopt(curl_.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl_.get(), CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl_.get(), CURLOPT_HTTPHEADER, list);
    curl_easy_setopt(curl_.get(), CURLOPT_TIMEOUT, kTimeoutSeconds);
    curl_easy_setopt(curl_.get(), CURLOPT_WRITEFUNCTION, &Append);
    curl_easy_setopt(curl_.get(), CURLOPT_WRITEDATA, &answer_);
    if (!options.ca_file.empty()) {
      curl_easy_setopt(curl_.get(), CURLOPT_CAINFO, options.ca_file.c_str());
    }
  }

  // Tries again what the server may take later.
  absl::Status Send(std::string_view message) {
    if (curl_ == nullptr) return absl::InternalError("libcurl does not start");
    snappy::Compress(message.data(), message.size(), &block_);
    absl::Duration pause = absl::Milliseconds(100);
    absl::Status status;
    for (int i = 0; i < kAttempts; ++i, pause *= 2) {
      if (i > 0) absl::SleepFor(pause);
      status = TryOnce();
      if (!absl::IsUnavailable(status)) return status;
    }
    return status;
  }

 private:
  absl::Status TryOnce() {
    answer_.clear();
    curl_easy_setopt(curl_.get(), CURLOPT_POSTFIELDS, block_.data());
    curl_easy_setopt(curl_.get(), CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(block_.size()));
    const CURLcode result = curl_easy_perform(curl_.get());
    if (result != CURLE_OK) return absl::UnavailableError(curl_easy_strerror(result));
    long status = 0;
    curl_easy_getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &status);
    if (status / 100 == 2) return absl::OkStatus();
    const std::string text = fmt::format("the server answers {}: {}", status, answer_);
    return status == 429 || status / 100 == 5 ? absl::UnavailableError(text)
                                              : absl::InvalidArgumentError(text);
  }

  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl_;
  std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers_;
  std::string block_;
  std::string answer_;
};

// One line that is written over again where somebody looks at it.
class Progress {
 public:
  void Show(size_t block, size_t blocks, double share, uint64_t samples, bool last) {
    const absl::Time now = absl::Now();
    if (!last && now - shown_ < kShowEvery) return;
    shown_ = now;
    const double seconds = absl::ToDoubleSeconds(now - start_);
    const double done = (static_cast<double>(block) + share) / static_cast<double>(blocks);
    const auto filled = static_cast<size_t>(done * kWidth);
    fmt::print(stderr, "{}[{}{}] {:5.1f} %, block {} of {}, {} samples, {:.0f} a second{}",
               tty_ ? "\r" : "", std::string(filled, '#'), std::string(kWidth - filled, '.'),
               done * 100, std::min(block + 1, blocks), blocks, samples,
               static_cast<double>(samples) / std::max(seconds, 1e-3), tty_ && !last ? "" : "\n");
  }

 private:
  static constexpr size_t kWidth = 30;
  const bool tty_ = isatty(STDERR_FILENO) != 0;
  const absl::Time start_ = absl::Now();
  absl::Time shown_ = absl::InfinitePast();
};

class Importer {
 public:
  explicit Importer(const ImportCommandOptions& options) : options_(options), sender_(options) {}

  absl::Status Run(const std::vector<ingest::BlockMeta>& blocks);

 private:
  absl::Status Add(std::string_view label_bytes, const ingest::ChunkSamples& samples);
  absl::Status AddFloats(std::string_view label_bytes, const ingest::ChunkSamples& samples);
  absl::Status FlushIfFull() {
    return message_.size() < options_.push_bytes ? absl::OkStatus() : Flush();
  }
  absl::Status Flush();

  const ImportCommandOptions& options_;
  Sender sender_;
  Progress progress_;
  std::string message_;
  std::string series_;
  uint64_t series_count_ = 0, samples_ = 0, histograms_ = 0, refused_pushes_ = 0;
  std::string first_refusal_;
};

absl::Status Importer::Flush() {
  if (message_.empty()) return absl::OkStatus();
  const absl::Status status = sender_.Send(message_);
  message_.clear();
  if (!absl::IsInvalidArgument(status)) return status;
  // The valid part is stored; the rest of the import goes on.
  if (refused_pushes_++ == 0) first_refusal_ = std::string(status.message());
  return absl::OkStatus();
}

// A series goes into as many pushes as it needs.
absl::Status Importer::AddFloats(std::string_view label_bytes,
                                 const ingest::ChunkSamples& samples) {
  for (size_t i = 0; i < samples.timestamps.size();) {
    series_.assign(label_bytes);
    for (; i < samples.timestamps.size() && series_.size() < options_.push_bytes; ++i) {
      char sample[24] = "\x09";  // Sample.value, then Sample.timestamp.
      std::memcpy(sample + 1, &samples.values[i], sizeof(double));
      sample[9] = '\x10';
      char* end = sample + 10;
      uint64_t time = static_cast<uint64_t>(samples.timestamps[i]);
      for (; time >= 0x80; time >>= 7) *end++ = static_cast<char>(time | 0x80);
      *end++ = static_cast<char>(time);
      series_.push_back('\x12');  // TimeSeries.samples
      series_.push_back(static_cast<char>(end - sample));
      series_.append(sample, static_cast<size_t>(end - sample));
    }
    message_.push_back('\x0A');  // WriteRequest.timeseries
    PutVarint(series_.size(), &message_);
    message_.append(series_);
    if (absl::Status status = FlushIfFull(); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Importer::Add(std::string_view label_bytes, const ingest::ChunkSamples& samples) {
  ++series_count_;
  samples_ += samples.timestamps.size();
  histograms_ += samples.histograms.size();
  if (absl::Status status = AddFloats(label_bytes, samples); !status.ok()) return status;
  for (const model::HistogramSample& histogram : samples.histograms) {
    control::PushBody body;
    body.AddHistogram(label_bytes, histogram);
    message_.append(body.bytes());
    if (absl::Status status = FlushIfFull(); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Importer::Run(const std::vector<ingest::BlockMeta>& blocks) {
  ingest::BlockReadStats stats;
  absl::Status status;
  for (size_t i = 0; i < blocks.size() && status.ok(); ++i) {
    status = ingest::ReadBlock(
        blocks[i],
        [&](std::string_view label_bytes, const ingest::ChunkSamples& samples, double share) {
          progress_.Show(i, blocks.size(), share, samples_ + histograms_, false);
          return Add(label_bytes, samples);
        },
        &stats);
  }
  if (status.ok()) status = Flush();
  if (!status.ok()) return status;
  progress_.Show(blocks.size(), blocks.size(), 0, samples_ + histograms_, true);
  fmt::print("sent {} samples and {} histograms of {} series in {} blocks\n", samples_, histograms_,
             series_count_, blocks.size());
  if (refused_pushes_ > 0) {
    return absl::InvalidArgumentError(
        fmt::format("{} pushes were refused, in part or as a whole; the first: {}", refused_pushes_,
                    first_refusal_));
  }
  if (stats.damaged_chunks > 0) {
    return absl::DataLossError(fmt::format("{} chunks are damaged and were left out; the first: {}",
                                           stats.damaged_chunks, stats.first_damage));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ImportPrometheus(const ImportCommandOptions& options, const std::string& directory) {
  const auto blocks = ingest::FindBlocks(directory);
  if (!blocks.ok()) return blocks.status();
  return Importer(options).Run(*blocks);
}

}  // namespace tidegate
