// Query strings, forms and JSON bodies, and the values in them: whatever arrives is either refused
// or means something within its bounds.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "api/auth/session_cookie.h"
#include "api/http/target.h"
#include "api/microprofile/accept.h"
#include "api/microprofile/text_name.h"
#include "api/prometheus/multipart_form.h"
#include "api/prometheus/parameters.h"
#include "api/prometheus/request_parameters.h"
#include "model/sample.h"

namespace tidegate::api {
namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

void CheckValue(const std::string& text) {
  if (const auto time = ParseTime(text); time.ok()) {
    Require(*time >= model::kMinTimestamp && *time <= model::kMaxTimestamp);
  }
  if (const auto duration = ParseDuration(text); duration.ok()) {
    Require(*duration > -absl::InfiniteDuration() && *duration < absl::InfiniteDuration());
  }
  if (const auto limit = ParseLimit(text); limit.ok() && !text.empty()) {
    Require(ParseInteger(text).ok());
  }
}

// Decoding adds at most as many bytes as came in, twice for numbers that are printed in full.
void CheckParameters(std::string_view text, const Parameters& parameters) {
  size_t bytes = 0;
  for (const auto& [name, value] : parameters.pairs()) {
    bytes += value.size();
    CheckValue(value);
  }
  Require(bytes <= 32 * text.size());
}

void FuzzForm(std::string_view text) {
  Parameters parameters;
  DecodeForm(text, &parameters);
  CheckParameters(text, parameters);
}

void FuzzJson(std::string_view text) {
  Parameters parameters;
  if (DecodeJsonParameters(text, &parameters).ok()) CheckParameters(text, parameters);
}

void FuzzMultipart(std::string_view text) {
  Parameters parameters;
  if (DecodeMultipartForm("multipart/form-data; boundary=x", text, &parameters).ok()) {
    CheckParameters(text, parameters);
  }
  // And as the field that names the boundary.
  DecodeMultipartForm(text, "--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--x--",
                      &parameters)
      .IgnoreError();
}

void FuzzTarget(std::string_view text) {
  const auto split = ParseTarget(text);
  if (!split) return;
  Require(split->path.size() + split->query.size() <= text.size() + 1);
  if (const auto segments = DecodePath(split->path)) {
    Require(segments->size() <= split->path.size() + 1);
  }
  FuzzForm(split->query);
}

void FuzzAccept(std::string_view text) {
  const double quality = AcceptQuality(text, "text/plain");
  Require(quality >= 0 && quality <= 1);
}

// Whatever a metric is called, its name in text is one of Prometheus, but for the first character.
void FuzzMetricName(std::string_view text) {
  for (char c : TextName(text)) {
    Require((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_');
  }
}

void FuzzCookie(std::string_view text) {
  Headers headers;
  headers.Add("Cookie", text);
  const std::string_view token = SessionToken(headers);
  Require(token.empty() || text.find(token) != text.npos);
  Require(token.find(';') == token.npos);
}

// Nothing but the server's own origin passes for it.
void FuzzOrigin(std::string_view text) {
  HttpRequest request;
  request.method = HttpMethod::kPost;
  request.headers.Add("Host", "a");
  request.headers.Add("Origin", text);
  if (CheckSameOrigin(request).ok()) Require(text.size() <= std::string_view("https://a").size());
}

}  // namespace
}  // namespace tidegate::api

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  tidegate::api::FuzzForm(text);
  tidegate::api::FuzzJson(text);
  tidegate::api::FuzzMultipart(text);
  tidegate::api::FuzzTarget(text);
  tidegate::api::FuzzAccept(text);
  tidegate::api::FuzzMetricName(text);
  tidegate::api::FuzzCookie(text);
  tidegate::api::FuzzOrigin(text);
  tidegate::api::CheckValue(std::string(text));
  return 0;
}
