// What the control plane writes, as the body of a push.
#ifndef TIDEGATE_CONTROL_WRITE_PUSH_BODY_H_
#define TIDEGATE_CONTROL_WRITE_PUSH_BODY_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "model/exemplar.h"
#include "model/histogram.h"
#include "model/metadata.h"
#include "model/sample.h"

namespace tidegate::control {

// Builds a prometheus.WriteRequest, series by series, without message objects: canonical label
// bytes (model/labels.h) are its labels already. Bodies behind each other are one body. Owned by
// one thread.
class PushBody {
 public:
  void AddSample(std::string_view label_bytes, model::TimestampMs timestamp, double value);
  void AddHistogram(std::string_view label_bytes, const model::HistogramSample& sample);
  void AddExemplar(std::string_view label_bytes, const model::Exemplar& exemplar);
  void AddMetadata(const model::MetricMetadata& metadata);

  const std::string& bytes() const { return bytes_; }
  bool empty() const { return bytes_.empty(); }
  // Float samples and histograms.
  size_t samples() const { return samples_; }

  // A place to return to when what follows turns out not to be wanted.
  struct Mark {
    size_t bytes = 0;
    size_t samples = 0;
  };
  Mark mark() const { return {bytes_.size(), samples_}; }
  void ReturnTo(const Mark& mark);

  // Hands over the bytes and starts anew.
  std::string Take();

 private:
  void AddSeries(std::string_view label_bytes, std::string_view rest);

  std::string bytes_;
  std::string rest_;  // Of the series at work; keeps its capacity.
  size_t samples_ = 0;
};

// The largest size up to `bytes` at which a body may be cut in two; at least one series or metadata
// when there is one. 0 when these are not the bytes of a body.
size_t SplitPushBody(std::string_view body, size_t bytes);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_WRITE_PUSH_BODY_H_
