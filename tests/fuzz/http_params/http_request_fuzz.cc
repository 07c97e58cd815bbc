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

using Bodies = std::vector<std::string>;

// The bodies of all requests until the bytes run out or make no sense, arriving `step` at a time.
Bodies ReadAll(std::string_view bytes, size_t step) {
  Bodies bodies;
  RequestReader reader(kMaxHeaderBytes);
  size_t available = 0;
  while (bodies.size() < kMaxRequests) {
    const auto progress = reader.Feed(bytes.substr(0, available));
    if (progress.consumed > available) std::abort();
    bytes.remove_prefix(progress.consumed);
    available -= progress.consumed;
    switch (progress.status) {
      case RequestReader::Status::kError:
        if (progress.error_status < 400) std::abort();
        return bodies;
      case RequestReader::Status::kHead:
        if (reader.content_length().value_or(0) > kMaxBodyBytes) return bodies;
        reader.AllowBody(kMaxBodyBytes);
        break;
      case RequestReader::Status::kComplete:
        if (reader.request().body.size() > kMaxBodyBytes) std::abort();
        bodies.emplace_back(reader.request().body);
        reader.Reset();
        break;
      case RequestReader::Status::kNeedMore:
        if (available == bytes.size()) return bodies;
        available = std::min(bytes.size(), available + step);
        break;
    }
  }
  return bodies;
}

}  // namespace
}  // namespace tidegate::api

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  // When an error in an incomplete head is found depends on the pieces; what was read before does
  // not.
  if (tidegate::api::ReadAll(bytes, size + 1) != tidegate::api::ReadAll(bytes, 7)) std::abort();
  return 0;
}
