// Turns the bytes of a connection into requests. Knows the protocol, not the socket.
#ifndef TIDEGATE_API_HTTP_REQUEST_READER_H_
#define TIDEGATE_API_HTTP_REQUEST_READER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "api/http/http_request.h"

namespace tidegate::api {

// Reads one request at a time: feed bytes until the head is there, allow its body, feed on until
// the request is complete, Reset. HTTP/1.1 and 1.0. A message whose length is ambiguous is refused
// (RFC 9112 section 6.3), so that nobody in front of us can be talked into seeing other requests.
// Owned by one thread.
class RequestReader {
 public:
  enum class Status {
    kNeedMore,
    kHead,      // request() has everything but its body: call AllowBody, then feed on.
    kComplete,  // request() is complete.
    kError,     // Answer with `error_status` and close.
  };
  struct Progress {
    Status status = Status::kNeedMore;
    size_t consumed = 0;  // Bytes that are not needed again.
    int error_status = 0;
    std::string_view error;  // A constant.
  };

  // Heads longer than the limit are refused with 431.
  explicit RequestReader(size_t max_header_bytes);
  ~RequestReader();

  // Bytes that were not consumed must come again, followed by more.
  Progress Feed(std::string_view bytes);

  // Valid from kHead to Reset. What it refers to is owned by the reader.
  HttpRequest& request();
  const HttpRequest& request() const;
  // The announced length; nothing for chunked bodies.
  std::optional<uint64_t> content_length() const;
  bool chunked() const;
  bool http11() const;
  bool keep_alive() const;
  bool expects_continue() const;

  // The largest body that may come; a longer announced one is the caller's to refuse, a chunked one
  // gets 413 when it grows beyond.
  void AllowBody(size_t max_bytes);

  // The rest of a body with a Content-Length can be read straight into its place: space for bytes
  // that are still missing, empty when there is no such body.
  std::span<char> BodySpace();
  // `count` bytes were put into BodySpace().
  void BodyFilled(size_t count);

  // For the next request on the connection.
  void Reset();

 private:
  struct Parsing;

  Progress FeedHead(std::string_view bytes);
  Progress FeedSizedBody(std::string_view bytes);
  Progress FeedChunks(std::string_view bytes);
  Progress HeadDone(size_t consumed);

  const size_t max_header_bytes_;
  std::unique_ptr<Parsing> parsing_;
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_HTTP_REQUEST_READER_H_
