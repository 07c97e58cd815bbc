// Runs the scripts of this folder, each case also as an instant query inside a range and the other
// way around.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "gtest/gtest.h"
#include "query/promql/syntax/function_signatures.h"
#include "tests/conformance/promql_scripts/runner.h"

namespace tidegate::conformance {
namespace {

// Texts by file name.
std::map<std::string, std::string> Scripts() {
  std::map<std::string, std::string> scripts;
  for (const auto& entry : std::filesystem::directory_iterator("tests/promql")) {
    if (entry.path().extension() != ".test") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    scripts[entry.path().filename()] = std::string(std::istreambuf_iterator<char>(file), {});
  }
  return scripts;
}

TEST(Scripts, AllPass) {
  const auto scripts = Scripts();
  ASSERT_FALSE(scripts.empty());
  for (const auto& [name, text] : scripts) {
    const auto result = RunScript(text, {.repeat = true});
    ASSERT_TRUE(result.ok()) << name << ": " << result.status();
    EXPECT_GT(result->passed, 0) << name;
    for (const auto& failure : result->failures) {
      ADD_FAILURE() << name << ":" << failure.line << ": " << failure.query << "\n"
                    << failure.difference;
    }
  }
}

TEST(Scripts, NameEveryFunction) {
  std::string all;
  for (const auto& [name, text] : Scripts()) all += text;
  for (const promql::FunctionSignature& function : promql::AllFunctions()) {
    EXPECT_NE(all.find(std::string(function.name) + "("), std::string::npos) << function.name;
  }
}

}  // namespace
}  // namespace tidegate::conformance
