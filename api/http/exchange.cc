#include "api/http/exchange.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace tidegate::api {
namespace {

// The Date field; formatted once a second and thread (RFC 9110 section 6.6.1).
std::string_view DateField() {
  thread_local int64_t second = -1;
  thread_local std::string text;
  const absl::Time now = absl::Now();
  if (const int64_t current = absl::ToUnixSeconds(now); current != second) {
    second = current;
    text = absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", now, absl::UTCTimeZone());
  }
  return text;
}

// A field must not break out of its line.
bool IsCleanField(std::string_view text) { return text.find_first_of("\r\n") == text.npos; }

// Whether the handler brings the body compressed.
bool IsCoded(const HttpResponse& response) {
  return std::any_of(response.headers.begin(), response.headers.end(), [](const auto& field) {
    return EqualsIgnoreCase(field.first, "Content-Encoding");
  });
}

bool HasBody(int status) { return status != 204 && status != 304; }

std::string ChunkOf(std::string_view data, bool last) {
  std::string chunk;
  chunk.reserve(data.size() + 32);
  if (!data.empty()) {
    fmt::format_to(std::back_inserter(chunk), "{:x}\r\n", data.size());
    chunk.append(data).append("\r\n");
  }
  if (last) chunk.append("0\r\n\r\n");
  return chunk;
}

}  // namespace

Exchange::Exchange(const ExchangeOptions& options, ResponseTransport* transport)
    : options_(options), transport_(transport) {}

void Exchange::AddHeader(std::string name, std::string value) {
  extra_headers_.emplace_back(std::move(name), std::move(value));
}

void Exchange::Send(HttpResponse response) {
  if (state_ != State::kFresh && state_ != State::kBuffering) return;
  state_ = State::kDone;
  status_ = response.status;
  if (!HasBody(response.status)) response.body.clear();
  if (options_.coding != ContentCoding::kIdentity && IsCompressible(response.content_type) &&
      !IsCoded(response)) {
    response.headers.emplace_back("Vary", "Accept-Encoding");
    if (response.body.size() >= kMinCompressedBytes) {
      std::string compressed = CompressWhole(options_.coding, response.body);
      if (!compressed.empty()) {
        response.body = std::move(compressed);
        response.headers.emplace_back("Content-Encoding", CodingName(options_.coding));
      }
    }
  }
  std::string head = Head(response, HasBody(response.status) ? fmt::format("Content-Length: {}\r\n",
                                                                           response.body.size())
                                                             : std::string());
  if (options_.head_only) response.body.clear();
  transport_->Finish(std::move(head), std::move(response.body), !options_.keep_alive);
}

void Exchange::Begin(HttpResponse head) {
  if (state_ != State::kFresh) return;
  state_ = State::kBuffering;
  status_ = head.status;
  stream_ = std::move(head);
  stream_.body.reserve(options_.stream_buffer_bytes);
}

bool Exchange::Write(std::string_view piece) {
  if (state_ != State::kBuffering && state_ != State::kStreaming) return false;
  while (stream_.body.size() + piece.size() > options_.stream_buffer_bytes) {
    const size_t fits = options_.stream_buffer_bytes - stream_.body.size();
    stream_.body.append(piece.substr(0, fits));
    piece.remove_prefix(fits);
    if (state_ == State::kBuffering && !StartStreaming()) return false;
    if (!EmitBuffer(/*finish=*/false)) return false;
  }
  stream_.body.append(piece);
  return true;
}

void Exchange::End() {
  if (state_ == State::kBuffering) {
    HttpResponse whole = std::move(stream_);
    Send(std::move(whole));
  } else if (state_ == State::kStreaming && EmitBuffer(/*finish=*/true)) {
    state_ = State::kDone;
  }
}

void Exchange::Close() {
  switch (state_) {
    case State::kFresh:
      Send(TextResponse(500, "the request was not answered"));
      break;
    case State::kBuffering:
      // Nothing left this process yet, so the client can be told.
      Send(TextResponse(500, "the answer could not be completed"));
      break;
    case State::kStreaming:
      state_ = State::kFailed;
      transport_->Abort();
      break;
    case State::kDone:
    case State::kFailed:
      break;
  }
}

bool Exchange::StartStreaming() {
  state_ = State::kStreaming;
  if (options_.coding != ContentCoding::kIdentity && IsCompressible(stream_.content_type)) {
    stream_.headers.emplace_back("Vary", "Accept-Encoding");
    compressor_ = NewStreamCompressor(options_.coding);
    if (compressor_ != nullptr) {
      stream_.headers.emplace_back("Content-Encoding", CodingName(options_.coding));
    }
  }
  std::string head = Head(stream_, options_.chunked ? "Transfer-Encoding: chunked\r\n" : "");
  if (options_.head_only) {
    // The fields are the whole answer; further pieces have nowhere to go.
    state_ = State::kDone;
    transport_->Finish(std::move(head), {}, !options_.keep_alive);
    return false;
  }
  if (transport_->Transmit(std::move(head))) return true;
  state_ = State::kFailed;
  return false;
}

bool Exchange::EmitBuffer(bool finish) {
  std::string compressed;
  std::string_view data = stream_.body;
  if (compressor_ != nullptr) {
    if (!compressor_->Compress(data, finish, &compressed)) {
      Close();
      return false;
    }
    data = compressed;
  }
  std::string bytes = options_.chunked ? ChunkOf(data, finish) : std::string(data);
  stream_.body.clear();
  if (finish) {
    transport_->Finish({}, std::move(bytes), !options_.keep_alive || !options_.chunked);
    return true;
  }
  if (bytes.empty() || transport_->Transmit(std::move(bytes))) return true;
  state_ = State::kFailed;
  return false;
}

std::string Exchange::Head(const HttpResponse& response, std::string_view framing) const {
  std::string head;
  head.reserve(256);
  const auto out = std::back_inserter(head);
  fmt::format_to(out, "HTTP/1.1 {} {}\r\n", response.status, ReasonPhrase(response.status));
  if (!response.content_type.empty()) {
    fmt::format_to(out, "Content-Type: {}\r\n", response.content_type);
  }
  head.append(framing);
  for (const auto* fields : {&extra_headers_, &response.headers}) {
    for (const auto& [name, value] : *fields) {
      if (IsCleanField(name) && IsCleanField(value)) fmt::format_to(out, "{}: {}\r\n", name, value);
    }
  }
  fmt::format_to(out, "Date: {}\r\n{}\r\n", DateField(),
                 options_.keep_alive ? "" : "Connection: close\r\n");
  return head;
}

}  // namespace tidegate::api
