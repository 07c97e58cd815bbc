// Forms as multipart/form-data (RFC 7578).
#ifndef TIDEGATE_API_PROMETHEUS_MULTIPART_FORM_H_
#define TIDEGATE_API_PROMETHEUS_MULTIPART_FORM_H_

#include <string_view>

#include "absl/status/status.h"
#include "api/http/http_request.h"

namespace tidegate::api {

// Adds the fields of a form in the order in which they stand there, as Go's ParseMultipartForm
// reads them: parts without a name and files are passed over. `content_type` is the whole field,
// with its boundary. InvalidArgument when there is no boundary, the form does not end with it, or a
// part is not one.
absl::Status DecodeMultipartForm(std::string_view content_type, std::string_view body,
                                 Parameters* out);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_PROMETHEUS_MULTIPART_FORM_H_
