#include "ingest/decode/remote_write_2.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "ingest/decode/histogram_message.h"
#include "ingest/decode/usual_wire.h"
#include "ingest/decode/wire_cursor.h"
#include "model/exemplar.h"
#include "model/labels.h"
#include "model/metadata.h"
#include "model/series_id.h"

namespace tidegate::ingest {
namespace {

using Fault = RefusedSeries::Fault;

constexpr uint32_t kSymbols = WireTag(4, WireType::kBytes);
constexpr uint32_t kTimeSeries = WireTag(5, WireType::kBytes);

constexpr uint32_t kLabelsRefs = WireTag(1, WireType::kBytes);
constexpr uint32_t kLabelsRef = WireTag(1, WireType::kVarint);
constexpr uint32_t kSamples = WireTag(2, WireType::kBytes);
constexpr uint32_t kHistograms = WireTag(3, WireType::kBytes);
constexpr uint32_t kExemplars = WireTag(4, WireType::kBytes);
constexpr uint32_t kMetadata = WireTag(5, WireType::kBytes);

constexpr uint32_t kValue = WireTag(1, WireType::kFixed64);
constexpr uint32_t kTimestamp = WireTag(2, WireType::kVarint);
constexpr uint32_t kStartTimestamp = WireTag(3, WireType::kVarint);
constexpr uint32_t kExemplarValue = WireTag(2, WireType::kFixed64);
constexpr uint32_t kExemplarTimestamp = WireTag(3, WireType::kVarint);

constexpr uint32_t kType = WireTag(1, WireType::kVarint);
constexpr uint32_t kHelpRef = WireTag(3, WireType::kVarint);
constexpr uint32_t kUnitRef = WireTag(4, WireType::kVarint);

// As for version 1.0: an empty histogram takes two bytes on the wire and two hundred in memory.
constexpr int64_t kMemoryPerByte = 8;
constexpr int64_t kFreeMemory = 4 << 20;
constexpr size_t kChargedAtOnce = 1 << 20;

struct Sample {
  double value = 0;
  uint64_t timestamp = 0;
  uint64_t start_timestamp = 0;
};

struct Metadata {
  uint32_t type = 0;
  uint32_t help_ref = 0;
  uint32_t unit_ref = 0;
  friend bool operator==(const Metadata&, const Metadata&) = default;
};

std::string_view WithoutSuffix(std::string_view name, std::string_view suffix) {
  return name.ends_with(suffix) ? name.substr(0, name.size() - suffix.size()) : name;
}

// Metadata belongs to a family, and series of classic histograms and summaries have suffixes.
std::string_view FamilyOf(std::string_view name, model::MetricType type) {
  const bool buckets =
      type == model::MetricType::kHistogram || type == model::MetricType::kGaugeHistogram;
  if (!buckets && type != model::MetricType::kSummary) return name;
  for (const std::string_view suffix : {"_sum", "_count", "_bucket"}) {
    if (suffix == "_bucket" && !buckets) continue;
    const std::string_view family = WithoutSuffix(name, suffix);
    if (family.size() != name.size()) return family;
  }
  return name;
}

class Decoder {
 public:
  Decoder(std::string_view message, size_t max_label_bytes,
          absl::FunctionRef<absl::Status(size_t)> charge_fn, SymbolTable* symbols,
          DecodedPush* push)
      : message_(message),
        max_label_bytes_(max_label_bytes),
        charge_fn_(charge_fn),
        symbols_(*symbols),
        push_(push),
        batch_(push->batch),
        memory_left_(kFreeMemory + kMemoryPerByte * static_cast<int64_t>(message.size())) {}

  absl::Status Run();

