// Compression of answers: which coding a client takes, and the codecs.
#ifndef TIDEGATE_API_HTTP_CONTENT_CODING_H_
#define TIDEGATE_API_HTTP_CONTENT_CODING_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace tidegate::api {

enum class ContentCoding : uint8_t { kIdentity, kGzip, kDeflate };

// Smaller bodies are not worth a compressor.
inline constexpr size_t kMinCompressedBytes = 1024;

// "gzip", "deflate"; empty for identity.
std::string_view CodingName(ContentCoding coding);

// The coding for an Accept-Encoding field (RFC 9110 section 12.5.3): gzip when it is welcome, else
// deflate, else none. A weight of 0 refuses a coding; other weights are not compared.
ContentCoding ChooseCoding(std::string_view accept_encoding);

// True for text and JSON; answers that are compressed already are left alone.
bool IsCompressible(std::string_view content_type);

// Compresses a whole body at the fastest level. Returns an empty string when memory is short or the
// result would not be smaller. `deflate` means the zlib format (RFC 9110 section 8.4.1.2).
std::string CompressWhole(ContentCoding coding, std::string_view body);

// Compresses a stream at the fastest level. Owned by one thread.
class StreamCompressor {
 public:
  virtual ~StreamCompressor() = default;
  // Appends what became ready to `out`; with `finish` everything, including the trailer.
  virtual bool Compress(std::string_view piece, bool finish, std::string* out) = 0;
};

// nullptr when memory is short. `coding` is not kIdentity.
std::unique_ptr<StreamCompressor> NewStreamCompressor(ContentCoding coding);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_HTTP_CONTENT_CODING_H_
