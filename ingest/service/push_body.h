// Push bodies for tests, byte for byte as a sender makes them.
#ifndef TIDEGATE_INGEST_SERVICE_PUSH_BODY_H_
#define TIDEGATE_INGEST_SERVICE_PUSH_BODY_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/sample.h"

namespace tidegate::ingest {

// Builds a WriteRequest series by series. Owned by one thread.
class PushBody {
 public:
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  using Samples = std::vector<std::pair<model::TimestampMs, double>>;

  // Labels are written in the order given, right or wrong.
  PushBody& Series(const Pairs& labels, const Samples& samples);
  // The same with only a metric name.
  PushBody& Metric(const std::string& name, const Samples& samples) {
    return Series({{"__name__", name}}, samples);
  }
  PushBody& Metadata(std::string_view family, std::string_view help);
  // Anything.
  PushBody& Bytes(std::string_view bytes);

  const std::string& message() const { return message_; }
  // The body of the push: a snappy block.
  std::string Compressed() const;

 private:
  std::string message_;
};

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_SERVICE_PUSH_BODY_H_
