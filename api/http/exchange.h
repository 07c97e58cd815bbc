// One request's answer on its way out: head, framing, compression, buffering.
#ifndef TIDEGATE_API_HTTP_EXCHANGE_H_
#define TIDEGATE_API_HTTP_EXCHANGE_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/http/content_coding.h"
#include "api/http/http_response.h"

namespace tidegate::api {

// What an exchange needs from its connection. Thread safe.
class ResponseTransport {
 public:
  virtual ~ResponseTransport() = default;
  // Queues bytes that more will follow. Blocks while too much is queued; false when the connection
  // is gone or was too slow.
  virtual bool Transmit(std::string bytes) = 0;
  // Queues the last bytes of the answer. Afterwards the connection serves the next request, or is
  // closed.
  virtual void Finish(std::string head, std::string body, bool close) = 0;
  // Drops the connection, so that the client sees that the answer is incomplete.
  virtual void Abort() = 0;
};

struct ExchangeOptions {
  bool head_only = false;  // HEAD: the fields of GET's answer, no body.
  bool chunked = true;     // HTTP/1.0 clients cannot read chunks: their streams end with the close.
  bool keep_alive = true;
  ContentCoding coding = ContentCoding::kIdentity;  // What the client accepts.
  size_t stream_buffer_bytes = 64 << 10;  // Streams that fit go out whole, others in such pieces.
};

// The writer that handlers see. Owned by one thread.
class Exchange : public ResponseWriter {
 public:
  // The transport must outlive it.
  Exchange(const ExchangeOptions& options, ResponseTransport* transport);

  void AddHeader(std::string name, std::string value) override;
  void Send(HttpResponse response) override;
  void Begin(HttpResponse head) override;
  bool Write(std::string_view piece) override;
  void End() override;

  // After the handler: answers 500 when it did not, aborts a stream that was not ended.
  void Close();

  // The status that was answered; 0 before.
  int status() const { return status_; }

 private:
  enum class State { kFresh, kBuffering, kStreaming, kDone, kFailed };

  bool StartStreaming();
  bool EmitBuffer(bool finish);
  std::string Head(const HttpResponse& response, std::string_view framing) const;

  const ExchangeOptions options_;
  ResponseTransport* const transport_;
  std::vector<std::pair<std::string, std::string>> extra_headers_;
  State state_ = State::kFresh;
  int status_ = 0;
  HttpResponse stream_;  // Its body is the buffer of pieces that were not handed over yet.
  std::unique_ptr<StreamCompressor> compressor_;
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_HTTP_EXCHANGE_H_
