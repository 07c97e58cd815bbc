// Reads protobuf wire bytes field by field, without building objects.
//
// Accepts exactly what the generated C++ decoder accepts (protobuf 3.21): varints of at most ten
// bytes with the bits beyond 64 dropped, tags and lengths of at most five bytes, groups skipped to
// a nesting depth of 100, wire types 6 and 7 and field number 0 refused.
#ifndef TIDEGATE_INGEST_DECODE_WIRE_CURSOR_H_
#define TIDEGATE_INGEST_DECODE_WIRE_CURSOR_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tidegate::ingest {

enum class WireType : uint8_t {
  kVarint = 0,
  kFixed64 = 1,
  kBytes = 2,
  kStartGroup = 3,
  kEndGroup = 4,
  kFixed32 = 5,
};

constexpr uint32_t WireTag(uint32_t field, WireType type) {
  return (field << 3) | static_cast<uint32_t>(type);
}

// How deep messages and groups may nest together, as in protobuf.
inline constexpr int kMaxWireDepth = 100;

// Where and why reading stopped. Shared by the cursors of one document; the first failure stays.
struct WireFailure {
  const char* at = nullptr;
  const char* reason = "";
};

// One message. Owned by one thread; the bytes and the failure must outlive it. Every Read returns
// false at malformed input and notes the failure; the cursor is of no use after that.
class WireCursor {
 public:
  // `depth` is what is left of kMaxWireDepth inside this message.
  WireCursor(std::string_view bytes, int depth, WireFailure* failure)
      : at_(bytes.data()), end_(bytes.data() + bytes.size()), depth_(depth), failure_(failure) {}

  bool done() const { return at_ == end_; }
  // What is not read yet.
  std::string_view rest() const { return {at_, static_cast<size_t>(end_ - at_)}; }
  // Goes on at `at`, which lies in rest() or at its end.
  void Advance(const char* at) { at_ = at; }

  bool ReadTag(uint32_t* tag);
  bool ReadVarint(uint64_t* value);
  // A length and that many bytes; the view points into the document.
  bool ReadBytes(std::string_view* bytes);
  bool ReadFixed64(uint64_t* value);
  bool ReadDouble(double* value);
  // Enters a nested message: a cursor over its bytes.
  bool ReadMessage(WireCursor* message);
  // Skips the field whose tag was just read.
  bool SkipField(uint32_t tag);

 private:
  bool Fail(const char* reason);
  bool SkipBytes(size_t count);
  bool SkipGroup(uint32_t field);
  // Everything but groups.
  bool SkipScalar(uint32_t tag);

  const char* at_;
  const char* end_;
  int depth_;
  WireFailure* failure_;
};

// Appends a length-delimited field with minimal varints.
void AppendBytesField(uint32_t tag, std::string_view bytes, std::string* out);

inline int64_t ZigZagDecode(uint64_t value) {
  return static_cast<int64_t>((value >> 1) ^ (~(value & 1) + 1));
}

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_DECODE_WIRE_CURSOR_H_
