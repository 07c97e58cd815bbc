#include "query/promql/syntax/function_signatures.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"

namespace tidegate::promql {
namespace {

using enum ValueType;

std::vector<ValueType> ArgTypes(std::string_view name) {
  const FunctionSignature* function = FindFunction(name);
  if (function == nullptr) return {kNone};
  const std::span<const ValueType> types = function->declared_arg_types();
  return std::vector<ValueType>(types.begin(), types.end());
}

TEST(FunctionSignatures, TheTableIsOrderedAndComplete) {
  const std::span<const FunctionSignature> rows = AllFunctions();
  EXPECT_EQ(rows.size(), 90u);
  for (size_t i = 1; i < rows.size(); ++i) EXPECT_LT(rows[i - 1].name, rows[i].name);
}

TEST(FunctionSignatures, EveryRowIsFoundByItsName) {
  for (const FunctionSignature& row : AllFunctions()) EXPECT_EQ(FindFunction(row.name), &row);
}

TEST(FunctionSignatures, UnknownNamesAreNotFound) {
  EXPECT_EQ(FindFunction(""), nullptr);
  EXPECT_EQ(FindFunction("Rate"), nullptr);
  EXPECT_EQ(FindFunction("ratee"), nullptr);
  EXPECT_EQ(FindFunction("holt_winters"), nullptr);
  EXPECT_EQ(FindFunction("zzz"), nullptr);
}

TEST(FunctionSignatures, FixedArguments) {
  EXPECT_EQ(ArgTypes("rate"), (std::vector{kMatrix}));
  EXPECT_EQ(ArgTypes("time"), std::vector<ValueType>{});
  EXPECT_EQ(ArgTypes("clamp"), (std::vector{kVector, kScalar, kScalar}));
  EXPECT_EQ(ArgTypes("quantile_over_time"), (std::vector{kScalar, kMatrix}));
  EXPECT_EQ(ArgTypes("histogram_fraction"), (std::vector{kScalar, kScalar, kVector}));
  EXPECT_EQ(ArgTypes("label_replace"), (std::vector{kVector, kString, kString, kString, kString}));
  EXPECT_EQ(ArgTypes("min_of"), (std::vector{kScalar, kScalar}));
}

TEST(FunctionSignatures, OptionalAndRepeatedArguments) {
  EXPECT_EQ(FindFunction("rate")->variadic, 0);
  EXPECT_EQ(FindFunction("hour")->variadic, 1);
  EXPECT_EQ(FindFunction("round")->variadic, 1);
  EXPECT_EQ(FindFunction("info")->variadic, 1);
  EXPECT_EQ(FindFunction("label_join")->variadic, -1);
  EXPECT_EQ(FindFunction("sort_by_label")->variadic, -1);
  // One to ten quantiles behind the vector and the label.
  const FunctionSignature* quantiles = FindFunction("histogram_quantiles");
  EXPECT_EQ(quantiles->arg_type_count - 1, 3);
  EXPECT_EQ(quantiles->arg_type_count - 1 + quantiles->variadic, 12);
}

TEST(FunctionSignatures, ScalarsComeFromFewFunctions) {
  std::vector<std::string_view> scalars;
  for (const FunctionSignature& row : AllFunctions()) {
    if (row.return_type == kScalar) scalars.push_back(row.name);
  }
  EXPECT_EQ(scalars, (std::vector<std::string_view>{"end", "max_of", "min_of", "pi", "range",
                                                    "scalar", "start", "step", "time"}));
}

TEST(FunctionSignatures, SomeAreExperimental) {
  EXPECT_TRUE(FindFunction("info")->experimental);
  EXPECT_TRUE(FindFunction("double_exponential_smoothing")->experimental);
  EXPECT_FALSE(FindFunction("first_over_time")->experimental);
  EXPECT_FALSE(FindFunction("rate")->experimental);
}

}  // namespace
}  // namespace tidegate::promql
