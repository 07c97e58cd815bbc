// What a target exposes as protobuf. Nothing may crash or grow beyond a small multiple of the body;
// a series that is accepted is a canonical label set, a histogram a valid one.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "model/exposition/protobuf_exposition.h"
#include "model/labels.h"

namespace tidegate::model {
namespace {

#define CHECK_THAT(condition)                                                        \
  do {                                                                               \
    if (!(condition)) {                                                              \
      std::fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                  \
    }                                                                                \
  } while (false)

void CheckSample(const ProtobufExposition& parser) {
  const ProtobufSample& sample = parser.sample();
  CHECK_THAT(sample.key.size() > 1);
  CHECK_THAT(!IsStaleNan(sample.value));
  CHECK_THAT(!sample.timestamp.has_value() ||
             (kMinTimestamp <= *sample.timestamp && *sample.timestamp <= kMaxTimestamp));
  if (sample.histogram.has_value()) CHECK_THAT(Validate(*sample.histogram).ok());
  for (const Exemplar& exemplar : sample.exemplars) {
    CHECK_THAT(CheckLabelBytes(exemplar.labels.bytes()).ok());
  }
  LabelPairs pairs;
  if (!parser.ReadLabels(&pairs).ok()) return;
  const Labels labels(std::move(pairs));
  CHECK_THAT(CheckLabelBytes(labels.bytes()).ok());
  CHECK_THAT(!labels.metric_name().empty());
}

void ParseAll(std::string_view body, bool classic) {
  ProtobufExposition parser(body, classic);
  // A histogram without buckets gives three series and itself.
  for (size_t entries = 0;; ++entries) {
    CHECK_THAT(entries <= 4 * body.size() + 4);
    const auto entry = parser.Next();
    if (!entry.ok() || *entry == ProtobufExposition::Entry::kEnd) return;
    if (*entry == ProtobufExposition::Entry::kSample) CheckSample(parser);
  }
}

}  // namespace
}  // namespace tidegate::model

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  tidegate::model::ParseAll(body, false);
  tidegate::model::ParseAll(body, true);
  return 0;
}
