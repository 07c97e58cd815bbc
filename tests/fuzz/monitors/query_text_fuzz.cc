// Arbitrary queries: quoting dotted names is done after one pass, and leaves alone what has no dot.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "control/monitors/expression/query_text.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string quoted = tidegate::control::QuoteDottedNames(text);
  if (text.find('.') == text.npos && quoted != text) std::abort();
  const auto query = tidegate::control::MonitorQuery(text);
  if (query.ok() && !tidegate::control::MonitorQuery(*query).ok()) std::abort();
  return 0;
}
