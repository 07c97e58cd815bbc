// prometheus.Label: a name and a value.
#ifndef TIDEGATE_INGEST_DECODE_LABEL_MESSAGE_H_
#define TIDEGATE_INGEST_DECODE_LABEL_MESSAGE_H_

#include "ingest/decode/wire_cursor.h"
#include "model/labels.h"

namespace tidegate::ingest {

// Reads one message to its end; the views point into it. Nothing is validated: name and value may
// be empty or invalid UTF-8. False when malformed.
bool ReadLabelMessage(WireCursor message, model::Label* label);

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_DECODE_LABEL_MESSAGE_H_
