#include "api/web/page_routes.h"

#include <string>
#include <string_view>
#include <utility>

namespace tidegate::api {
namespace {

// The part of the path behind the prefix, decoded.
std::string PathBelowPrefix(const HttpRequest& request) {
  std::string path;
  for (size_t i = 1; i < request.segments.size(); ++i) {
    path.append(i == 1 ? "" : "/").append(request.segments[i]);
  }
  return path;
}

void AddRoute(std::string_view pattern, HttpHandler handler, Router* router) {
  Route route;
  route.pattern = pattern;
  route.handler = std::move(handler);
  route.nonblocking = true;
  router->Add(std::move(route));
}

// Relative, so that it is right below a proxy's prefix too.
HttpHandler LeadTo(std::string_view place) {
  return [place = std::string(place)](const HttpRequest& request, ResponseWriter& response) {
    const size_t query = request.target.find('?');
    HttpResponse found = TextResponse(302, "the page is at ui/");
    found.headers.emplace_back(
        "Location",
        place + std::string(query == request.target.npos ? "" : request.target.substr(query)));
    AddSecurityFields(&found);
    response.Send(std::move(found));
  };
}

}  // namespace

void AddPageRoutes(const PageFiles& files, Router* router) {
  AddRoute("/", LeadTo("ui/"), router);
  AddRoute("/ui", LeadTo("ui/"), router);
  AddRoute("/graph", LeadTo("ui/graph"), router);
  AddRoute(
      "/ui/*",
      [files](const HttpRequest& request, ResponseWriter& response) {
        response.Send(files.Answer(PathBelowPrefix(request), request.headers));
      },
      router);
}

}  // namespace tidegate::api
