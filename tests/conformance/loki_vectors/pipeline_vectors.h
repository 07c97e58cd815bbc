// Behaviour vectors about what becomes of one entry: stages, line filters, samples.
#ifndef TIDEGATE_TESTS_CONFORMANCE_LOKI_VECTORS_PIPELINE_VECTORS_H_
#define TIDEGATE_TESTS_CONFORMANCE_LOKI_VECTORS_PIPELINE_VECTORS_H_

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace tidegate::conformance {

// pipeline, filter_lines, pipeline_error, extract.
bool IsPipelineKind(std::string_view kind);

// What differs from the vector's `expect`, or nothing when all is as expected.
std::optional<std::string> RunPipelineVector(const boost::json::object& vector);

}  // namespace tidegate::conformance

#endif  // TIDEGATE_TESTS_CONFORMANCE_LOKI_VECTORS_PIPELINE_VECTORS_H_
