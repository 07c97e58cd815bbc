// Unit tests of rules, in promtool's format.
#ifndef TIDEGATE_CONTROL_RULE_TESTS_RULE_TEST_FILE_H_
#define TIDEGATE_CONTROL_RULE_TESTS_RULE_TEST_FILE_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "control/rules/definition/rule_spec.h"

namespace tidegate::control {

struct ExpectedAlert {
  TextMap labels;
  TextMap annotations;
};

struct AlertRuleTest {
  absl::Duration eval_time;
  std::string alertname;
  std::vector<ExpectedAlert> expected;  // All that fire, in any order.
};

struct ExpectedSample {
  std::string labels;  // metric{label="value"}
  double value = 0;
  std::string histogram;  // {{count:1 sum:2}}; empty: `value`.
};

struct ExpressionTest {
  std::string expr;
  absl::Duration eval_time;
  std::vector<ExpectedSample> expected;  // In any order.
};

struct InputSeries {
  std::string series;
  std::string values;
};

// One world: its series, and what is expected of the rules in it. Times are since its start.
struct RuleTestGroup {
  std::string name;
  absl::Duration interval;  // Between values of the input, and of groups without their own.
  std::vector<InputSeries> input;
  std::vector<AlertRuleTest> alert_tests;
  std::vector<ExpressionTest> expression_tests;
  TextMap external_labels;
  std::string external_url;
  absl::Time start = absl::UnixEpoch();
  bool fuzzy_compare = false;  // Values need only be nearly equal.
};

struct RuleTestFile {
  std::vector<std::string> rule_files;  // Relative to the file; the last component may have one *.
  absl::Duration evaluation_interval = absl::Minutes(1);
  std::vector<std::string> group_order;  // Names of groups; the others come behind.
  std::vector<RuleTestGroup> groups;
};

// Unknown keys are mistakes. InvalidArgument names line, key and what would be right.
absl::StatusOr<RuleTestFile> ParseRuleTestFile(std::string_view yaml);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_RULE_TESTS_RULE_TEST_FILE_H_
