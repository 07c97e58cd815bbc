// The Prometheus text exposition format, written.
#ifndef TIDEGATE_API_FEDERATE_EXPOSITION_WRITER_H_
#define TIDEGATE_API_FEDERATE_EXPOSITION_WRITER_H_

#include <string>
#include <string_view>

#include "api/federate/exposition_format.h"
#include "model/labels.h"
#include "model/sample.h"

namespace tidegate::api {

// A name as it is written where it needs no quotes: with underscores for what the classic format
// does not know (a colon is known in the names of metrics only), or as it is.
std::string EscapedName(std::string_view name, bool colon, NameEscaping escaping);

// "# TYPE name untyped\n".
void AppendUntypedHeader(std::string_view name, NameEscaping escaping, std::string* out);

// name{labels} value timestamp\n. A label named `instance` with the value "" is added when the
// series has none. Values are written as Go's 'g' format writes them.
void AppendSample(model::LabelsView labels, double value, model::TimestampMs timestamp,
                  NameEscaping escaping, std::string* out);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_FEDERATE_EXPOSITION_WRITER_H_
