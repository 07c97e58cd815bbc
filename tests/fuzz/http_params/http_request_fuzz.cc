// Raw bytes of a connection: however they are cut into pieces, the same requests come out.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/request_reader.h"

namespace tidegate::api {
namespace {

constexpr size_t kMaxHeaderBytes = 2048;
constexpr size_t kMaxBodyBytes = 4096;
constexpr size_t kMaxRequests = 64;

struct Outcome {
  std::vector<std::string> bodies;
  int error = 0;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

// Reads requests until the bytes run out, arriving `step` at a time.
Outcome ReadAll(std::string_view bytes, size_t step) {
  Outcome outcome;
  RequestReader reader(kMaxHeaderBytes);
  size_t available = 0;
  while (outcome.bodies.size() < kMaxRequests) {
    const auto progress = reader.Feed(bytes.substr(0, available));
    if (progress.consumed > available) std::abort();
    bytes.remove_prefix(progress.consumed);
    available -= progress.consumed;
    switch (progress.status) {
      case RequestReader::Status::kError:
        outcome.error = progress.error_status;
        return outcome;
      case RequestReader::Status::kHead:
        if (reader.content_length().value_or(0) > kMaxBodyBytes) return outcome;
        reader.AllowBody(kMaxBodyBytes);
        break;
      case RequestReader::Status::kComplete:
        if (reader.request().body.size() > kMaxBodyBytes) std::abort();
        outcome.bodies.emplace_back(reader.request().body);
        reader.Reset();
        break;
      case RequestReader::Status::kNeedMore:
        if (available == bytes.size()) return outcome;
        available = std::min(bytes.size(), available + step);
        break;
    }
  }
  return outcome;
}

}  // namespace
}  // namespace tidegate::api

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto at_once = tidegate::api::ReadAll(bytes, size + 1);
  const auto in_pieces = tidegate::api::ReadAll(bytes, 7);
  if (at_once != in_pieces) std::abort();
  return 0;
}
