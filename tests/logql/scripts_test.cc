// Runs the vectors of this folder, and checks that all of the language is among them.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "query/logql/syntax/ast.h"
#include "query/logql/template/functions.h"
#include "tests/conformance/loki_vectors/vector_file.h"

namespace tidegate::conformance {
namespace {

// Texts by file name.
std::map<std::string, std::string> Scripts() {
  std::map<std::string, std::string> scripts;
  for (const auto& entry : std::filesystem::directory_iterator("tests/logql")) {
    if (entry.path().extension() != ".json") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    scripts[entry.path().filename()] = std::string(std::istreambuf_iterator<char>(file), {});
  }
  return scripts;
}

TEST(Scripts, AllPass) {
  const auto scripts = Scripts();
  ASSERT_FALSE(scripts.empty());
  for (const auto& [name, text] : scripts) {
    const auto report = RunVectorFile(text);
    ASSERT_TRUE(report.has_value()) << name;
    EXPECT_GT(report->passed, 0) << name;
    for (const auto& failure : report->failures) {
      ADD_FAILURE() << name << " " << failure.id << ": " << failure.difference;
    }
  }
}

template <typename Op>
void AppendNames(Op last, const char* behind, std::vector<std::string>* names) {
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    names->push_back(logql::Name(static_cast<Op>(i)) + std::string(behind));
  }
}

TEST(Scripts, NothingIsMissing) {
  std::vector<std::string> wanted = {"| json",       "| logfmt",      "--strict",
                                     "--keep-empty", "| regexp",      "| pattern",
                                     "| unpack",     "| line_format", "| label_format",
                                     "| decolorize", "| drop",        "| keep",
                                     "| unwrap",     "unwrap bytes(", "unwrap duration(",
                                     "ip(",          "offset",        "label_replace(",
                                     "vector(",      " bool ",        " on ",
                                     " ignoring ",   "group_left",    "group_right",
                                     "{{range",      "{{define",      "{{template",
                                     "{{block",      "{{with",        "{{break}}",
                                     "{{continue}}", "__timestamp__", "__line__",
                                     "now"};
  AppendNames(logql::RangeOp::kAbsent, "(", &wanted);
  AppendNames(logql::VectorOp::kSortDesc, "", &wanted);
  AppendNames(logql::BinaryOp::kPower, " ", &wanted);
  AppendNames(logql::LineFilterOp::kPatternNot, " ", &wanted);
  for (const auto family :
       {logql::CollectionFunctions(), logql::EscapeFunctions(), logql::LogicFunctions(),
        logql::MathFunctions(), logql::PrintFunctions(), logql::RegexFunctions(),
        logql::TextFunctions(), logql::TimeFunctions(), logql::UnitFunctions()}) {
    for (const auto& function : family) wanted.push_back(std::string(function.name) + " ");
  }
  std::string all;
  for (const auto& [name, text] : Scripts()) all += text;
  for (const std::string& one : wanted) {
    EXPECT_NE(all.find(one), std::string::npos) << "no script has " << one;
  }
}

}  // namespace
}  // namespace tidegate::conformance
