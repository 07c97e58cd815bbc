// Requests for remote read: whatever arrives is refused, or asks for times that can be stored, with
// matchers that compile or say why they do not.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "model/matcher.h"
#include "model/sample.h"
#include "proto/wire/remote_read.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tidegate;
  const auto request = wire::ParseReadRequest({reinterpret_cast<const char*>(data), size});
  if (!request.ok()) return 0;
  if (request->queries.size() > size) std::abort();
  for (const wire::RemoteReadQuery& query : request->queries) {
    if (query.range.min < model::kMinTimestamp || query.range.max > model::kMaxTimestamp) {
      std::abort();
    }
    const auto matchers = model::CompileMatchers(query.matchers);
    if (!matchers.ok()) continue;
    for (const model::CompiledMatcher& matcher : *matchers) (void)matcher.Matches("value");
  }
  return 0;
}
