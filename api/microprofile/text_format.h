// Metrics of MicroProfile in Prometheus' text format 0.0.4.
#ifndef TIDEGATE_API_MICROPROFILE_TEXT_FORMAT_H_
#define TIDEGATE_API_MICROPROFILE_TEXT_FORMAT_H_

#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "api/microprofile/metric.h"

namespace tidegate::api {

// Writes one metric after the other: "base:thread_count 7". Owned by one thread.
class TextFormat {
 public:
  explicit TextFormat(Tags global_tags) : global_tags_(std::move(global_tags)) {}

  void Write(Scope scope, std::string_view name, const Metric& metric);
  const std::string& text() const { return text_; }

 private:
  class Lines;

  const Tags global_tags_;
  std::set<std::string> declared_;  // Families; each has its TYPE once.
  std::string text_;
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_MICROPROFILE_TEXT_FORMAT_H_
