// Runs unit tests of rules, as promtool does.
#ifndef TIDEGATE_CONTROL_RULE_TESTS_RULE_TEST_RUN_H_
#define TIDEGATE_CONTROL_RULE_TESTS_RULE_TEST_RUN_H_

#include <string>
#include <vector>

#include "control/rule_tests/rule_test_file.h"
#include "control/rules/definition/rule_spec.h"

namespace tidegate::control {

// A group and the file that it is in.
struct TestedGroup {
  std::string file;
  RuleGroupSpec spec;
};

// What failed, a text each; empty: all is as expected. Every world of the file has its own engine
// over series in memory; all groups are evaluated each evaluation_interval from its start to the
// last time that something is expected at.
std::vector<std::string> RunRuleTests(const RuleTestFile& file, std::vector<TestedGroup> groups);

// The same for a file and the rule files that it names, with what is wrong with those.
std::vector<std::string> RunRuleTestFile(const std::string& path);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_RULE_TESTS_RULE_TEST_RUN_H_
