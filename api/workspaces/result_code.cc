#include "api/workspaces/result_code.h"

#include <string>

namespace tidegate::api {

std::string_view ResultMessage(ResultCode code) {
  switch (code) {
    case ResultCode::kSuccess:
      return "SUCCESS";
    case ResultCode::kAlreadyExist:
      return "ALREADY_EXIST";
    case ResultCode::kBadInputValue:
      return "BAD_INPUT_VALUE";
    case ResultCode::kInvalidHostOrProject:
      return "INVALID_HOST_OR_PROJECT";
    case ResultCode::kNotFoundJob:
      return "NOT_FOUND_JOB";
    case ResultCode::kNotFoundTarget:
      return "NOT_FOUND_TARGET";
    case ResultCode::kSystemReservedJob:
      return "SYSTEM_RESERVED_JOB";
    case ResultCode::kInternalServerError:
      return "INTERNAL_SERVER_ERROR";
    case ResultCode::kUnauthorized:
      return "UNAUTHORIZED";
    case ResultCode::kForbidden:
      return "FORBIDDEN";
  }
  return "INTERNAL_SERVER_ERROR";
}

HttpResponse EnvelopeResponse(ResultCode code, const std::function<void(JsonWriter&)>& body) {
  StringSink sink;
  JsonWriter json(&sink);
  json.BeginObject();
  json.Key("header");
  json.BeginObject();
  json.Key("isSuccessful");
  json.Bool(code == ResultCode::kSuccess);
  json.Key("resultCode");
  json.Integer(static_cast<int>(code));
  json.Key("resultMessage");
  json.String(ResultMessage(code));
  json.EndObject();
  json.Key("body");
  if (body) {
    body(json);
  } else {
    json.Raw("null");
  }
  json.EndObject();
  json.Flush();
  HttpResponse response;
  const bool is_status = code == ResultCode::kUnauthorized || code == ResultCode::kForbidden;
  response.status = is_status ? static_cast<int>(code) : 200;
  response.content_type = std::string(kApplicationJson);
  response.body = sink.text();
  return response;
}

}  // namespace tidegate::api
