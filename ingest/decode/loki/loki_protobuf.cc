#include "ingest/decode/loki/loki_protobuf.h"

#include <cstdint>
#include <limits>

#include "fmt/format.h"
#include "ingest/decode/label_message.h"
#include "ingest/decode/loki/push_streams.h"
#include "ingest/decode/wire_cursor.h"

namespace tidegate::ingest {
namespace {

constexpr uint32_t kStreams = WireTag(1, WireType::kBytes);

constexpr uint32_t kLabels = WireTag(1, WireType::kBytes);
constexpr uint32_t kEntries = WireTag(2, WireType::kBytes);

constexpr uint32_t kTimestamp = WireTag(1, WireType::kBytes);
constexpr uint32_t kLine = WireTag(2, WireType::kBytes);
constexpr uint32_t kMetadata = WireTag(3, WireType::kBytes);

constexpr uint32_t kSeconds = WireTag(1, WireType::kVarint);
constexpr uint32_t kNanos = WireTag(2, WireType::kVarint);

// An empty entry takes two bytes on the wire and forty in memory.
constexpr int64_t kMemoryPerByte = 8;
constexpr int64_t kFreeMemory = 4 << 20;

struct Time {
  int64_t seconds = 0;
  int32_t nanos = 0;
};

model::TimestampNs Nanoseconds(const Time& time) {
  using Limits = std::numeric_limits<int64_t>;
  int64_t result = 0;
  if (__builtin_mul_overflow(time.seconds, int64_t{1'000'000'000}, &result) ||
      __builtin_add_overflow(result, int64_t{time.nanos}, &result)) {
    return time.seconds < 0 ? Limits::min() : Limits::max();
  }
  return result;
}

class Decoder {
 public:
  Decoder(std::string_view message, DecodedPush* push)
      : message_(message),
        streams_(push),
        memory_left_(kFreeMemory + kMemoryPerByte * static_cast<int64_t>(message.size())) {}

  absl::Status Run();

 private:
  bool ReadStream(WireCursor message);
  static bool FindLabels(WireCursor message, std::string_view* labels);
  bool ReadEntry(WireCursor message);
  static bool ReadTime(WireCursor message, Time* time);
  bool ReadMetadata(WireCursor message);
  bool Charge(size_t bytes);

  const std::string_view message_;
  PushStreams streams_;
  WireFailure failure_;
  int64_t memory_left_;
};

bool Decoder::Charge(size_t bytes) {
  memory_left_ -= static_cast<int64_t>(bytes);
  return memory_left_ >= 0;
}

absl::Status Decoder::Run() {
  WireCursor in(message_, kMaxWireDepth, &failure_);
  bool ok = true;
  while (ok && !in.done()) {
    uint32_t tag = 0;
    WireCursor stream = in;
    ok = in.ReadTag(&tag) &&
         (tag == kStreams ? in.ReadMessage(&stream) && ReadStream(stream) : in.SkipField(tag));
  }
  if (ok) return absl::OkStatus();
  if (memory_left_ < 0) {
    return absl::OutOfRangeError(
        fmt::format("the request's {} bytes hold too many empty messages", message_.size()));
  }
  return absl::InvalidArgumentError(fmt::format("malformed push request at byte {}: {}",
                                                failure_.at - message_.data(), failure_.reason));
}

// The last one of the message. Senders write it first, and only once.
bool Decoder::FindLabels(WireCursor message, std::string_view* labels) {
  while (!message.done()) {
    uint32_t tag = 0;
    if (!message.ReadTag(&tag)) return false;
    if (!(tag == kLabels ? message.ReadBytes(labels) : message.SkipField(tag))) return false;
  }
  return true;
}

bool Decoder::ReadStream(WireCursor message) {
  std::string_view labels;
  if (!Charge(sizeof(model::BatchSeries)) || !FindLabels(message, &labels)) return false;
  streams_.BeginStream(labels);
  while (!message.done()) {
    uint32_t tag = 0;
    WireCursor entry = message;
    if (!message.ReadTag(&tag)) return false;
    const bool ok =
        tag == kEntries ? message.ReadMessage(&entry) && ReadEntry(entry) : message.SkipField(tag);
    if (!ok) return false;
  }
  streams_.EndStream();
  return true;
}

bool Decoder::ReadEntry(WireCursor message) {
  if (!Charge(sizeof(model::LogEntryView))) return false;
  Time time;
  std::string_view line;
  while (!message.done()) {
    uint32_t tag = 0;
    WireCursor inner = message;
    if (!message.ReadTag(&tag)) return false;
    bool ok = false;
    if (tag == kTimestamp) {
      ok = message.ReadMessage(&inner) && ReadTime(inner, &time);
    } else if (tag == kLine) {
      ok = message.ReadBytes(&line);
    } else if (tag == kMetadata) {
      ok = message.ReadMessage(&inner) && ReadMetadata(inner);
    } else {
      ok = message.SkipField(tag);
    }
    if (!ok) return false;
  }
  streams_.AddEntry(Nanoseconds(time), line);
  return true;
}

bool Decoder::ReadTime(WireCursor message, Time* time) {
  while (!message.done()) {
    uint32_t tag = 0;
    uint64_t value = 0;
    if (!message.ReadTag(&tag)) return false;
    if (tag != kSeconds && tag != kNanos) {
      if (!message.SkipField(tag)) return false;
      continue;
    }
    if (!message.ReadVarint(&value)) return false;
    if (tag == kSeconds) time->seconds = static_cast<int64_t>(value);
    if (tag == kNanos) time->nanos = static_cast<int32_t>(value);
  }
  return true;
}

bool Decoder::ReadMetadata(WireCursor message) {
  model::Label label;
  if (!Charge(2 * sizeof(model::Label)) || !ReadLabelMessage(message, &label)) return false;
  streams_.AddMetadata(label.name, label.value);
  return true;
}

}  // namespace

absl::Status DecodeLokiProtobuf(std::string_view message, DecodedPush* push) {
  return Decoder(message, push).Run();
}

}  // namespace tidegate::ingest
