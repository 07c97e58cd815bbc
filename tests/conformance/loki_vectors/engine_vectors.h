// Behaviour vectors about LogQL's answers over streams in memory.
#ifndef TIDEGATE_TESTS_CONFORMANCE_LOKI_VECTORS_ENGINE_VECTORS_H_
#define TIDEGATE_TESTS_CONFORMANCE_LOKI_VECTORS_ENGINE_VECTORS_H_

#include <boost/json.hpp>
#include <optional>
#include <string>

namespace tidegate::conformance {

// Runs one evaluation of a scenario over its streams. What differs from `expect`, or nothing when
// all is as expected.
std::optional<std::string> RunEngineVector(const boost::json::array& streams,
                                           const boost::json::object& eval);

// Runs a vector of kind log_query: a log query over streams of its own.
std::optional<std::string> RunLogVector(const boost::json::object& vector);

}  // namespace tidegate::conformance

#endif  // TIDEGATE_TESTS_CONFORMANCE_LOKI_VECTORS_ENGINE_VECTORS_H_
