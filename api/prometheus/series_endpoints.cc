#include "api/prometheus/series_endpoints.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <optional>
#include <vector>

#include "api/prometheus/envelope.h"
#include "api/prometheus/parameters.h"
#include "api/prometheus/result_json.h"
#include "model/labels.h"
#include "model/quote.h"

namespace tidegate::api {
namespace {

constexpr std::string_view kEscapedPrefix = "U__";
// The largest code point has six hexadecimal digits.
constexpr size_t kMaxHexDigits = 6;

absl::StatusOr<query::MetadataRequest> ReadRequest(const ApiRequest& request) {
  query::MetadataRequest metadata;
  metadata.matches = request.parameters.All("match[]");
  const auto limit = LimitParameter(request.parameters, "limit");
  if (!limit.ok()) return limit.status();
  metadata.limit = *limit;
  const auto range = RangeParameters(request.parameters);
  if (!range.ok()) return range.status();
  metadata.range = *range;
  return metadata;
}

absl::Status MatchError(const absl::Status& status) {
  return status.code() == absl::StatusCode::kInvalidArgument ? InvalidParameter("match[]", status)
                                                             : status;
}

std::vector<std::string> Warnings(bool truncated) {
  if (!truncated) return {};
  return {std::string(kTruncatedWarning)};
}

absl::Status AnswerStrings(const absl::StatusOr<query::StringsResult>& result,
                           ResponseWriter& response) {
  if (!result.ok()) return MatchError(result.status());
  Envelope envelope(&response);
  envelope.data().BeginArray();
  for (const std::string& value : result->values) {
    envelope.data().String(value);
    if (!envelope.data().ok()) break;
  }
  envelope.data().EndArray();
  envelope.Finish(Warnings(result->truncated));
  return absl::OkStatus();
}

absl::Status Series(query::QueryService& queries, const ApiRequest& request,
                    ResponseWriter& response) {
  if (!request.parameters.Has("match[]")) {
    return absl::InvalidArgumentError("no match[] parameter provided");
  }
  const auto metadata = ReadRequest(request);
  if (!metadata.ok()) return metadata.status();
  const auto result = queries.Series(request.context, *metadata);
  if (!result.ok()) return MatchError(result.status());
  Envelope envelope(&response);
  envelope.data().BeginArray();
  for (const model::Labels& labels : result->series) {
    WriteLabels(labels, envelope.data());
    if (!envelope.data().ok()) break;
  }
  envelope.data().EndArray();
  envelope.Finish(Warnings(result->truncated));
  return absl::OkStatus();
}

absl::Status LabelValues(query::QueryService& queries, const ApiRequest& request,
                         ResponseWriter& response) {
  const std::string_view encoded = request.http.path.Get("name");
  const std::string name = UnescapeLabelName(encoded);
  if (name.empty() || !model::IsValidUtf8(name)) {
    return absl::InvalidArgumentError(
        fmt::format("invalid label name: {}", model::Quoted(encoded)));
  }
  const auto metadata = ReadRequest(request);
  if (!metadata.ok()) return metadata.status();
  return AnswerStrings(queries.LabelValues(request.context, name, *metadata), response);
}

// Takes "HEX_" off the front of `rest`.
std::optional<char32_t> TakeCodePoint(std::string_view* rest) {
  const size_t underscore = rest->find('_');
  if (underscore == rest->npos || underscore == 0 || underscore > kMaxHexDigits) {
    return std::nullopt;
  }
  uint32_t value = 0;
  const char* const digits_end = rest->data() + underscore;
  const auto [end, error] = std::from_chars(rest->data(), digits_end, value, 16);
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (error != std::errc() || end != digits_end || value > 0x10FFFF || surrogate) {
    return std::nullopt;
  }
  rest->remove_prefix(underscore + 1);
  return static_cast<char32_t>(value);
}

}  // namespace

std::string UnescapeLabelName(std::string_view name) {
  if (!name.starts_with(kEscapedPrefix)) return std::string(name);
  std::string_view rest = name.substr(kEscapedPrefix.size());
  std::string out;
  while (!rest.empty()) {
    const char c = rest.front();
    rest.remove_prefix(1);
    if (c != '_') {
      out.push_back(c);
    } else if (rest.starts_with('_')) {
      out.push_back('_');
      rest.remove_prefix(1);
    } else if (const auto point = TakeCodePoint(&rest)) {
      model::AppendUtf8(*point, &out);
    } else {
      return std::string(name);
    }
  }
  return out;
}

ApiEndpoint SeriesEndpoint(query::QueryService* queries) {
  return [queries](const ApiRequest& request, ResponseWriter& response) {
    return Series(*queries, request, response);
  };
}

ApiEndpoint LabelNamesEndpoint(query::QueryService* queries) {
  return [queries](const ApiRequest& request, ResponseWriter& response) -> absl::Status {
    const auto metadata = ReadRequest(request);
    if (!metadata.ok()) return metadata.status();
    return AnswerStrings(queries->LabelNames(request.context, *metadata), response);
  };
}

ApiEndpoint LabelValuesEndpoint(query::QueryService* queries) {
  return [queries](const ApiRequest& request, ResponseWriter& response) {
    return LabelValues(*queries, request, response);
  };
}

}  // namespace tidegate::api
