// Which handler answers which method and path.
#ifndef TIDEGATE_API_HTTP_ROUTER_H_
#define TIDEGATE_API_HTTP_ROUTER_H_

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/cross_origin.h"
#include "api/http/http_request.h"
#include "api/http/http_response.h"
#include "api/http/web_socket.h"

namespace tidegate::api {

// What is decided when the head of a request has arrived and its body has not: how large the body
// may be, or that it is not wanted at all.
struct Admission {
  size_t max_body_bytes = 0;
  std::optional<HttpResponse> refusal;  // Answered at once; the connection closes after it.
};

// Runs on an io thread: must be quick and must not block.
using AdmissionCheck = std::function<Admission(const HttpRequest& head)>;

enum class WorkKind : uint8_t { kPush, kOther };

struct Route {
  HttpMethod method = HttpMethod::kGet;
  // "/a/:name/b": segments that begin with ':' match any non-empty segment; a last segment "*"
  // matches one or more of any kind. Also the name of the route in metrics.
  std::string pattern;
  HttpHandler handler;
  // Bodies longer than this get 413; `admit` decides instead when it is set.
  size_t max_body_bytes = 64 << 10;
  AdmissionCheck admit;
  // Set for paths that talk over a WebSocket when the client asks for one; `handler` answers
  // others.
  WebSocketCheck web_socket;
  // The handler never blocks and runs on the io thread: answers even when all workers are busy.
  bool nonblocking = false;
  // Pushes have workers of their own, so that slow queries and slow readers do not delay them.
  WorkKind work = WorkKind::kOther;
};

// The outcome of a lookup: a route, or the status that says why there is none.
struct RouteMatch {
  const Route* route = nullptr;
  Parameters path;    // Values of the pattern's :parameters.
  int status = 200;   // 404 or 405 without a route.
  std::string allow;  // For 405: the methods that the path knows.
};

// Built first, then read by any number of threads. Literal paths win over patterns, and a pattern
// that was added earlier over a later one. HEAD is answered by GET's route when it has none.
// OPTIONS is answered with 204 on every path that other origins may ask, also where nothing else
// is.
class Router {
 public:
  // Routes stay where they are: pointers to them are valid as long as the router.
  void Add(Route route);

  // Other origins may ask all paths that begin with this one ("/api/v1").
  void AllowCrossOrigin(std::string_view prefix);

  RouteMatch Find(HttpMethod method, const std::vector<std::string>& segments) const;
  const CrossOrigin& cross_origin() const { return cross_origin_; }

  size_t size() const { return routes_.size(); }
  const Route& route(size_t index) const { return *routes_[index]; }

 private:
  struct Path {
    std::vector<std::string> segments;  // Of the pattern.
    std::vector<const Route*> routes;   // One per method.
  };
  using Routes = std::vector<const Route*>;

  RouteMatch FindExact(HttpMethod method, const std::vector<std::string>& segments) const;
  static RouteMatch Choose(HttpMethod method, const Routes& routes);
  static bool Matches(const Path& path, const std::vector<std::string>& segments);

  std::vector<std::unique_ptr<const Route>> routes_;
  std::map<std::vector<std::string>, Routes> literals_;
  std::vector<Path> patterns_;
  CrossOrigin cross_origin_;
  const Route* preflight_ = nullptr;  // One of the routes, once other origins may ask.
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_HTTP_ROUTER_H_
