#include "api/http/content_coding.h"

#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>

#include "api/http/http_request.h"

namespace tidegate::api {
namespace {

constexpr std::string_view kJsonPrefix = "application/json";
constexpr int kFastest = 1;
constexpr int kGzipWindowBits = 15 + 16;  // zlib's way to ask for the gzip format.
constexpr int kZlibWindowBits = 15;
constexpr size_t kOutputStep = 32 << 10;

std::string_view Trim(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// True for weights of zero: q=0, q=0.0, ...
bool IsRefused(std::string_view parameters) {
  parameters = Trim(parameters);
  if (!EqualsIgnoreCase(parameters.substr(0, 2), "q=")) return false;
  const std::string_view weight = Trim(parameters.substr(2));
  return !weight.empty() && weight.find_first_not_of("0.") == weight.npos;
}

// One compressor per worker: it needs half a megabyte, too much to allocate per answer.
libdeflate_compressor* WholeCompressor() {
  struct Free {
    void operator()(libdeflate_compressor* c) const { libdeflate_free_compressor(c); }
  };
  thread_local std::unique_ptr<libdeflate_compressor, Free> compressor(
      libdeflate_alloc_compressor(kFastest));
  return compressor.get();
}

class ZlibCompressor : public StreamCompressor {
 public:
  explicit ZlibCompressor(ContentCoding coding) {
    const int bits = coding == ContentCoding::kGzip ? kGzipWindowBits : kZlibWindowBits;
    ready_ = deflateInit2(&stream_, kFastest, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY) == Z_OK;
  }
  ~ZlibCompressor() override {
    if (ready_) deflateEnd(&stream_);
  }
  ZlibCompressor(const ZlibCompressor&) = delete;
  ZlibCompressor& operator=(const ZlibCompressor&) = delete;

  bool ready() const { return ready_; }

  // Pieces are at most a stream buffer long, far below zlib's 32-bit counts.
  bool Compress(std::string_view piece, bool finish, std::string* out) override {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
    stream_.avail_in = static_cast<uInt>(piece.size());
    int result = Z_OK;
    do {
      const size_t before = out->size();
      out->resize(before + kOutputStep);
      stream_.next_out = reinterpret_cast<Bytef*>(out->data() + before);
      stream_.avail_out = kOutputStep;
      result = deflate(&stream_, finish ? Z_FINISH : Z_NO_FLUSH);
      out->resize(before + kOutputStep - stream_.avail_out);
      if (result == Z_STREAM_ERROR) return false;
    } while (stream_.avail_out == 0 || stream_.avail_in > 0);
    return !finish || result == Z_STREAM_END;
  }

 private:
  z_stream stream_ = {};
  bool ready_ = false;
};

}  // namespace

std::string_view CodingName(ContentCoding coding) {
  switch (coding) {
    case ContentCoding::kGzip:
      return "gzip";
    case ContentCoding::kDeflate:
      return "deflate";
    case ContentCoding::kIdentity:
      break;
  }
  return {};
}

ContentCoding ChooseCoding(std::string_view accept_encoding) {
  bool deflate = false;
  while (!accept_encoding.empty()) {
    const size_t comma = accept_encoding.find(',');
    const std::string_view item = accept_encoding.substr(0, comma);
    accept_encoding.remove_prefix(comma == item.npos ? accept_encoding.size() : comma + 1);
    const size_t semicolon = item.find(';');
    const std::string_view name = Trim(item.substr(0, semicolon));
    if (semicolon != item.npos && IsRefused(item.substr(semicolon + 1))) continue;
    if (EqualsIgnoreCase(name, "gzip")) return ContentCoding::kGzip;
    if (EqualsIgnoreCase(name, "deflate")) deflate = true;
  }
  return deflate ? ContentCoding::kDeflate : ContentCoding::kIdentity;
}

bool IsCompressible(std::string_view content_type) {
  return content_type.starts_with("text/") || content_type.starts_with(kJsonPrefix);
}

std::string CompressWhole(ContentCoding coding, std::string_view body) {
  libdeflate_compressor* compressor = WholeCompressor();
  if (compressor == nullptr || body.size() < 2) return {};
  // Whatever does not fit is not smaller.
  std::string out(body.size() - 1, '\0');
  const auto compress =
      coding == ContentCoding::kGzip ? libdeflate_gzip_compress : libdeflate_zlib_compress;
  out.resize(compress(compressor, body.data(), body.size(), out.data(), out.size()));
  return out;
}

std::unique_ptr<StreamCompressor> NewStreamCompressor(ContentCoding coding) {
  auto compressor = std::make_unique<ZlibCompressor>(coding);
  if (!compressor->ready()) return nullptr;
  return compressor;
}

}  // namespace tidegate::api
