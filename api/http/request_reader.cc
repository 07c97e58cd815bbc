#include "api/http/request_reader.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstring>
#include <limits>

#include "api/http/target.h"

namespace tidegate::api {
namespace {

namespace beast_http = boost::beast::http;

RequestReader::Progress Error(int status, std::string_view text) {
  return {RequestReader::Status::kError, 0, status, text};
}

RequestReader::Progress ErrorOf(const boost::system::error_code& error) {
  if (error == beast_http::error::header_limit) return Error(431, "the header is too large");
  if (error == beast_http::error::body_limit) return Error(413, "the body is too large");
  if (error == beast_http::error::bad_version) return Error(505, "only HTTP/1.1 is spoken here");
  return Error(400, "malformed HTTP request");
}

// Beast's string_view is not the standard one.
template <typename View>
std::string_view Std(const View& view) {
  return {view.data(), view.size()};
}

}  // namespace

struct RequestReader::Parsing {
  explicit Parsing(size_t max_header_bytes) {
    parser.header_limit(static_cast<uint32_t>(
        std::min<size_t>(max_header_bytes, std::numeric_limits<uint32_t>::max())));
    // Announced lengths are judged by the connection, which knows the route's limit.
    parser.body_limit(boost::none);
    parser.eager(false);
  }

  beast_http::request_parser<beast_http::string_body> parser;
  HttpRequest request;
  bool head_done = false;
  // Of a body with a Content-Length. Left uninitialised: it is about to be filled.
  std::unique_ptr<char[]> body;
  size_t body_size = 0;
  size_t body_have = 0;
};

RequestReader::RequestReader(size_t max_header_bytes) : max_header_bytes_(max_header_bytes) {
  Reset();
}

RequestReader::~RequestReader() = default;

void RequestReader::Reset() { parsing_ = std::make_unique<Parsing>(max_header_bytes_); }

RequestReader::Progress RequestReader::Feed(std::string_view bytes) {
  if (!parsing_->head_done) return FeedHead(bytes);
  if (parsing_->body_size > 0) return FeedSizedBody(bytes);
  if (chunked()) return FeedChunks(bytes);
  return {Status::kComplete, 0, 0, {}};
}

RequestReader::Progress RequestReader::FeedHead(std::string_view bytes) {
  if (bytes.empty()) return {};
  boost::system::error_code error;
  const size_t consumed =
      parsing_->parser.put(boost::asio::buffer(bytes.data(), bytes.size()), error);
  if (error == beast_http::error::need_more) return {Status::kNeedMore, consumed, 0, {}};
  if (error) return ErrorOf(error);
  if (!parsing_->parser.is_header_done()) return {Status::kNeedMore, consumed, 0, {}};
  return HeadDone(consumed);
}

RequestReader::Progress RequestReader::HeadDone(size_t consumed) {
  Parsing& p = *parsing_;
  p.head_done = true;
  const auto& message = p.parser.get();
  p.request.method = ParseMethod(Std(message.method_string()));
  p.request.target = Std(message.target());
  for (const auto& field : message) {
    p.request.headers.Add(Std(field.name_string()), Std(field.value()));
  }
  const auto split = ParseTarget(p.request.target);
  if (!split) return Error(400, "malformed request target");
  auto segments = DecodePath(split->path);
  if (!segments) return Error(400, "malformed escape in the path");
  p.request.segments = *std::move(segments);
  if (http11() && !p.request.headers.Has("Host")) return Error(400, "missing Host header");
  p.request.query_malformed = !DecodeForm(split->query, &p.request.query);
  return {Status::kHead, consumed, 0, {}};
}

void RequestReader::AllowBody(size_t max_bytes) {
  Parsing& p = *parsing_;
  if (chunked()) {
    p.parser.body_limit(max_bytes);
    p.parser.eager(true);
    return;
  }
  const uint64_t length = std::min<uint64_t>(content_length().value_or(0), max_bytes);
  if (length == 0) return;
  p.body_size = length;
  p.body = std::make_unique_for_overwrite<char[]>(length);
}

RequestReader::Progress RequestReader::FeedSizedBody(std::string_view bytes) {
  Parsing& p = *parsing_;
  const size_t count = std::min(bytes.size(), p.body_size - p.body_have);
  if (count > 0) std::memcpy(p.body.get() + p.body_have, bytes.data(), count);
  p.body_have += count;
  if (p.body_have < p.body_size) return {Status::kNeedMore, count, 0, {}};
  p.request.body = {p.body.get(), p.body_size};
  return {Status::kComplete, count, 0, {}};
}

RequestReader::Progress RequestReader::FeedChunks(std::string_view bytes) {
  Parsing& p = *parsing_;
  size_t consumed = 0;
  while (consumed < bytes.size() && !p.parser.is_done()) {
    boost::system::error_code error;
    const size_t taken =
        p.parser.put(boost::asio::buffer(bytes.data() + consumed, bytes.size() - consumed), error);
    consumed += taken;
    if (error == beast_http::error::need_more) break;
    if (error) return ErrorOf(error);
    if (taken == 0) break;
  }
  if (!p.parser.is_done()) return {Status::kNeedMore, consumed, 0, {}};
  p.request.body = p.parser.get().body();
  return {Status::kComplete, consumed, 0, {}};
}

HttpRequest& RequestReader::request() { return parsing_->request; }

const HttpRequest& RequestReader::request() const { return parsing_->request; }

std::optional<uint64_t> RequestReader::content_length() const {
  const auto length = parsing_->parser.content_length();
  if (!length) return std::nullopt;
  return *length;
}

bool RequestReader::chunked() const { return parsing_->parser.chunked(); }

bool RequestReader::http11() const { return parsing_->parser.get().version() == 11; }

// Old clients would have to ask for it, and no one does.
bool RequestReader::keep_alive() const { return http11() && parsing_->parser.keep_alive(); }

bool RequestReader::expects_continue() const {
  return http11() && EqualsIgnoreCase(parsing_->request.headers.Get("Expect"), "100-continue");
}

std::span<char> RequestReader::BodySpace() {
  Parsing& p = *parsing_;
  return {p.body.get() + p.body_have, p.body_size - p.body_have};
}

void RequestReader::BodyFilled(size_t count) { parsing_->body_have += count; }

}  // namespace tidegate::api
