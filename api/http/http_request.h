// A request as handlers see it, free of the HTTP library that read it.
#ifndef TIDEGATE_API_HTTP_HTTP_REQUEST_H_
#define TIDEGATE_API_HTTP_HTTP_REQUEST_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidegate::api {

enum class HttpMethod : uint8_t {
  kGet,
  kHead,
  kPost,
  kPut,
  kDelete,
  kPatch,
  kOptions,
  kOther,  // Anything else; no route takes it.
};

// "GET", ...; "OTHER" for kOther.
std::string_view MethodName(HttpMethod method);
// Methods are case sensitive (RFC 9110 section 9.1).
HttpMethod ParseMethod(std::string_view name);

// ASCII only, as header names and their keywords are.
bool EqualsIgnoreCase(std::string_view a, std::string_view b);

// Header fields in the order of arrival; names are compared without regard to case. Holds views.
class Headers {
 public:
  void Add(std::string_view name, std::string_view value) { fields_.emplace_back(name, value); }
  // The first field of that name; empty when there is none. O(fields).
  std::string_view Get(std::string_view name) const;
  bool Has(std::string_view name) const;
  void Clear() { fields_.clear(); }

 private:
  std::vector<std::pair<std::string_view, std::string_view>> fields_;
};

// Decoded parameters of a query string or a form: a name may occur several times, order is kept.
class Parameters {
 public:
  using Pair = std::pair<std::string, std::string>;

  void Add(std::string name, std::string value) {
    pairs_.emplace_back(std::move(name), std::move(value));
  }
  // Adds all of `other` behind what is here.
  void Append(const Parameters& other);
  // The first value of that name; empty when there is none. O(parameters).
  std::string_view Get(std::string_view name) const;
  bool Has(std::string_view name) const;
  std::vector<std::string> All(std::string_view name) const;
  bool empty() const { return pairs_.empty(); }
  const std::vector<Pair>& pairs() const { return pairs_; }

 private:
  std::vector<Pair> pairs_;
};

// One request. Views are valid until the handler returns. Read by one thread at a time; only
// `cancelled` is shared with the connection.
struct HttpRequest {
  HttpMethod method = HttpMethod::kGet;
  std::string_view target;            // As received, query string included.
  std::vector<std::string> segments;  // Of the path, split at '/', then percent-decoded.
  Parameters query;                   // Of the query string; malformed pairs are left out.
  bool query_malformed = false;       // Some pair of the query string was left out.
  Parameters path;                    // What the route's :parameters matched.
  Headers headers;
  std::string_view body;  // The connection's buffer; never copied.
  std::string_view peer;  // "address:port" of the client.
  // Set when the client has hung up. Handlers put it into their RequestContext.
  std::shared_ptr<std::atomic<bool>> cancelled = std::make_shared<std::atomic<bool>>(false);
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_HTTP_HTTP_REQUEST_H_
