// The numbers of series descriptions.
#ifndef TIDEGATE_QUERY_PROMQL_SYNTAX_SERIES_SERIES_NUMBERS_H_
#define TIDEGATE_QUERY_PROMQL_SYNTAX_SERIES_SERIES_NUMBERS_H_

#include <cstdint>
#include <optional>

#include "query/promql/syntax/parse/token_reader.h"

namespace tidegate::promql {

// A number with an optional sign. std::nullopt after a fault has been recorded, here and below.
std::optional<double> ParseSignedNumber(TokenReader* reader);

// A count without sign, such as the one after `x`.
std::optional<uint64_t> ParseRepetition(TokenReader* reader);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_SYNTAX_SERIES_SERIES_NUMBERS_H_
