// Result codes of the workspaces' API, and the envelope around every answer.
#ifndef TIDEGATE_API_WORKSPACES_RESULT_CODE_H_
#define TIDEGATE_API_WORKSPACES_RESULT_CODE_H_

#include <functional>
#include <string_view>

#include "absl/status/status.h"
#include "api/http/http_response.h"
#include "api/json/json_writer.h"

namespace tidegate::api {

// Source: System Monitoring API guide (NHN Cloud), error codes of the workspaces' and targets'
// calls. 401 and 403 are statuses of HTTP there; their envelopes carry the same number.
enum class ResultCode : int {
  kSuccess = 0,
  kAlreadyExist = -40001,
  kBadInputValue = -40002,
  kInvalidHostOrProject = -40004,
  kNotFoundJob = -40006,
  kNotFoundTarget = -40007,
  kSystemReservedJob = -40012,
  kInternalServerError = -50000,
  kUnauthorized = 401,
  kForbidden = 403,
};

// "SUCCESS", "ALREADY_EXIST", ...
std::string_view ResultMessage(ResultCode code);

// {"header":{"isSuccessful","resultCode","resultMessage"},"body":...}. The status is 200, but for
// kUnauthorized and kForbidden. Without a body it is null.
HttpResponse EnvelopeResponse(ResultCode code,
                              const std::function<void(JsonWriter&)>& body = nullptr);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_WORKSPACES_RESULT_CODE_H_
