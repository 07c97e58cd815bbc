#include "bench/write_request.h"

#include <bit>
#include <utility>

#include "model/labels.h"

namespace tidegate::bench {
namespace {

void AppendVarint(uint64_t value, std::string* out) {
  while (value >= 0x80) {
    out->push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out->push_back(static_cast<char>(value));
}

void AppendBytes(char tag, std::string_view bytes, std::string* out) {
  out->push_back(tag);
  AppendVarint(bytes.size(), out);
  out->append(bytes);
}

// Sample, of both versions.
std::string SampleMessage(double value, int64_t timestamp_ms) {
  std::string sample = "\x09";  // Sample.value
  const uint64_t bits = std::bit_cast<uint64_t>(value);
  for (int shift = 0; shift < 64; shift += 8) sample.push_back(static_cast<char>(bits >> shift));
  sample.push_back('\x10');  // Sample.timestamp
  AppendVarint(static_cast<uint64_t>(timestamp_ms), &sample);
  return sample;
}

}  // namespace

uint32_t WriteRequest::Reference(std::string_view text) {
  const auto [place, is_new] =
      references_.try_emplace(std::string(text), static_cast<uint32_t>(references_.size()));
  if (is_new) AppendBytes('\x22', text, &symbols_);  // Request.symbols
  return place->second;
}

void WriteRequest::AppendReferences(std::string_view label_bytes, std::string* out) {
  std::string references;
  Reference("");
  for (const model::Label& label : model::LabelsView(label_bytes)) {
    AppendVarint(Reference(label.name), &references);
    AppendVarint(Reference(label.value), &references);
  }
  AppendBytes('\x0A', references, out);  // TimeSeries.labels_refs
}

void WriteRequest::Add(std::string_view label_bytes, double value, int64_t timestamp_ms) {
  ++series_;
  std::string series;
  if (version_ == 2) {
    AppendReferences(label_bytes, &series);
  } else {
    series = label_bytes;
  }
  AppendBytes('\x12', SampleMessage(value, timestamp_ms), &series);
  // Prometheus writes the empty metadata, too.
  if (version_ == 2) AppendBytes('\x2A', "", &series);
  AppendBytes(version_ == 2 ? '\x2A' : '\x0A', series, &timeseries_);
}

std::string WriteRequest::Take() {
  std::string message = std::move(symbols_) + timeseries_;
  *this = WriteRequest(version_);
  return message;
}

}  // namespace tidegate::bench
