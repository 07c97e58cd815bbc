// prometheus.Exemplar: one observation with labels of its own.
#ifndef TIDEGATE_INGEST_DECODE_EXEMPLAR_MESSAGE_H_
#define TIDEGATE_INGEST_DECODE_EXEMPLAR_MESSAGE_H_

#include <string>

#include "ingest/decode/wire_cursor.h"
#include "model/exemplar.h"

namespace tidegate::ingest {

// What became of an exemplar message.
enum class ExemplarOutcome {
  kRead,
  kInvalidLabels,  // Well-formed bytes, but no label set: to be dropped and counted.
  kMalformed,
};

// Reads one message to its end. `scratch` is reused between calls.
ExemplarOutcome ReadExemplarMessage(WireCursor message, std::string* scratch,
                                    model::Exemplar* exemplar);

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_DECODE_EXEMPLAR_MESSAGE_H_
