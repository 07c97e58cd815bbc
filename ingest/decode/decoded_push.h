// What a push body decodes to.
#ifndef TIDEGATE_INGEST_DECODE_DECODED_PUSH_H_
#define TIDEGATE_INGEST_DECODE_DECODED_PUSH_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/decode/byte_arena.h"
#include "model/write_batch.h"

namespace tidegate::ingest {

// A log stream whose labels cannot be read; its entries are lost, others of the push are not.
struct UnreadableStream {
  std::string reason;  // For the sender.
  uint64_t entries = 0;
};

// A series of remote write 2.0 that cannot be stored, or a part of one; the rest of the push can.
struct RefusedSeries {
  enum class Fault : uint8_t {
    kReference,  // A reference beyond the symbol table.
    kOddLabels,  // A name without a value.
    kNoPoints,   // No sample, histogram or exemplar.
    kExemplar,   // One exemplar of it, for one of the first two.
    kMetadata,   // Its metadata, for the first.
  };
  Fault fault = Fault::kReference;
  uint32_t reference = 0;                               // Where that is the fault.
  std::string_view label_bytes;                         // As far as they are known.
  uint32_t samples = 0, histograms = 0, exemplars = 0;  // What it costs.
};

// Points that cannot become samples, by the reason.
struct RefusedPoints {
  std::string reason;  // For the sender.
  uint64_t points = 0;
};

// The batch, what it points into beside the request's bytes, and what was left out of it. Owned by
// one thread and reused; views in `batch` live until Clear and as long as the request's bytes.
struct DecodedPush {
  model::WriteBatch batch;
  // Label bytes of series that did not send them in one piece. A deque: elements stay where they
  // are.
  std::deque<std::string> gathered_labels;
  // Exemplars whose labels are no label set (a name twice, an empty name, invalid UTF-8).
  uint64_t invalid_exemplars = 0;
  // What label bytes, lines and metadata point into when they do not lie in the request.
  ByteArena arena;
  std::shared_ptr<const void> parsed;
  std::vector<UnreadableStream> unreadable_streams;
  std::vector<RefusedSeries> refused_series;
  std::vector<RefusedPoints> refused_points;  // Of at most kMaxRefusals reasons.
  static constexpr size_t kMaxRefusals = 32;

  // A sample of the series at work; the column of start timestamps begins with the first one.
  void AddSample(model::TimestampMs time, model::TimestampMs start, double value) {
    batch.timestamps.push_back(time);
    batch.values.push_back(value);
    if (start == 0 && batch.start_timestamps.empty()) return;
    batch.start_timestamps.resize(batch.timestamps.size(), 0);
    batch.start_timestamps.back() = start;
  }
  // Reasons beyond the bound are counted with the last one.
  void AddRefusedPoint(std::string reason) {
    if (refused_points.empty() ||
        (refused_points.back().reason != reason && refused_points.size() < kMaxRefusals)) {
      refused_points.push_back({std::move(reason)});
    }
    ++refused_points.back().points;
  }

  void Clear() {
    batch.Clear();
    gathered_labels.clear();
    invalid_exemplars = 0;
    arena.Clear();
    parsed.reset();
    unreadable_streams.clear();
    refused_series.clear();
    refused_points.clear();
  }
};

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_DECODE_DECODED_PUSH_H_
