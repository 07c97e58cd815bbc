#include "api/http/output_queue.h"

#include <array>
#include <boost/asio/write.hpp>
#include <string_view>
#include <utility>

namespace tidegate::api {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// The unit of the write timeout.
constexpr size_t kWriteUnit = 256 << 10;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

void OutputQueue::Enqueue(std::shared_ptr<void> owner, Piece piece) {
  if (stopped_) return;
  pieces_.push_back(std::move(piece));
  if (!writing_) WriteNext(std::move(owner));
}

void OutputQueue::SendContinue(std::shared_ptr<void> owner, std::function<void()> written) {
  writing_ = true;
  asio::async_write(stream_, asio::buffer(kContinue),
                    [this, owner = std::move(owner), written = std::move(written)](
                        const error_code& error, size_t) {
                      writing_ = false;
                      if (stopped_) return;
                      if (error) {
                        events_.failed();
                      } else if (!pieces_.empty()) {
                        WriteNext(owner);  // A refusal: the body did not come in time.
                      } else {
                        written();
                      }
                    });
}

void OutputQueue::WriteNext(std::shared_ptr<void> owner) {
  writing_ = true;
  const Piece& piece = pieces_.front();
  const size_t bytes = piece.head.size() + piece.body.size();
  deadline_.Set(write_timeout_ * static_cast<int64_t>(1 + bytes / kWriteUnit));
  const std::array<asio::const_buffer, 2> buffers = {asio::buffer(piece.head),
                                                     asio::buffer(piece.body)};
  asio::async_write(stream_, buffers,
                    [this, owner = std::move(owner)](const error_code& error, size_t) {
                      OnWritten(owner, error);
                    });
}

void OutputQueue::OnWritten(std::shared_ptr<void> owner, const error_code& error) {
  writing_ = false;
  if (stopped_) return;
  if (error) {
    events_.failed();
    return;
  }
  const bool last = pieces_.front().last;
  const bool close = pieces_.front().close;
  if (!last) window_.Leave(pieces_.front().body.size());
  pieces_.pop_front();
  if (last) {
    events_.answered(close);
  } else if (!pieces_.empty()) {
    WriteNext(std::move(owner));
  } else {
    deadline_.Clear();
  }
}

}  // namespace tidegate::api
