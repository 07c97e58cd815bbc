// Which paths browsers may ask from pages of another origin (CORS).
#ifndef TIDEGATE_API_HTTP_CROSS_ORIGIN_H_
#define TIDEGATE_API_HTTP_CROSS_ORIGIN_H_

#include <string>
#include <utility>
#include <vector>

#include "api/http/http_request.h"
#include "api/http/http_response.h"

namespace tidegate::api {

// Prometheus' rules with its default of any origin: every answer on such a path has
// `Vary: Origin`, refusals and unknown paths included, and the answer to a request with an origin
// names that origin. Built first, then read by any number of threads.
class CrossOrigin {
 public:
  // All paths that begin with these segments.
  void Add(std::vector<std::string> prefix) { prefixes_.push_back(std::move(prefix)); }

  bool Covers(const std::vector<std::string>& segments) const;
  // The fields of an answer; none when the path is not covered.
  void AddFields(const HttpRequest& request, ResponseWriter& response) const;
  // Of an answer to a request whose path, and with it its origin, could not be read: any origin may
  // see why. None when no path is covered.
  std::vector<std::pair<std::string, std::string>> FieldsForUnread() const;

 private:
  std::vector<std::vector<std::string>> prefixes_;
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_HTTP_CROSS_ORIGIN_H_
