#include "api/federate/exposition_format.h"

#include <charconv>
#include <optional>

namespace tidegate::api {
namespace {

constexpr std::string_view kProtobuf = "application/vnd.google.protobuf";
constexpr std::string_view kMessage = "io.prometheus.client.MetricFamily";

std::string_view Trim(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// Cuts off the text before the separator.
std::string_view Take(char separator, std::string_view* rest) {
  const size_t end = rest->find(separator);
  const std::string_view taken = rest->substr(0, end);
  rest->remove_prefix(end == rest->npos ? rest->size() : end + 1);
  return Trim(taken);
}

struct MediaRange {
  std::string_view type;
  std::string_view proto;
  std::string_view encoding;
  std::string_view escaping;
  double weight = 1;
};

MediaRange ReadRange(std::string_view text) {
  MediaRange range;
  range.type = Take(';', &text);
  while (!text.empty()) {
    std::string_view value = Take(';', &text);
    const std::string_view name = Take('=', &value);
    if (name == "proto") range.proto = value;
    if (name == "encoding") range.encoding = value;
    if (name == "escaping") range.escaping = value;
    if (name == "q") std::from_chars(value.data(), value.data() + value.size(), range.weight);
  }
  return range;
}

std::optional<ExpositionFormat> FormatOf(const MediaRange& range) {
  ExpositionFormat format;
  format.protobuf = range.type == kProtobuf;
  if (format.protobuf && (range.proto != kMessage || range.encoding != "delimited")) return {};
  if (!format.protobuf && range.type != "text/plain" && range.type != "*/*") return {};
  if (range.escaping == "allow-utf-8") format.escaping = NameEscaping::kAllowUtf8;
  return format;
}

}  // namespace

ExpositionFormat NegotiateFormat(std::string_view accept) {
  ExpositionFormat best;
  double best_weight = 0;
  while (!accept.empty()) {
    const MediaRange range = ReadRange(Take(',', &accept));
    const std::optional<ExpositionFormat> format = FormatOf(range);
    if (!format.has_value() || !(range.weight > best_weight)) continue;
    best = *format;
    best_weight = range.weight;
  }
  return best;
}

std::string_view ContentTypeOf(const ExpositionFormat& format) {
  const bool utf8 = format.escaping == NameEscaping::kAllowUtf8;
  if (format.protobuf) {
    return utf8 ? "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; "
                  "encoding=delimited; escaping=allow-utf-8"
                : "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; "
                  "encoding=delimited; escaping=underscores";
  }
  return utf8 ? "text/plain; version=1.0.0; charset=utf-8; escaping=allow-utf-8"
              : "text/plain; version=0.0.4; charset=utf-8; escaping=underscores";
}

}  // namespace tidegate::api
