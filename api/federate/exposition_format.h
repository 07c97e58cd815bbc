// Which exposition format a scraper wants.
#ifndef TIDEGATE_API_FEDERATE_EXPOSITION_FORMAT_H_
#define TIDEGATE_API_FEDERATE_EXPOSITION_FORMAT_H_

#include <cstdint>
#include <string_view>

namespace tidegate::api {

// How names that the classic format does not know are written.
enum class NameEscaping : uint8_t { kUnderscores, kAllowUtf8 };

struct ExpositionFormat {
  bool protobuf = false;  // Delimited MetricFamily messages, else text.
  NameEscaping escaping = NameEscaping::kUnderscores;
};

// From an Accept field (RFC 9110 section 12.5.1), as prometheus/common/expfmt negotiates: the range
// with the highest weight that names delimited protobuf or text, the first of equals; text when
// there is none.
ExpositionFormat NegotiateFormat(std::string_view accept);

std::string_view ContentTypeOf(const ExpositionFormat& format);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_FEDERATE_EXPOSITION_FORMAT_H_
