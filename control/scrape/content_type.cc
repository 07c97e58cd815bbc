#include "control/scrape/content_type.h"

#include <fmt/format.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "model/quote.h"

namespace tidegate::control {
namespace {

constexpr std::string_view kProtobuf = "application/vnd.google.protobuf";
constexpr std::string_view kOpenMetrics = "application/openmetrics-text";
constexpr std::string_view kText = "text/plain";

std::string_view Field(ScrapeProtocol protocol) {
  switch (protocol) {
    case ScrapeProtocol::kProtobuf:
      return "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;"
             "encoding=delimited";
    case ScrapeProtocol::kOpenMetrics100:
      return "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8";
    case ScrapeProtocol::kOpenMetrics001:
      return "application/openmetrics-text;version=0.0.1";
    case ScrapeProtocol::kText100:
      return "text/plain;version=1.0.0;escaping=allow-utf-8";
    case ScrapeProtocol::kText004:
      return "text/plain;version=0.0.4";
  }
  return kText;
}

std::string_view Trim(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

bool Is(std::string_view a, std::string_view b) {
  return absl::EqualsIgnoreCase(absl::string_view(a.data(), a.size()),
                                absl::string_view(b.data(), b.size()));
}

// "" when there is no such parameter.
std::string_view Parameter(std::string_view content_type, std::string_view name) {
  while (true) {
    const size_t semicolon = content_type.find(';');
    if (semicolon == content_type.npos) return {};
    content_type.remove_prefix(semicolon + 1);
    const std::string_view parameter = Trim(content_type.substr(0, content_type.find(';')));
    const size_t equals = parameter.find('=');
    if (equals == parameter.npos || !Is(Trim(parameter.substr(0, equals)), name)) continue;
    std::string_view value = Trim(parameter.substr(equals + 1));
    if (value.size() >= 2 && value.starts_with('"') && value.ends_with('"')) {
      value = value.substr(1, value.size() - 2);
    }
    return value;
  }
}

std::optional<ScrapeProtocol> Known(std::string_view content_type) {
  const std::string_view type = Trim(content_type.substr(0, content_type.find(';')));
  if (Is(type, kOpenMetrics)) return ScrapeProtocol::kOpenMetrics100;
  if (Is(type, kText)) return ScrapeProtocol::kText004;
  if (Is(type, kProtobuf) &&
      Parameter(content_type, "proto") == "io.prometheus.client.MetricFamily" &&
      Parameter(content_type, "encoding") == "delimited") {
    return ScrapeProtocol::kProtobuf;
  }
  return std::nullopt;
}

}  // namespace

std::string AcceptField(const std::vector<ScrapeProtocol>& protocols) {
  std::string field;
  size_t weight = protocols.size() + 1;
  for (const ScrapeProtocol protocol : protocols) {
    field += fmt::format("{};q=0.{},", Field(protocol), weight);
    --weight;
  }
  return field + fmt::format("*/*;q=0.{}", weight);
}

absl::StatusOr<ScrapeProtocol> ProtocolOf(std::string_view content_type,
                                          std::optional<ScrapeProtocol> fallback) {
  if (const auto known = Known(content_type)) return *known;
  if (fallback.has_value()) return *fallback;
  if (content_type.empty()) {
    return absl::InvalidArgumentError(
        "non-compliant scrape target sending blank Content-Type and no fallback_scrape_protocol "
        "specified for target");
  }
  return absl::InvalidArgumentError(
      fmt::format("received unsupported Content-Type {} and no fallback_scrape_protocol specified "
                  "for target",
                  model::Quoted(content_type)));
}

}  // namespace tidegate::control
