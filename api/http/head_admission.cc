#include "api/http/head_admission.h"

namespace tidegate::api {

HttpResponse NoRoute(const RouteMatch& match) {
  HttpResponse response =
      TextResponse(match.status, match.status == 405 ? "method not allowed" : "page not found");
  if (match.status == 405) response.headers.emplace_back("Allow", match.allow);
  return response;
}

Admission AdmitHead(const RouteMatch& match, const HttpRequest& head, bool has_body) {
  Admission admission;
  if (match.route == nullptr) {
    if (has_body) admission.refusal = NoRoute(match);
  } else if (match.route->admit) {
    admission = match.route->admit(head);
  } else {
    admission.max_body_bytes = match.route->max_body_bytes;
  }
  return admission;
}

}  // namespace tidegate::api
