#include "api/prometheus/request_parameters.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <exception>
#include <optional>
#include <string>

#include "api/http/target.h"
#include "api/json/number_text.h"
#include "api/prometheus/multipart_form.h"

namespace tidegate::api {
namespace {

namespace json = boost::json;

// Flat objects with arrays in them; deeper documents are refused while they are parsed.
constexpr size_t kMaxDepth = 2;

absl::Status Malformed(std::string_view what) {
  return absl::InvalidArgumentError(fmt::format("error parsing form values: {}", what));
}

std::string_view Trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\r\n");
  return begin == text.npos ? std::string_view() : text.substr(begin);
}

bool HasType(const HttpRequest& request, std::string_view type) {
  std::string_view given = request.headers.Get("Content-Type");
  given = given.substr(0, given.find(';'));
  while (given.ends_with(' ')) given.remove_suffix(1);
  return EqualsIgnoreCase(given, type);
}

std::optional<std::string> ScalarText(const json::value& value) {
  switch (value.kind()) {
    case json::kind::string:
      return std::string(value.get_string().data(), value.get_string().size());
    case json::kind::int64:
      return std::to_string(value.get_int64());
    case json::kind::uint64:
      return std::to_string(value.get_uint64());
    case json::kind::double_:
      return FloatText(value.get_double());
    case json::kind::bool_:
      return value.get_bool() ? "true" : "false";
    default:
      return std::nullopt;
  }
}

absl::Status AddMember(const std::string& name, const json::value& value, Parameters* out) {
  if (value.is_null()) return absl::OkStatus();
  if (const auto text = ScalarText(value)) {
    out->Add(name, *text);
    return absl::OkStatus();
  }
  if (!value.is_array()) return Malformed("JSON parameters must be a flat object");
  for (const json::value& element : value.get_array()) {
    const auto text = ScalarText(element);
    if (!text) return Malformed("JSON parameters must be a flat object");
    out->Add(name, *text);
  }
  return absl::OkStatus();
}

absl::Status DecodeBody(const HttpRequest& request, Parameters* out) {
  if (HasType(request, "application/json")) return DecodeJsonParameters(request.body, out);
  if (!HasType(request, "application/x-www-form-urlencoded")) return absl::OkStatus();
  if (!DecodeForm(request.body, out)) return Malformed("invalid URL escape or separator");
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Parameters> CollectParameters(const HttpRequest& request) {
  if (request.query_malformed) return Malformed("invalid URL escape or separator");
  Parameters parameters;
  // Where Go takes the body behind the URL, not before it.
  if (request.method == HttpMethod::kPost && HasType(request, "multipart/form-data")) {
    parameters = request.query;
    const absl::Status status =
        DecodeMultipartForm(request.headers.Get("Content-Type"), request.body, &parameters);
    if (!status.ok()) return status;
    return parameters;
  }
  const bool has_form = request.method == HttpMethod::kPost || request.method == HttpMethod::kPut;
  if (has_form) {
    if (const absl::Status status = DecodeBody(request, &parameters); !status.ok()) return status;
  }
  parameters.Append(request.query);
  return parameters;
}

absl::Status DecodeJsonParameters(std::string_view text, Parameters* out) {
  if (Trimmed(text).empty()) return absl::OkStatus();
  json::parse_options options;
  options.max_depth = kMaxDepth;
  try {
    boost::system::error_code error;
    const json::value document =
        json::parse(json::string_view(text.data(), text.size()), error, {}, options);
    if (error) return Malformed(fmt::format("not a JSON object: {}", error.message()));
    if (!document.is_object()) return Malformed("not a JSON object");
    for (const auto& member : document.get_object()) {
      const std::string name(member.key().data(), member.key().size());
      if (const absl::Status status = AddMember(name, member.value(), out); !status.ok()) {
        return status;
      }
    }
    return absl::OkStatus();
  } catch (const std::exception& failure) {  // Boost.JSON throws when memory is short.
    return absl::ResourceExhaustedError(failure.what());
  }
}

}  // namespace tidegate::api
