// prometheus.MetricMetadata: type, help and unit of a metric family.
#ifndef TIDEGATE_INGEST_DECODE_METADATA_MESSAGE_H_
#define TIDEGATE_INGEST_DECODE_METADATA_MESSAGE_H_

#include "ingest/decode/wire_cursor.h"
#include "model/metadata.h"

namespace tidegate::ingest {

// Reads one message to its end. An unknown type means kUnknown. Text is copied as it is: it may be
// empty or invalid UTF-8. False when malformed.
bool ReadMetadataMessage(WireCursor message, model::MetricMetadata* metadata);

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_DECODE_METADATA_MESSAGE_H_
