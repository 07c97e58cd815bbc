// The WebSockets of a server, each with a thread of its own.
#ifndef TIDEGATE_API_HTTP_WEB_SOCKET_SESSIONS_H_
#define TIDEGATE_API_HTTP_WEB_SOCKET_SESSIONS_H_

#include <cstddef>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/synchronization/mutex.h"
#include "api/http/client_stream.h"
#include "api/http/http_request.h"
#include "api/http/web_socket.h"

namespace tidegate::api {

class WebSocketSession;

// Thread safe. The io contexts of the sockets must outlive it.
class WebSocketSessions {
 public:
  explicit WebSocketSessions(size_t max_sessions) : max_sessions_(max_sessions) {}
  ~WebSocketSessions() { CloseAll(); }

  // Whether there is room for one more.
  bool HasRoom() const;
  // Takes the connection over and answers the handshake in `head`. Called on the socket's thread.
  void Open(ClientStream stream, const HttpRequest& head, WebSocketHandler handler);
  // Closes all ("going away") and waits until no handler runs.
  void CloseAll();

  size_t size() const;

 private:
  friend class WebSocketSession;
  void Forget(WebSocketSession* session);

  const size_t max_sessions_;
  mutable absl::Mutex mutex_;
  absl::flat_hash_set<std::shared_ptr<WebSocketSession>> sessions_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_HTTP_WEB_SOCKET_SESSIONS_H_
