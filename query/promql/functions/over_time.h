// Aggregations over the window of a series.
#ifndef TIDEGATE_QUERY_PROMQL_FUNCTIONS_OVER_TIME_H_
#define TIDEGATE_QUERY_PROMQL_FUNCTIONS_OVER_TIME_H_

#include "query/promql/functions/function.h"

namespace tidegate::promql {

// Floats or histograms; a mix of both gives a warning and no result.
std::unique_ptr<RangeFunction> SumOverTime(const RangeCall& call);
std::unique_ptr<RangeFunction> AvgOverTime(const RangeCall& call);

// Floats and histograms alike.
std::unique_ptr<RangeFunction> CountOverTime(const RangeCall& call);
std::unique_ptr<RangeFunction> PresentOverTime(const RangeCall& call);
std::unique_ptr<RangeFunction> FirstOverTime(const RangeCall& call);
std::unique_ptr<RangeFunction> LastOverTime(const RangeCall& call);
std::unique_ptr<RangeFunction> TsOfFirstOverTime(const RangeCall& call);
std::unique_ptr<RangeFunction> TsOfLastOverTime(const RangeCall& call);

// Floats only.
std::unique_ptr<RangeFunction> MinOverTime(const RangeCall& call);
std::unique_ptr<RangeFunction> MaxOverTime(const RangeCall& call);
std::unique_ptr<RangeFunction> TsOfMinOverTime(const RangeCall& call);
std::unique_ptr<RangeFunction> TsOfMaxOverTime(const RangeCall& call);
std::unique_ptr<RangeFunction> StddevOverTime(const RangeCall& call);
std::unique_ptr<RangeFunction> StdvarOverTime(const RangeCall& call);
std::unique_ptr<RangeFunction> QuantileOverTime(const RangeCall& call);
std::unique_ptr<RangeFunction> MadOverTime(const RangeCall& call);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_FUNCTIONS_OVER_TIME_H_
