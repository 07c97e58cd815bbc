// Plain arithmetic on native histograms.
#ifndef TIDEGATE_QUERY_HISTOGRAM_ARITHMETIC_H_
#define TIDEGATE_QUERY_HISTOGRAM_ARITHMETIC_H_

#include <cstdint>

#include "model/histogram.h"
#include "query/histogram/histogram_sum.h"

namespace tidegate::query {

// Adds or subtracts in place; the result is compact. The counter reset hint is that of a sum; who
// needs a gauge sets it. Nothing changes when the two are not compatible.
Meeting AddTo(const model::FloatHistogram& other, model::FloatHistogram* histogram);
Meeting SubtractFrom(const model::FloatHistogram& other, model::FloatHistogram* histogram);

// Counts, sum and buckets; a negative factor makes a gauge.
void Multiply(double factor, model::FloatHistogram* histogram);
// Like Multiply; a zero divisor leaves no buckets.
void Divide(double divisor, model::FloatHistogram* histogram);

// Removes empty buckets.
void Compact(model::FloatHistogram* histogram);

// The histogram in the coarser exponential schema; unchanged when it already has it.
model::FloatHistogram InSchema(const model::FloatHistogram& histogram, int32_t schema);

// The same numbers in the same buckets, bit for bit; hints are not compared.
bool SameContent(const model::FloatHistogram& a, const model::FloatHistogram& b);

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_HISTOGRAM_ARITHMETIC_H_
