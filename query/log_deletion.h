// Which log entries a deletion is about, from LogQL.
#ifndef TIDEGATE_QUERY_LOG_DELETION_H_
#define TIDEGATE_QUERY_LOG_DELETION_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "model/matcher.h"
#include "storage/log_source.h"

namespace tidegate::query {

// Entries of streams that all matchers match, in whose line all tests hold.
struct DeletedEntries {
  std::vector<model::CompiledMatcher> matchers;
  std::vector<storage::LineTest> tests;  // None = every line.
};

// A log query of a selector and line filters: `|=`, `!=`, `|~`, `!~`, with `or`. InvalidArgument
// ("invalid query expression: ...") for anything else: what a store hides it must be able to tell
// from the line alone, whatever becomes of the language.
absl::StatusOr<DeletedEntries> ParseLogDeletion(const std::string& query);

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_LOG_DELETION_H_