 private:
  bool Walk(bool symbols_only);
  bool ReadSymbol(WireCursor& in);
  bool ReadSeries(std::string_view bytes);
  bool ReadSeriesField(WireCursor& in, uint32_t tag);
  bool ReadReferences(WireCursor& in, uint32_t tag, std::vector<uint32_t>* references);
  const char* TakeUsualReferences(const char* p, const char* end);
  const char* TakeUsualSamples(const char* p, const char* end);
  bool ReadSample(WireCursor& in);
  bool ReadHistogram(WireCursor& in);
  bool ReadExemplar(WireCursor& in);
  bool ReadExemplarField(WireCursor& message, uint32_t tag, model::Exemplar* exemplar);
  bool ReadMetadata(WireCursor& in);
  void AddSample(const Sample& sample);
  bool FinishSeries();
  bool FinishMetadata();
  void Refuse(Fault fault, uint32_t reference);
  // Drops the points of the series at work; false without memory for saying so.
  bool RefuseSeries(Fault fault, uint32_t reference);
  // Kind and reference of what is wrong with references; false when nothing is.
  bool FindFault(const std::vector<uint32_t>& references, RefusedSeries* refused) const;
  bool ChargeLabels(size_t bytes);
  bool Charge(size_t bytes);
  absl::Status Failure() const;

  const std::string_view message_;
  const size_t max_label_bytes_;
  const absl::FunctionRef<absl::Status(size_t)> charge_fn_;
  SymbolTable& symbols_;
  DecodedPush* const push_;
  model::WriteBatch& batch_;
  WireFailure failure_;
  absl::Status refusal_;  // Of `charge_fn`, or a bound.
  int64_t memory_left_;
  size_t label_bytes_ = 0;
  size_t charged_ = 0;
  bool symbols_complete_ = false;
  bool late_symbol_ = false;

