#include "ingest/decode/remote_write.h"

#include <cstdint>
#include <cstring>
#include <string>

#include "fmt/format.h"
#include "ingest/decode/exemplar_message.h"
#include "ingest/decode/histogram_message.h"
#include "ingest/decode/metadata_message.h"
#include "ingest/decode/usual_wire.h"
#include "ingest/decode/wire_cursor.h"
#include "model/series_id.h"

namespace tidegate::ingest {
namespace {

constexpr uint32_t kTimeSeries = WireTag(1, WireType::kBytes);
constexpr uint32_t kMetadata = WireTag(3, WireType::kBytes);

constexpr uint32_t kLabels = WireTag(1, WireType::kBytes);
constexpr uint32_t kSamples = WireTag(2, WireType::kBytes);
constexpr uint32_t kExemplars = WireTag(3, WireType::kBytes);
constexpr uint32_t kHistograms = WireTag(4, WireType::kBytes);

constexpr uint32_t kSampleValue = WireTag(1, WireType::kFixed64);
constexpr uint32_t kSampleTimestamp = WireTag(2, WireType::kVarint);

// An empty histogram takes two bytes on the wire and two hundred in memory.
constexpr int64_t kMemoryPerByte = 8;
constexpr int64_t kFreeMemory = 4 << 20;

const char* SkimLabels(const char* p, const char* end) {
  const char* content = nullptr;
  while (const char* next = UsualField(p, end, kLabels, &content)) p = next;
  return p;
}

class Decoder {
 public:
  Decoder(std::string_view message, DecodedPush* push)
      : message_(message),
        push_(push),
        batch_(push->batch),
        memory_left_(kFreeMemory + kMemoryPerByte * static_cast<int64_t>(message.size())) {}

  absl::Status Run();

 private:
  bool ReadSeries(WireCursor message);
  bool ReadSeriesField(WireCursor& in, uint32_t tag, model::BatchSeries* series);
  const char* TakeUsualSamples(const char* p, const char* end);
  bool ReadSample(WireCursor& in);
  bool ReadExemplar(WireCursor& in);
  bool ReadHistogram(WireCursor& in);
  bool ReadMetadata(WireCursor& in);
  bool GatherLabel(WireCursor& in, model::BatchSeries* series);
  bool Charge(size_t bytes);

