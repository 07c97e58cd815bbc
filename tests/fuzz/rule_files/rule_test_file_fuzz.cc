// Arbitrary unit tests of rules: none may crash, and those of the smallest kind that are accepted
// run to the same end every time.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "control/rule_tests/rule_test_run.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using tidegate::control::ParseRuleTestFile;
  if (size > 2048) return 0;
  const auto file = ParseRuleTestFile(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!file.ok()) return 0;
  // Long spans at short intervals are work, not danger.
  for (const auto& group : file->groups) {
    const absl::Duration most = 20 * file->evaluation_interval;
    for (const auto& test : group.alert_tests) {
      if (test.eval_time > most) return 0;
    }
    for (const auto& test : group.expression_tests) {
      if (test.eval_time > most) return 0;
    }
  }
  if (RunRuleTests(*file, {}) != RunRuleTests(*file, {})) std::abort();
  return 0;
}
