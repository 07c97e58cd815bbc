// What is decided about a request when its head has arrived.
#ifndef TIDEGATE_API_HTTP_HEAD_ADMISSION_H_
#define TIDEGATE_API_HTTP_HEAD_ADMISSION_H_

#include "api/http/http_request.h"
#include "api/http/http_response.h"
#include "api/http/router.h"

namespace tidegate::api {

// The answer where no route was found: 404, or 405 with Allow.
HttpResponse NoRoute(const RouteMatch& match);

// Asks the route. Without one, a request with a body is refused at once, and one without goes on,
// so that its connection can stay: NoRoute is then its answer.
Admission AdmitHead(const RouteMatch& match, const HttpRequest& head, bool has_body);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_HTTP_HEAD_ADMISSION_H_
