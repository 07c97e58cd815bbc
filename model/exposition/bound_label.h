// Values of the labels le and quantile.
#ifndef TIDEGATE_MODEL_EXPOSITION_BOUND_LABEL_H_
#define TIDEGATE_MODEL_EXPOSITION_BOUND_LABEL_H_

#include <string>

#include "model/exposition/series_text.h"
#include "model/metadata.h"

namespace tidegate::model {

// A float as OpenMetrics writes it: the shortest digits that read back, and always with a point or
// an exponent ("1.0", "0.25", "1e+06", "+Inf").
std::string OpenMetricsFloat(double value);

// Brings `le` of a classic histogram and `quantile` of a summary into that form, so that "1" and
// "1.0" are one series whatever the target writes (Prometheus 3, model/textparse). What is no
// number stays.
void NormalizeBound(MetricType type, LabelPairs* labels);

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_EXPOSITION_BOUND_LABEL_H_
