// Puts the series of `load` commands into a source.
#ifndef TIDEGATE_TESTS_CONFORMANCE_PROMQL_SCRIPTS_LOADER_H_
#define TIDEGATE_TESTS_CONFORMANCE_PROMQL_SCRIPTS_LOADER_H_

#include "absl/status/status.h"
#include "storage/memory_source.h"
#include "tests/conformance/promql_scripts/script.h"

namespace tidegate::conformance {

using storage::LoadedSample;
using storage::MemorySource;

// Samples begin at the Unix epoch. Counter reset hints are those that Prometheus' storage reports
// when it is read: "unknown" for the first sample of a run that is no counter reset, "not reset"
// for the others of the run; gauges stay gauges.
absl::Status Load(const LoadCommand& command, MemorySource* source);

model::Labels ToLabels(const std::vector<promql::LabelPair>& pairs);

}  // namespace tidegate::conformance

#endif  // TIDEGATE_TESTS_CONFORMANCE_PROMQL_SCRIPTS_LOADER_H_
