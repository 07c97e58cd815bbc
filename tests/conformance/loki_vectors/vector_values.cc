#include "tests/conformance/loki_vectors/vector_values.h"

#include <fmt/format.h>

#include <exception>

namespace tidegate::conformance {

namespace json = boost::json;

std::string Text(const json::value& value) {
  if (value.is_string()) return std::string(value.as_string());
  return value.is_null() ? "" : json::serialize(value);
}

std::string Member(const json::object& object, std::string_view name) {
  const json::value* const value = object.if_contains({name.data(), name.size()});
  return value == nullptr ? "" : Text(*value);
}

Failure Differ(std::string_view what, std::string_view got, std::string_view want) {
  if (got == want) return std::nullopt;
  return fmt::format("{}: got {}, want {}", what, got, want);
}

model::Labels LabelsOf(const json::value& object) {
  std::map<std::string, std::string> sorted;
  for (const auto& member : object.as_object()) {
    sorted[std::string(member.key())] = Text(member.value());
  }
  std::string bytes;
  for (const auto& [name, value] : sorted) model::AppendLabelBytes(name, value, &bytes);
  return model::Labels::FromCanonical(std::move(bytes));
}

model::Labels LabelsOf(const json::object& object, std::string_view name) {
  const json::value* const value = object.if_contains({name.data(), name.size()});
  return value != nullptr && value->is_object() ? LabelsOf(*value) : model::Labels();
}

Failure RunVector(const VectorRunners& runners, const json::object& vector) {
  const auto runner = runners.find(Member(vector, "kind"));
  if (runner == runners.end()) return "unknown kind " + Member(vector, "kind");
  try {
    return runner->second(vector);
  } catch (const std::exception& error) {  // Boost.JSON's way to say that a member is missing.
    return fmt::format("the vector is not as expected: {}", error.what());
  }
}

}  // namespace tidegate::conformance
