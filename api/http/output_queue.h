// The answers of one connection on their way into its socket. Internal to the server.
#ifndef TIDEGATE_API_HTTP_OUTPUT_QUEUE_H_
#define TIDEGATE_API_HTTP_OUTPUT_QUEUE_H_

#include <boost/system/error_code.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "absl/time/time.h"
#include "api/http/client_stream.h"
#include "api/http/deadline_timer.h"
#include "api/http/transmit_window.h"

namespace tidegate::api {

// Writes pieces in their order, one at a time, each within a deadline that grows with its size.
// Everything runs on the socket's io thread. The owner, given with each call, is kept alive while a
// write is pending; it also owns stream, deadline and window, which must outlive the queue.
class OutputQueue {
 public:
  struct Piece {
    std::string head;
    std::string body;
    bool last = false;   // Completes the answer.
    bool close = false;  // Close after it.
  };
  struct Events {
    std::function<void(bool close)> answered;  // The last piece of an answer is out.
    std::function<void()> failed;              // The client does not take it.
  };

  OutputQueue(ClientStream* stream, DeadlineTimer* deadline, absl::Duration write_timeout,
              TransmitWindow* window, Events events)
      : stream_(*stream),
        deadline_(*deadline),
        write_timeout_(write_timeout),
        window_(*window),
        events_(std::move(events)) {}

  void Enqueue(std::shared_ptr<void> owner, Piece piece);
  // "100 Continue", under the deadline of reading; `written` unless an answer has come meanwhile.
  void SendContinue(std::shared_ptr<void> owner, std::function<void()> written);
  // Nothing is written any more, and nobody hears of what is pending.
  void Stop() { stopped_ = true; }

 private:
  void WriteNext(std::shared_ptr<void> owner);
  void OnWritten(std::shared_ptr<void> owner, const boost::system::error_code& error);

  ClientStream& stream_;
  DeadlineTimer& deadline_;
  const absl::Duration write_timeout_;
  TransmitWindow& window_;
  const Events events_;
  std::deque<Piece> pieces_;
  bool writing_ = false;
  bool stopped_ = false;
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_HTTP_OUTPUT_QUEUE_H_
