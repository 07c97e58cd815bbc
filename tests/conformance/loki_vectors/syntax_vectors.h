// Behaviour vectors about LogQL's syntax: what parses, and what its literals mean.
#ifndef TIDEGATE_TESTS_CONFORMANCE_LOKI_VECTORS_SYNTAX_VECTORS_H_
#define TIDEGATE_TESTS_CONFORMANCE_LOKI_VECTORS_SYNTAX_VECTORS_H_

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace tidegate::conformance {

// Whether RunSyntaxVector knows the `kind` of a vector.
bool IsSyntaxKind(std::string_view kind);

// What differs from the vector's `expect`, or nothing when all is as expected.
std::optional<std::string> RunSyntaxVector(const boost::json::object& vector);

}  // namespace tidegate::conformance

#endif  // TIDEGATE_TESTS_CONFORMANCE_LOKI_VECTORS_SYNTAX_VECTORS_H_
