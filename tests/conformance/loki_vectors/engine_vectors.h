// Behaviour vectors about LogQL's answers: metric queries over streams in memory.
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

}  // namespace tidegate::conformance

#endif  // TIDEGATE_TESTS_CONFORMANCE_LOKI_VECTORS_ENGINE_VECTORS_H_
