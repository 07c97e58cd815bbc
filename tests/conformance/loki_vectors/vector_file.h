// A file of behaviour vectors.
#ifndef TIDEGATE_TESTS_CONFORMANCE_LOKI_VECTORS_VECTOR_FILE_H_
#define TIDEGATE_TESTS_CONFORMANCE_LOKI_VECTORS_VECTOR_FILE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tidegate::conformance {

struct VectorReport {
  struct Failure {
    std::string id;
    std::string difference;
  };
  int passed = 0;
  std::vector<Failure> failures;
};

// Runs every vector and every evaluation of `text`; a kind that is not known has failed. Nothing
// when the text is no file of vectors.
std::optional<VectorReport> RunVectorFile(std::string_view text);

}  // namespace tidegate::conformance

#endif  // TIDEGATE_TESTS_CONFORMANCE_LOKI_VECTORS_VECTOR_FILE_H_
