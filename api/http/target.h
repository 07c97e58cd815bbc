// Request targets and forms: paths, query strings and percent encoding.
//
// Decoding is as lenient as Go's net/url, which clients of Prometheus are used to: characters such
// as { " | [ need no escape. Boost.URL refuses those, so it is not used here.
#ifndef TIDEGATE_API_HTTP_TARGET_H_
#define TIDEGATE_API_HTTP_TARGET_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/http_request.h"

namespace tidegate::api {

// The path and the query string of a target, still encoded. Views into the target.
struct SplitTarget {
  std::string_view path;
  std::string_view query;
};

// Takes origin-form (/path?query) and absolute-form (http://host/path?query, RFC 9112
// section 3.2.2); a fragment is cut off. Nothing when it is neither.
std::optional<SplitTarget> ParseTarget(std::string_view target);

// Splits a path at '/' and decodes each segment, so that an encoded slash stays inside its segment.
// "/" has no segments; a trailing slash makes an empty last one. Nothing when an escape is
// malformed.
std::optional<std::vector<std::string>> DecodePath(std::string_view path);

// Adds the pairs of an application/x-www-form-urlencoded text: '&' separates, '+' is a space. Pairs
// that are malformed (a bad escape, a ';') are left out, and the answer is false then.
bool DecodeForm(std::string_view text, Parameters* out);

// Nothing when an escape is malformed.
std::optional<std::string> PercentDecode(std::string_view text, bool plus_is_space);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_HTTP_TARGET_H_
