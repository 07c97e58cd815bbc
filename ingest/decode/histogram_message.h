// prometheus.Histogram, of remote write 1.0 and 2.0: a native histogram with its timestamps.
#ifndef TIDEGATE_INGEST_DECODE_HISTOGRAM_MESSAGE_H_
#define TIDEGATE_INGEST_DECODE_HISTOGRAM_MESSAGE_H_

#include "ingest/decode/wire_cursor.h"
#include "model/histogram.h"

namespace tidegate::ingest {

// Reads one message to its end into `sample`. It is a float histogram when `count` is given as a
// float, an integer histogram otherwise (Prometheus' rule); what belongs to the other kind is
// dropped. Nothing is validated here. An unknown reset hint means kUnknown; the start timestamp is
// 2.0's. False when malformed.
bool ReadHistogramMessage(WireCursor message, model::HistogramSample* sample);

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_DECODE_HISTOGRAM_MESSAGE_H_
