// A WebSocket as the code that talks over it sees it, free of the HTTP library.
#ifndef TIDEGATE_API_HTTP_WEB_SOCKET_H_
#define TIDEGATE_API_HTTP_WEB_SOCKET_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "api/http/http_request.h"
#include "api/http/http_response.h"

namespace tidegate::api {

// Thread safe. What the client says is read and thrown away; it is pinged every second, and given
// up when nothing is heard of it for a minute.
class WebSocket {
 public:
  enum class Sent {
    kQueued,
    kFull,  // The client is slower than the sender: not queued.
    kClosed,
  };

  virtual ~WebSocket() = default;
  // Queues a text message.
  virtual Sent Send(std::string text) = 0;
  // Waits at most that long. True once the connection is closed, by whichever side.
  virtual bool WaitClosed(absl::Duration patience) = 0;
  // Closes after what is queued. Only the first call counts. At most 123 bytes of the reason.
  virtual void Close(uint16_t code, std::string_view reason) = 0;
};

// Talks until WaitClosed says that it is over, or as long as it likes; then the connection is
// closed normally. Runs on a thread of its own.
using WebSocketHandler = std::function<void(WebSocket&)>;

// What is decided about a request for a WebSocket: who talks over it, or that it is refused.
struct WebSocketAdmission {
  std::optional<HttpResponse> refusal;
  WebSocketHandler handler;
};

// Runs on an io thread: must be quick and must not block. The request lives as long as the call.
using WebSocketCheck = std::function<WebSocketAdmission(const HttpRequest& head)>;

// Whether the client wants to go on with the WebSocket protocol (RFC 6455 section 4.2.1).
bool WantsWebSocket(const HttpRequest& head);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_HTTP_WEB_SOCKET_H_
