// The part of a push that is collected for one log frame.
#ifndef TIDEGATE_STORAGE_HEAD_PENDING_FRAME_H_
#define TIDEGATE_STORAGE_HEAD_PENDING_FRAME_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/exemplar.h"
#include "model/histogram.h"
#include "model/labels.h"
#include "model/log_entry.h"
#include "storage/head/log_record.h"
#include "storage/log.h"

namespace tidegate::storage::head {

// Keeps the record and, for each sample and histogram, the series of the batch that it came from.
// Add fails (false) when the frame is full: write it, Clear, add again. What fails on an empty
// frame fits in none. Strings of exemplars and entries are viewed, not copied. Owned by one thread
// and reused.
class PendingFrame {
 public:
  PendingFrame() { bytes_.reserve(kMaxLogFrameBytes); }
  PendingFrame(const PendingFrame&) = delete;
  PendingFrame& operator=(const PendingFrame&) = delete;

  void Clear(std::string_view tenant);
  bool empty() const { return record_.empty(); }

  bool AddDefinition(SeriesRef ref, const model::Labels& labels);
  bool AddSample(uint32_t series, const LogRecord::Sample& sample) {
    if (!Reserve(kMaxSampleBytes)) return false;
    record_.samples.push_back(sample);
    sample_series_.push_back(series);
    return true;
  }
  bool AddHistogram(uint32_t series, SeriesRef ref, const model::HistogramSample& histogram,
                    std::string_view encoded);
  bool AddExemplar(SeriesRef ref, const model::Exemplar& exemplar);
  bool AddEntry(SeriesRef ref, const model::LogEntryView& entry);

  const LogRecord& record() const { return record_; }
  uint32_t sample_series(size_t i) const { return sample_series_[i]; }
  uint32_t histogram_series(size_t i) const { return histogram_series_[i]; }

  // The frame's bytes, at most kMaxLogFrameBytes; valid until the next call.
  std::string_view Encode();
  // The same of a frame that holds nothing but this one's definitions.
  std::string_view EncodeDefinitions();

 private:
  bool Reserve(size_t bytes) {
    if (size_bound_ + bytes > kMaxLogFrameBytes) return false;
    size_bound_ += bytes;
    return true;
  }
  std::string_view Keep(std::string_view bytes);

  LogRecord record_;
  std::vector<uint32_t> sample_series_;
  std::vector<uint32_t> histogram_series_;
  // Bytes of definitions and histograms. Never grows beyond its capacity (they are part of the
  // frame), so that views stay valid.
  std::string bytes_;
  std::string frame_;
  size_t size_bound_ = 0;
};

}  // namespace tidegate::storage::head

#endif  // TIDEGATE_STORAGE_HEAD_PENDING_FRAME_H_
