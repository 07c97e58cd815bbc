// Which limit refused something: travels with the error, so that refusals can be counted.
#ifndef TIDEGATE_QUERY_VECTOR_REFUSED_BY_H_
#define TIDEGATE_QUERY_VECTOR_REFUSED_BY_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace tidegate::query {

// The error with the name of the limit, as the configuration has it ("max_query_series").
absl::Status RefusedBy(std::string_view limit, absl::Status error);

// The name; empty when no limit refused. Errors lose it on their way to another process.
std::string LimitThatRefused(const absl::Status& error);

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_VECTOR_REFUSED_BY_H_
