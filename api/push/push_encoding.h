// What all pushes over HTTP have in common: content encodings, and statuses as HTTP codes.
#ifndef TIDEGATE_API_PUSH_PUSH_ENCODING_H_
#define TIDEGATE_API_PUSH_PUSH_ENCODING_H_

#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "ingest/ingester.h"

namespace tidegate::api {

// Without blanks and tabs at both ends.
std::string_view TrimBlanks(std::string_view text);

// snappy, gzip, deflate, zstd or lz4, in any case.
std::optional<ingest::PushEncoding> FindPushEncoding(std::string_view name);

// The HTTP status of a push that failed.
int PushHttpStatus(const absl::Status& status);

inline std::string_view MessageOf(const absl::Status& status) {
  return {status.message().data(), status.message().size()};
}

}  // namespace tidegate::api

#endif  // TIDEGATE_API_PUSH_PUSH_ENCODING_H_
