// What every kind of behaviour vector is read with.
#ifndef TIDEGATE_TESTS_CONFORMANCE_LOKI_VECTORS_VECTOR_VALUES_H_
#define TIDEGATE_TESTS_CONFORMANCE_LOKI_VECTORS_VECTOR_VALUES_H_

#include <boost/json.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "model/labels.h"

namespace tidegate::conformance {

// What differs from a vector's `expect`, or nothing.
using Failure = std::optional<std::string>;

// A string as it is, null as nothing, anything else as JSON.
std::string Text(const boost::json::value& value);
// The member's text; empty when it is missing.
std::string Member(const boost::json::object& object, std::string_view name);

Failure Differ(std::string_view what, std::string_view got, std::string_view want);

// Labels without a value are kept: {"a": ""} is not {}.
model::Labels LabelsOf(const boost::json::value& object);
// Of the member `name`; none when it is missing or null.
model::Labels LabelsOf(const boost::json::object& object, std::string_view name);

// How vectors of one kind are run.
using VectorRunner = Failure (*)(const boost::json::object&);
using VectorRunners = std::map<std::string, VectorRunner, std::less<>>;
// Runs a vector whose kind is in the table. A member that is missing is a failure.
Failure RunVector(const VectorRunners& runners, const boost::json::object& vector);

}  // namespace tidegate::conformance

#endif  // TIDEGATE_TESTS_CONFORMANCE_LOKI_VECTORS_VECTOR_VALUES_H_
