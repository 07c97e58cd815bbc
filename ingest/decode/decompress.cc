#include "ingest/decode/decompress.h"

#include <lz4frame.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <memory>

#include "fmt/format.h"

namespace tidegate::ingest {
namespace {

constexpr size_t kLargest = size_t{1} << 31;
// The window that a zstd frame may ask for: what RFC 8878 wants every decoder to have.
constexpr int kZstdWindowLog = 23;

// What one call of a decompressor did.
struct Step {
  size_t consumed = 0;
  size_t produced = 0;
  bool ended = false;  // A member or frame is complete.
  const char* error = nullptr;
};

class Inflater {
 public:
  // `window_bits` as in inflateInit2.
  explicit Inflater(int window_bits) { ok_ = inflateInit2(&stream_, window_bits) == Z_OK; }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  Step Run(std::string_view in, char* out, size_t room) {
    if (!ok_) return {.error = "no memory"};
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    stream_.avail_in = static_cast<uInt>(std::min<size_t>(in.size(), 1u << 30));
    stream_.next_out = reinterpret_cast<Bytef*>(out);
    stream_.avail_out = static_cast<uInt>(std::min<size_t>(room, 1u << 30));
    const size_t had = stream_.avail_in;
    const size_t space = stream_.avail_out;
    const int result = inflate(&stream_, Z_NO_FLUSH);
    Step step{had - stream_.avail_in, space - stream_.avail_out, result == Z_STREAM_END, nullptr};
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
      step.error = stream_.msg != nullptr ? stream_.msg : "corrupt";
    }
    return step;
  }
  bool Restart() { return inflateReset(&stream_) == Z_OK; }

 private:
  z_stream stream_{};
  bool ok_ = false;
};

class ZstdDecompressor {
 public:
  ZstdDecompressor() : stream_(ZSTD_createDStream(), ZSTD_freeDStream) {
    if (stream_ != nullptr) {
      ZSTD_DCtx_setParameter(stream_.get(), ZSTD_d_windowLogMax, kZstdWindowLog);
    }
  }

  Step Run(std::string_view in, char* out, size_t room) {
    if (stream_ == nullptr) return {.error = "no memory"};
    ZSTD_inBuffer input{in.data(), in.size(), 0};
    ZSTD_outBuffer output{out, room, 0};
    const size_t result = ZSTD_decompressStream(stream_.get(), &output, &input);
    Step step{input.pos, output.pos, result == 0, nullptr};
    if (ZSTD_isError(result)) step.error = ZSTD_getErrorName(result);
    return step;
  }
  bool Restart() { return true; }

 private:
  std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> stream_;
};

class Lz4Decompressor {
 public:
  Lz4Decompressor() {
    ok_ = !LZ4F_isError(LZ4F_createDecompressionContext(&context_, LZ4F_VERSION));
  }
  ~Lz4Decompressor() { LZ4F_freeDecompressionContext(context_); }
  Lz4Decompressor(const Lz4Decompressor&) = delete;
  Lz4Decompressor& operator=(const Lz4Decompressor&) = delete;

  Step Run(std::string_view in, char* out, size_t room) {
    if (!ok_) return {.error = "no memory"};
    size_t consumed = in.size();
    size_t produced = room;
    const size_t result = LZ4F_decompress(context_, out, &produced, in.data(), &consumed, nullptr);
    Step step{consumed, produced, result == 0, nullptr};
    if (LZ4F_isError(result)) step.error = LZ4F_getErrorName(result);
    return step;
  }
  bool Restart() { return true; }

 private:
  LZ4F_dctx* context_ = nullptr;
  bool ok_ = false;
};

// Doubles the buffer, within the bounds.
absl::Status MakeRoom(size_t used, size_t limit, size_t* capacity,
                      absl::FunctionRef<absl::Status(size_t)> charge_fn, ByteBuffer* buffer) {
  if (*capacity >= limit) {
    return absl::OutOfRangeError(
        fmt::format("the body has more than {} bytes after decompression, the limit", limit));
  }
  const size_t grown = std::min(limit, std::max<size_t>(*capacity * 2, 16 << 10));
  if (absl::Status status = charge_fn(grown - *capacity); !status.ok()) return status;
  buffer->Grow(grown + kReadableBehind, used);
  *capacity = grown;
  return absl::OkStatus();
}

absl::Status Corrupt(std::string_view name, std::string_view problem) {
  return absl::InvalidArgumentError(
      fmt::format("the body does not decompress with {}: {}", name, problem));
}

template <typename Decompressor>
absl::StatusOr<std::string_view> RunAll(std::string_view name, std::string_view body, size_t limit,
                                        absl::FunctionRef<absl::Status(size_t)> charge_fn,
                                        ByteBuffer* buffer, Decompressor& decompressor) {
  // Typical text shrinks to a fifth.
  size_t capacity = 0;
  size_t used = 0;
  bool ended = false;
  if (body.empty()) return Corrupt(name, "it is empty");
  while (!body.empty() || !ended) {
    // One byte beyond the limit tells "as much" from "more".
    if (used == capacity) {
      absl::Status status = MakeRoom(used, limit + 1, &capacity, charge_fn, buffer);
      if (!status.ok()) return status;
    }
    char* const out = buffer->Grow(capacity + kReadableBehind, used) + used;
    const Step step = decompressor.Run(body, out, capacity - used);
    if (step.error != nullptr) return Corrupt(name, step.error);
    body.remove_prefix(step.consumed);
    used += step.produced;
    ended = step.ended;
    if (used > limit) {
      return absl::OutOfRangeError(
          fmt::format("the body has more than {} bytes after decompression, the limit", limit));
    }
    if (ended && !body.empty() && !decompressor.Restart()) return Corrupt(name, "no memory");
    if (!ended && step.consumed == 0 && step.produced == 0 && used < capacity) {
      return Corrupt(name, "it is cut off");
    }
  }
  return std::string_view(buffer->Grow(used + kReadableBehind, used), used);
}

// RFC 1950: method 8, a header that divides by 31, no dictionary. As raw deflate these bytes would
// be a stored block with bits set that nobody sets.
bool HasZlibHeader(std::string_view body) {
  if (body.size() < 2) return false;
  const auto first = static_cast<uint8_t>(body[0]);
  const auto second = static_cast<uint8_t>(body[1]);
  return (first & 0x0F) == 8 && (first * 256 + second) % 31 == 0 && (second & 0x20) == 0;
}

}  // namespace

absl::StatusOr<std::string_view> Decompress(BodyCompression compression, std::string_view body,
                                            size_t max_bytes,
                                            absl::FunctionRef<absl::Status(size_t)> charge_fn,
                                            ByteBuffer* buffer) {
  const size_t limit = max_bytes == 0 ? kLargest : std::min(max_bytes, kLargest);
  switch (compression) {
    case BodyCompression::kGzip: {
      Inflater inflater(15 + 16);
      return RunAll("gzip", body, limit, charge_fn, buffer, inflater);
    }
    case BodyCompression::kDeflate: {
      Inflater inflater(HasZlibHeader(body) ? 15 : -15);
      return RunAll("deflate", body, limit, charge_fn, buffer, inflater);
    }
    case BodyCompression::kZstd: {
      ZstdDecompressor decompressor;
      return RunAll("zstd", body, limit, charge_fn, buffer, decompressor);
    }
    case BodyCompression::kLz4: {
      Lz4Decompressor decompressor;
      return RunAll("lz4", body, limit, charge_fn, buffer, decompressor);
    }
  }
  return absl::InternalError("unknown compression");
}

}  // namespace tidegate::ingest
