#include "api/push/push_encoding.h"

#include "api/http/http_request.h"

namespace tidegate::api {

std::string_view TrimBlanks(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::optional<ingest::PushEncoding> FindPushEncoding(std::string_view name) {
  using ingest::PushEncoding;
  static constexpr struct {
    std::string_view name;
    PushEncoding encoding;
  } kEncodings[] = {
      {"snappy", PushEncoding::kSnappyBlock},
      {"gzip", PushEncoding::kGzip},
      {"deflate", PushEncoding::kDeflate},
      {"zstd", PushEncoding::kZstd},
      {"lz4", PushEncoding::kLz4},
  };
  for (const auto& known : kEncodings) {
    if (EqualsIgnoreCase(name, known.name)) return known.encoding;
  }
  return std::nullopt;
}

int PushHttpStatus(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
      return 400;
    case absl::StatusCode::kOutOfRange:
      return 413;
    case absl::StatusCode::kResourceExhausted:
      return 429;
    case absl::StatusCode::kCancelled:
      return 499;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
      return 503;
    default:
      return 500;
  }
}

}  // namespace tidegate::api
