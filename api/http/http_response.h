// Answers: whole ones, and those that are written piece by piece.
#ifndef TIDEGATE_API_HTTP_HTTP_RESPONSE_H_
#define TIDEGATE_API_HTTP_HTTP_RESPONSE_H_

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/http/http_request.h"

namespace tidegate::api {

inline constexpr std::string_view kTextPlain = "text/plain; charset=utf-8";
inline constexpr std::string_view kApplicationJson = "application/json";

struct HttpResponse {
  int status = 200;
  std::string content_type;  // Empty: no Content-Type field.
  std::string body;
  // Further fields. Content-Length, Transfer-Encoding, Connection and Date are the server's business,
  // and Content-Encoding as well, unless the body of a whole answer is compressed already.
  std::vector<std::pair<std::string, std::string>> headers;
};

// A plain text answer that ends with a newline, as Go's http.Error writes it.
HttpResponse TextResponse(int status, std::string_view text);

// Takes the answer to one request: either Send once, or Begin, Write..., End. A handler that
// returns without either is answered with 500; a stream without End is cut off so that the client
// sees that it is incomplete. Owned by the server, used by the handler's thread only, valid until
// it returns.
class ResponseWriter {
 public:
  virtual ~ResponseWriter() = default;

  // Adds a field to whatever answer follows. Only before Send or Begin.
  virtual void AddHeader(std::string name, std::string value) = 0;

  virtual void Send(HttpResponse response) = 0;

  // Starts a stream; `head.body` is its first piece. Small streams go out as a whole answer.
  virtual void Begin(HttpResponse head) = 0;
  // Appends to the stream. Blocks while the client is slower than the writer and the buffer is
  // full. False when the client has gone or was too slow: the handler should give up.
  virtual bool Write(std::string_view piece) = 0;
  // Completes the stream.
  virtual void End() = 0;
};

// Synchronous: returns when the answer has been given to the writer. Thread safe.
using HttpHandler = std::function<void(const HttpRequest&, ResponseWriter&)>;

// "OK" for 200, ...; "Unknown" for numbers nobody registered.
std::string_view ReasonPhrase(int status);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_HTTP_HTTP_RESPONSE_H_
