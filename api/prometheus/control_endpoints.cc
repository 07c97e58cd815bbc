#include "api/prometheus/control_endpoints.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "api/prometheus/envelope.h"
#include "api/prometheus/parameters.h"
#include "query/selector_text.h"

namespace tidegate::api {
namespace {

// The words that Go's strconv.ParseBool takes.
constexpr std::array<std::string_view, 12> kBooleans = {"1", "t", "T", "TRUE",  "true",  "True",
                                                        "0", "f", "F", "FALSE", "false", "False"};

absl::Status CheckType(std::string_view type) {
  if (type.empty() || EqualsIgnoreCase(type, "alert") || EqualsIgnoreCase(type, "record")) {
    return absl::OkStatus();
  }
  return InvalidParameter(
      "type", absl::InvalidArgumentError(fmt::format("not supported value \"{}\"", type)));
}

absl::Status CheckBoolean(std::string_view name, std::string_view text) {
  if (text.empty() || std::find(kBooleans.begin(), kBooleans.end(), text) != kBooleans.end()) {
    return absl::OkStatus();
  }
  return InvalidParameter(
      name,
      absl::InvalidArgumentError(fmt::format(
          "error converting {}: strconv.ParseBool: parsing \"{}\": invalid syntax", name, text)));
}

absl::Status CheckGroupLimit(const Parameters& parameters) {
  const std::string_view text = parameters.Get("group_limit");
  if (text.empty()) {
    if (parameters.Get("group_next_token").empty()) return absl::OkStatus();
    return InvalidParameter("group_limit", absl::InvalidArgumentError(
                                               "group_limit needs to be set in order to paginate "
                                               "over the groups"));
  }
  const auto limit = ParseInteger(text);
  if (!limit.ok()) return InvalidParameter("group_limit", limit.status());
  if (*limit > 0) return absl::OkStatus();
  return InvalidParameter("group_limit",
                          absl::InvalidArgumentError("group_limit needs to be greater than 0"));
}

absl::Status CheckMatchers(const Parameters& parameters) {
  for (const std::string& text : parameters.All("match[]")) {
    const auto matchers = query::ParseSelector(text);
    if (!matchers.ok()) return matchers.status();
  }
  return absl::OkStatus();
}

}  // namespace

ApiEndpoint RulesEndpoint() {
  return [](const ApiRequest& request, ResponseWriter& response) {
    const Parameters& parameters = request.parameters;
    absl::Status status = CheckMatchers(parameters);
    if (status.ok()) status = CheckType(parameters.Get("type"));
    if (status.ok()) status = CheckBoolean("exclude_alerts", parameters.Get("exclude_alerts"));
    if (status.ok()) status = CheckGroupLimit(parameters);
    if (!status.ok()) return status;
    Envelope envelope(&response);
    envelope.data().Raw(R"({"groups":[]})");
    envelope.Finish();
    return absl::OkStatus();
  };
}

ApiEndpoint ConstantEndpoint(std::string_view json) {
  return [json = std::string(json)](const ApiRequest&, ResponseWriter& response) {
    Envelope envelope(&response);
    envelope.data().Raw(json);
    envelope.Finish();
    return absl::OkStatus();
  };
}

}  // namespace tidegate::api