  // Of the series at work.
  model::BatchSeries series_;
  std::vector<uint32_t> references_;
  Metadata metadata_;
  std::vector<uint32_t> exemplar_references_;
  // By name and metadata: what the series before had, as neighbours are of one family.
  std::string_view last_name_;
  Metadata last_metadata_;
};

bool Decoder::Charge(size_t bytes) {
  memory_left_ -= static_cast<int64_t>(bytes);
  return memory_left_ >= 0;
}

bool Decoder::ChargeLabels(size_t bytes) {
  label_bytes_ += bytes;
  if (max_label_bytes_ != 0 && label_bytes_ > max_label_bytes_) {
    refusal_ = absl::OutOfRangeError(fmt::format(
        "the labels of the request take more than {} bytes when written out", max_label_bytes_));
    return false;
  }
  if (label_bytes_ <= charged_) return true;
  const size_t more = std::max(kChargedAtOnce, label_bytes_ - charged_);
  refusal_ = charge_fn_(more);
  charged_ += more;
  return refusal_.ok();
}

absl::Status Decoder::Failure() const {
  if (!refusal_.ok()) return refusal_;
  if (memory_left_ < 0) {
    return absl::OutOfRangeError(
        fmt::format("the request's {} bytes hold too many empty messages", message_.size()));
  }
  return absl::InvalidArgumentError(fmt::format("malformed write request at byte {}: {}",
                                                failure_.at - message_.data(), failure_.reason));
}

absl::Status Decoder::Run() {
  symbols_.Clear(message_.data() + message_.size());
  if (!Walk(false)) {
    if (!late_symbol_) return Failure();
    // Nobody writes a symbol behind a series, but the format allows it: all symbols first then.
    push_->Clear();
    symbols_.Clear(message_.data() + message_.size());
    memory_left_ = kFreeMemory + kMemoryPerByte * static_cast<int64_t>(message_.size());
    if (!Walk(true)) return Failure();
    symbols_complete_ = true;
    if (!Walk(false)) return Failure();
  }
  if (symbols_.size() > 0 && !symbols_.text(0).empty()) {
    return absl::InvalidArgumentError("the first symbol of a write request must be empty");
  }
  return absl::OkStatus();
}

bool Decoder::Walk(bool symbols_only) {
  WireCursor in(message_, kMaxWireDepth, &failure_);
  bool ok = true;
  bool in_series = false;
  const char* const end = message_.data() + message_.size();
  const char* content = nullptr;
  while (ok && !in.done()) {
    const char* const usual_end =
        symbols_only ? nullptr : UsualField(in.rest().data(), end, kTimeSeries, &content);
    if (usual_end != nullptr) {
      in_series = true;
      in.Advance(usual_end);
      ok = ReadSeries({content, static_cast<size_t>(usual_end - content)});
      continue;
    }
    uint32_t tag = 0;
    WireCursor series = in;
    if (!in.ReadTag(&tag)) {
      ok = false;
    } else if (tag == kTimeSeries && !symbols_only) {
      in_series = true;
      ok = in.ReadMessage(&series) && ReadSeries(series.rest());
    } else if (tag == kSymbols && !symbols_complete_) {
      late_symbol_ = in_series;
      ok = !late_symbol_ && ReadSymbol(in);
    } else {
      ok = in.SkipField(tag);
    }
  }
  return ok;
}

bool Decoder::ReadSymbol(WireCursor& in) {
  const char* const framed = in.rest().data();
  std::string_view text;
  if (!in.ReadBytes(&text) || !Charge(3 * sizeof(uint64_t))) return false;
  const size_t prefix = text.data() - framed;
  const bool minimal = prefix == 1 || static_cast<uint8_t>(framed[prefix - 1]) != 0;
  if (minimal) {
    symbols_.AddFramed({framed, prefix + text.size()}, prefix);
    return true;
  }
  if (!ChargeLabels(text.size() + prefix)) return false;
  symbols_.AddText(text, &push_->arena);
  return true;
}

bool Decoder::ReadSeries(std::string_view bytes) {
  if (!Charge(sizeof(model::BatchSeries))) return false;
  series_ = model::BatchSeries();
  series_.samples_begin = static_cast<uint32_t>(batch_.timestamps.size());
  series_.histograms_begin = static_cast<uint32_t>(batch_.histograms.size());
  series_.exemplars_begin = static_cast<uint32_t>(batch_.exemplars.size());
  references_.clear();
  metadata_ = Metadata();

  const char* const end = bytes.data() + bytes.size();
  const char* const p = TakeUsualSamples(TakeUsualReferences(bytes.data(), end), end);
  // Prometheus writes metadata of which it knows nothing, too.
  if (end - p == 2 && WireByte(p) == kMetadata && WireByte(p + 1) == 0) return FinishSeries();
  WireCursor message({p, static_cast<size_t>(end - p)}, kMaxWireDepth - 1, &failure_);
  while (!message.done()) {
    uint32_t tag = 0;
    if (!message.ReadTag(&tag) || !ReadSeriesField(message, tag)) return false;
  }
  return FinishSeries();
}

bool Decoder::ReadSeriesField(WireCursor& in, uint32_t tag) {
  switch (tag) {
    case kLabelsRefs:
    case kLabelsRef:
      return ReadReferences(in, tag, &references_);
    case kSamples:
      return ReadSample(in);
    case kHistograms:
      return ReadHistogram(in);
    case kExemplars:
      return ReadExemplar(in);
    case kMetadata:
      return ReadMetadata(in);
    default:
      return in.SkipField(tag);
  }
}

// References as every known sender writes them: packed, one or two bytes each.
const char* Decoder::TakeUsualReferences(const char* p, const char* end) {
  const char* content = nullptr;
  const char* const next = UsualField(p, end, kLabelsRefs, &content);
  if (next == nullptr) return p;
  while (content != next) {
    uint32_t reference = WireByte(content++);
    if (reference >= 0x80) {
      if (content == next || WireByte(content) >= 0x80) {
        references_.clear();
        return p;
      }
      reference = (reference & 0x7f) | (WireByte(content++) << 7);
    }
    references_.push_back(reference);
  }
  return next;
}

bool Decoder::ReadReferences(WireCursor& in, uint32_t tag, std::vector<uint32_t>* references) {
  uint64_t value = 0;
  if (tag == kLabelsRef) {
    if (!in.ReadVarint(&value)) return false;
    references->push_back(static_cast<uint32_t>(value));
    return true;
  }
  WireCursor packed = in;
  if (!in.ReadMessage(&packed)) return false;
  while (!packed.done()) {
    if (!packed.ReadVarint(&value)) return false;
    references->push_back(static_cast<uint32_t>(value));
  }
  return true;
}

void Decoder::AddSample(const Sample& sample) {
  push_->AddSample(static_cast<model::TimestampMs>(sample.timestamp),
                   static_cast<model::TimestampMs>(sample.start_timestamp), sample.value);
}

// Value (left out when zero), timestamp, and where it is known the start timestamp.
const char* Decoder::TakeUsualSamples(const char* p, const char* end) {
  const char* const readable_end = message_.data() + message_.size();
  const char* content = nullptr;
  while (const char* next = UsualField(p, end, kSamples, &content)) {
    Sample sample;
    if (next - content > 9 && WireByte(content) == kValue) {
      std::memcpy(&sample.value, content + 1, sizeof(sample.value));
      content += 9;
    }
    if (next - content < 2 || WireByte(content) != kTimestamp) return p;
    ++content;
    if (readable_end - content < 8) return p;
    const int size = UsualVarint(content, &sample.timestamp);
    if (size == 0) return p;
    content += size;
    if (content != next) {
      if (next - content < 2 || WireByte(content) != kStartTimestamp) return p;
      ++content;
      if (readable_end - content < 8) return p;
      if (UsualVarint(content, &sample.start_timestamp) != next - content) return p;
    }
    AddSample(sample);
    p = next;
  }
  return p;
}

bool Decoder::ReadSample(WireCursor& in) {
  WireCursor message = in;
  if (!in.ReadMessage(&message) || !Charge(sizeof(Sample))) return false;
  Sample sample;
  while (!message.done()) {
    uint32_t tag = 0;
    if (!message.ReadTag(&tag)) return false;
    const bool read = tag == kValue            ? message.ReadDouble(&sample.value)
                      : tag == kTimestamp      ? message.ReadVarint(&sample.timestamp)
                      : tag == kStartTimestamp ? message.ReadVarint(&sample.start_timestamp)
                                               : message.SkipField(tag);
    if (!read) return false;
  }
  AddSample(sample);
  return true;
}

bool Decoder::ReadHistogram(WireCursor& in) {
  WireCursor message = in;
  return in.ReadMessage(&message) && Charge(sizeof(model::HistogramSample)) &&
         ReadHistogramMessage(message, &batch_.histograms.emplace_back());
}

bool Decoder::ReadExemplarField(WireCursor& message, uint32_t tag, model::Exemplar* exemplar) {
  uint64_t timestamp = 0;
  switch (tag) {
    case kLabelsRefs:
    case kLabelsRef:
      return ReadReferences(message, tag, &exemplar_references_);
    case kExemplarValue:
      return message.ReadDouble(&exemplar->value);
    case kExemplarTimestamp:
      if (!message.ReadVarint(&timestamp)) return false;
      exemplar->timestamp = static_cast<model::TimestampMs>(timestamp);
      return true;
    default:
      return message.SkipField(tag);
  }
}

bool Decoder::ReadExemplar(WireCursor& in) {
  WireCursor message = in;
  if (!in.ReadMessage(&message) || !Charge(sizeof(model::Exemplar))) return false;
  exemplar_references_.clear();
  model::Exemplar exemplar;
  while (!message.done()) {
    uint32_t tag = 0;
    if (!message.ReadTag(&tag) || !ReadExemplarField(message, tag, &exemplar)) return false;
  }
  RefusedSeries refused;
  if (FindFault(exemplar_references_, &refused)) {
    if (!Charge(sizeof(RefusedSeries))) return false;
    refused.fault = Fault::kExemplar;
    refused.exemplars = 1;
    push_->refused_series.push_back(refused);
    return true;
  }
  if (!ChargeLabels(symbols_.Plan(exemplar_references_))) return false;
  const std::string_view label_bytes = symbols_.Write(&push_->arena);
  absl::StatusOr<model::Labels> labels = model::CanonicalLabels(label_bytes);
  if (!labels.ok()) {
    ++push_->invalid_exemplars;
    return true;
  }
  exemplar.labels = *std::move(labels);
  batch_.exemplars.push_back(std::move(exemplar));
  return true;
}

bool Decoder::ReadMetadata(WireCursor& in) {
  WireCursor message = in;
  if (!in.ReadMessage(&message)) return false;
  while (!message.done()) {
    uint32_t tag = 0;
    if (!message.ReadTag(&tag)) return false;
    uint32_t* const field = tag == kType      ? &metadata_.type
                            : tag == kHelpRef ? &metadata_.help_ref
                            : tag == kUnitRef ? &metadata_.unit_ref
                                              : nullptr;
    uint64_t value = 0;
    if (field == nullptr ? !message.SkipField(tag) : !message.ReadVarint(&value)) return false;
    if (field != nullptr) *field = static_cast<uint32_t>(value);
  }
  return true;
}

bool Decoder::FindFault(const std::vector<uint32_t>& references, RefusedSeries* refused) const {
  uint32_t largest = 0;
  for (const uint32_t reference : references) largest = std::max(largest, reference);
  if (!references.empty() && largest >= symbols_.size()) {
    *refused = {.fault = Fault::kReference, .reference = largest, .label_bytes = {}};
    return true;
  }
  if (references.size() % 2 == 0) return false;
  *refused = {.fault = Fault::kOddLabels, .label_bytes = {}};
  return true;
}

bool Decoder::RefuseSeries(Fault fault, uint32_t reference) {
  if (!Charge(sizeof(RefusedSeries))) return false;
  push_->refused_series.push_back(
      {.fault = fault,
       .reference = reference,
       .label_bytes = series_.label_bytes,
       .samples = static_cast<uint32_t>(batch_.timestamps.size()) - series_.samples_begin,
       .histograms = static_cast<uint32_t>(batch_.histograms.size()) - series_.histograms_begin,
       .exemplars = static_cast<uint32_t>(batch_.exemplars.size()) - series_.exemplars_begin});
  batch_.timestamps.resize(series_.samples_begin);
  batch_.values.resize(series_.samples_begin);
  if (!batch_.start_timestamps.empty()) batch_.start_timestamps.resize(series_.samples_begin);
  batch_.histograms.resize(series_.histograms_begin);
  batch_.exemplars.resize(series_.exemplars_begin);
  return true;
}

bool Decoder::FinishSeries() {
  RefusedSeries refused;
  if (FindFault(references_, &refused)) return RefuseSeries(refused.fault, refused.reference);
  if (!ChargeLabels(symbols_.Plan(references_))) return false;
  series_.label_bytes = symbols_.Write(&push_->arena);
  series_.samples_end = static_cast<uint32_t>(batch_.timestamps.size());
  series_.histograms_end = static_cast<uint32_t>(batch_.histograms.size());
  series_.exemplars_end = static_cast<uint32_t>(batch_.exemplars.size());
  // Prometheus sends exemplars apart from samples, in a series of their own.
  if (series_.samples_end == series_.samples_begin &&
      series_.histograms_end == series_.histograms_begin &&
      series_.exemplars_end == series_.exemplars_begin) {
    return RefuseSeries(Fault::kNoPoints, 0);
  }
  series_.id = model::HashLabelBytes(series_.label_bytes);
  batch_.series.push_back(series_);
  return metadata_ == Metadata() || FinishMetadata();
}

// The family that was last spoken of is not named again: all its series carry the same.
bool Decoder::FinishMetadata() {
  for (const uint32_t reference : {metadata_.help_ref, metadata_.unit_ref}) {
    if (reference < symbols_.size()) continue;
    if (!Charge(sizeof(RefusedSeries))) return false;
    push_->refused_series.push_back(
        {.fault = Fault::kMetadata, .reference = reference, .label_bytes = series_.label_bytes});
    return true;
  }
  std::string_view name;
  for (size_t i = 0; i < references_.size() && name.empty(); i += 2) {
    if (symbols_.text(references_[i]) == model::kMetricNameLabel) {
      name = symbols_.text(references_[i + 1]);
    }
  }
  const auto type = metadata_.type <= static_cast<uint32_t>(model::MetricType::kStateset)
                        ? static_cast<model::MetricType>(metadata_.type)
                        : model::MetricType::kUnknown;
  if (series_.histograms_begin == series_.histograms_end) name = FamilyOf(name, type);
  if (name.empty() || (name == last_name_ && metadata_ == last_metadata_)) return true;
  last_name_ = name;
  last_metadata_ = metadata_;
  const std::string_view help = symbols_.text(metadata_.help_ref);
  const std::string_view unit = symbols_.text(metadata_.unit_ref);
  if (!Charge(sizeof(model::MetricMetadata)) ||
      !ChargeLabels(name.size() + help.size() + unit.size())) {
    return false;
  }
  batch_.metadata.push_back({std::string(name), type, std::string(help), std::string(unit)});
  return true;
}

}  // namespace

absl::Status DecodeRemoteWrite2(std::string_view message, size_t max_label_bytes,
                                absl::FunctionRef<absl::Status(size_t)> charge_fn,
                                SymbolTable* symbols, DecodedPush* push) {
  return Decoder(message, max_label_bytes, charge_fn, symbols, push).Run();
}

}  // namespace tidegate::ingest