  const std::string_view message_;
  DecodedPush* const push_;
  model::WriteBatch& batch_;
  WireFailure failure_;
  int64_t memory_left_;
  bool gathering_ = false;  // The series at work has its labels in gathered_labels.back().
  std::string scratch_;
};

bool Decoder::Charge(size_t bytes) {
  memory_left_ -= static_cast<int64_t>(bytes);
  return memory_left_ >= 0;
}

absl::Status Decoder::Run() {
  WireCursor in(message_, kMaxWireDepth, &failure_);
  bool ok = true;
  while (ok && !in.done()) {
    uint32_t tag = 0;
    WireCursor series = in;
    if (!in.ReadTag(&tag)) {
      ok = false;
    } else if (tag == kTimeSeries) {
      ok = in.ReadMessage(&series) && ReadSeries(series);
    } else if (tag == kMetadata) {
      ok = ReadMetadata(in);
    } else {
      ok = in.SkipField(tag);
    }
  }
  if (ok) return absl::OkStatus();
  if (memory_left_ < 0) {
    return absl::OutOfRangeError(
        fmt::format("the request's {} bytes hold too many empty messages", message_.size()));
  }
  return absl::InvalidArgumentError(fmt::format("malformed write request at byte {}: {}",
                                                failure_.at - message_.data(), failure_.reason));
}

bool Decoder::ReadSeries(WireCursor message) {
  if (!Charge(sizeof(model::BatchSeries))) return false;
  model::BatchSeries series;
  series.samples_begin = static_cast<uint32_t>(batch_.timestamps.size());
  series.histograms_begin = static_cast<uint32_t>(batch_.histograms.size());
  series.exemplars_begin = static_cast<uint32_t>(batch_.exemplars.size());
  gathering_ = false;

  const std::string_view bytes = message.rest();
  const char* const end = bytes.data() + bytes.size();
  const char* const labels_end = SkimLabels(bytes.data(), end);
  series.label_bytes = bytes.substr(0, labels_end - bytes.data());
  message.Advance(TakeUsualSamples(labels_end, end));
  while (!message.done()) {
    uint32_t tag = 0;
    if (!message.ReadTag(&tag) || !ReadSeriesField(message, tag, &series)) return false;
  }

  if (gathering_) series.label_bytes = push_->gathered_labels.back();
  series.id = model::HashLabelBytes(series.label_bytes);
  series.samples_end = static_cast<uint32_t>(batch_.timestamps.size());
  series.histograms_end = static_cast<uint32_t>(batch_.histograms.size());
  series.exemplars_end = static_cast<uint32_t>(batch_.exemplars.size());
  batch_.series.push_back(series);
  return true;
}

bool Decoder::ReadSeriesField(WireCursor& in, uint32_t tag, model::BatchSeries* series) {
  switch (tag) {
    case kLabels:
      return GatherLabel(in, series);
    case kSamples:
      return ReadSample(in);
    case kExemplars:
      return ReadExemplar(in);
    case kHistograms:
      return ReadHistogram(in);
    default:
      return in.SkipField(tag);
  }
}

// Samples as every known sender writes them: value (left out when zero), then timestamp.
const char* Decoder::TakeUsualSamples(const char* p, const char* end) {
  const char* const readable_end = message_.data() + message_.size();
  const char* content = nullptr;
  while (const char* next = UsualField(p, end, kSamples, &content)) {
    double value = 0;
    uint64_t timestamp = 0;
    if (next - content > 9 && WireByte(content) == kSampleValue) {
      std::memcpy(&value, content + 1, sizeof(value));
      content += 9;
    }
    if (next - content < 2 || WireByte(content) != kSampleTimestamp) return p;
    ++content;
    if (readable_end - content < 8 || UsualVarint(content, &timestamp) != next - content) return p;
    batch_.timestamps.push_back(static_cast<model::TimestampMs>(timestamp));
    batch_.values.push_back(value);
    p = next;
  }
  return p;
}

bool Decoder::ReadSample(WireCursor& in) {
  WireCursor message = in;
  // An empty sample has two bytes on the wire.
  if (!in.ReadMessage(&message) || !Charge(sizeof(model::TimestampMs) + sizeof(double))) {
    return false;
  }
  double value = 0;
  uint64_t timestamp = 0;
  while (!message.done()) {
    uint32_t tag = 0;
    if (!message.ReadTag(&tag)) return false;
    const bool read = tag == kSampleValue       ? message.ReadDouble(&value)
                      : tag == kSampleTimestamp ? message.ReadVarint(&timestamp)
                                                : message.SkipField(tag);
    if (!read) return false;
  }
  batch_.timestamps.push_back(static_cast<model::TimestampMs>(timestamp));
  batch_.values.push_back(value);
  return true;
}

bool Decoder::ReadExemplar(WireCursor& in) {
  WireCursor message = in;
  if (!in.ReadMessage(&message) || !Charge(sizeof(model::Exemplar))) return false;
  model::Exemplar exemplar;
  switch (ReadExemplarMessage(message, &scratch_, &exemplar)) {
    case ExemplarOutcome::kRead:
      batch_.exemplars.push_back(std::move(exemplar));
      return true;
    case ExemplarOutcome::kInvalidLabels:
      ++push_->invalid_exemplars;
      return true;
    case ExemplarOutcome::kMalformed:
      return false;
  }
  return false;
}

bool Decoder::ReadHistogram(WireCursor& in) {
  WireCursor message = in;
  return in.ReadMessage(&message) && Charge(sizeof(model::HistogramSample)) &&
         ReadHistogramMessage(message, &batch_.histograms.emplace_back());
}

bool Decoder::ReadMetadata(WireCursor& in) {
  WireCursor message = in;
  return in.ReadMessage(&message) && Charge(sizeof(model::MetricMetadata)) &&
         ReadMetadataMessage(message, &batch_.metadata.emplace_back());
}

// A label that does not lie right behind the ones before it, or has an unusual tag or length.
bool Decoder::GatherLabel(WireCursor& in, model::BatchSeries* series) {
  std::string_view label;
  if (!in.ReadBytes(&label)) return false;
  if (!gathering_) {
    if (!Charge(sizeof(std::string))) return false;
    push_->gathered_labels.emplace_back(series->label_bytes);
    gathering_ = true;
  }
  AppendBytesField(kLabels, label, &push_->gathered_labels.back());
  return true;
}

}  // namespace

absl::Status DecodeRemoteWrite(std::string_view message, DecodedPush* push) {
  return Decoder(message, push).Run();
}

}  // namespace tidegate::ingest
