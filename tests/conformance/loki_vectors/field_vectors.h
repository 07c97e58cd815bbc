// Behaviour vectors about the languages inside of stages: patterns, paths, names of labels.
#ifndef TIDEGATE_TESTS_CONFORMANCE_LOKI_VECTORS_FIELD_VECTORS_H_
#define TIDEGATE_TESTS_CONFORMANCE_LOKI_VECTORS_FIELD_VECTORS_H_

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace tidegate::conformance {

// pattern_match, pattern_parse, pattern_line_filter_parse, pattern_literals, pattern_nodes,
// json_path, logfmt_path, sanitize_label.
bool IsFieldKind(std::string_view kind);

// What differs from the vector's `expect`, or nothing when all is as expected.
std::optional<std::string> RunFieldVector(const boost::json::object& vector);

}  // namespace tidegate::conformance

#endif  // TIDEGATE_TESTS_CONFORMANCE_LOKI_VECTORS_FIELD_VECTORS_H_
