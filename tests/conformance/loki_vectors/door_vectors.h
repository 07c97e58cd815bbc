// Behaviour vectors about Loki's HTTP door: pushes, parameters, limits, levels, answers.
#ifndef TIDEGATE_TESTS_CONFORMANCE_LOKI_VECTORS_DOOR_VECTORS_H_
#define TIDEGATE_TESTS_CONFORMANCE_LOKI_VECTORS_DOOR_VECTORS_H_

#include <boost/json.hpp>
#include <optional>
#include <string>

namespace tidegate::conformance {

// Whether RunDoorVector knows the `kind` of a vector.
bool IsDoorKind(std::string_view kind);

// Runs one vector of a known kind on the product's own decoders, checks and writers. What differs
// from its `expect`, or nothing when all is as expected.
std::optional<std::string> RunDoorVector(const boost::json::object& vector);

}  // namespace tidegate::conformance

#endif  // TIDEGATE_TESTS_CONFORMANCE_LOKI_VECTORS_DOOR_VECTORS_H_
