// Values that templates compute with.
#ifndef TIDEGATE_QUERY_LOGQL_TEMPLATE_VALUE_H_
#define TIDEGATE_QUERY_LOGQL_TEMPLATE_VALUE_H_

#include <cstdint>
#include <string>
#include <variant>

namespace tidegate::logql {

// All labels of the entry: what the dot is outside of {{with}}.
struct AllLabels {};

// monostate: nil.
using Value = std::variant<std::monostate, AllLabels, bool, int64_t, double, std::string>;

// Go's truth: what is not zero, empty or nil.
bool IsTrue(const Value& value);
// Go's %v. AllLabels has no text of its own.
std::string Print(const Value& value);
// The name of the type in errors.
const char* TypeName(const Value& value);

// As sprig's functions convert their arguments: strings are parsed, what cannot be converted is 0.
int64_t ToInt(const Value& value);
double ToFloat(const Value& value);

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_TEMPLATE_VALUE_H_
