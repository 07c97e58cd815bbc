#include "storage/head/log_record.h"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <cstring>

#include "model/labels.h"
#include "storage/head/varint.h"

namespace tidegate::storage::head {
namespace {

static_assert(std::endian::native == std::endian::little, "frames are little endian");

constexpr uint8_t kVersion = 1;

// The control byte of a sample: two bits for the series, two for the time, three for the value, one
// for the start timestamp.
constexpr uint8_t kRefSame = 0;
constexpr uint8_t kRefNext = 1;   // One more than the sample before.
constexpr uint8_t kRefDelta = 2;  // Zigzag difference follows.
constexpr uint8_t kTimeSame = 0 << 2;
constexpr uint8_t kTimeDelta = 1 << 2;  // Zigzag difference follows.
constexpr uint8_t kTimeMask = 3 << 2;
constexpr int kValueShift = 4;
constexpr uint8_t kValueZero = 0;         // +0.0.
constexpr uint8_t kValueInteger = 1;      // Zigzag varint follows.
constexpr uint8_t kValueRaw = 2;          // 8 bytes follow.
constexpr uint8_t kValueHighHalf = 3;     // The upper 4 bytes follow, the lower are zero.
constexpr uint8_t kValueHighQuarter = 4;  // The upper 2 bytes follow.
constexpr uint8_t kValueSame = 5;         // As the sample before.
constexpr uint8_t kHasStart = 1 << 7;     // Zigzag difference to the timestamp follows.

// Integers up to here take fewer bytes as varint than raw.
constexpr double kMaxVarintInteger = 281474976710656.0;  // 2^48

// Fewest bytes that an item of each section takes: bounds the number of items by the bytes.
constexpr size_t kMinDefinitionBytes = 2;
constexpr size_t kMinSampleBytes = 1;
constexpr size_t kMinItemBytes = 4;

char* PutString(std::string_view text, char* out) {
  out = PutVarint(text.size(), out);
  if (!text.empty()) std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

char* PutFixed(uint64_t value, size_t size, char* out) {
  std::memcpy(out, &value, size);
  return out + size;
}

// Makes room for `bytes` behind `out`, which then ends at the pointer given to Finish.
class Appender {
 public:
  Appender(std::string* out, size_t bytes) : out_(out), begin_(out->size()) {
    out_->resize(begin_ + bytes);
  }
  char* begin() { return out_->data() + begin_; }
  void Finish(const char* end) { out_->resize(static_cast<size_t>(end - out_->data())); }

 private:
  std::string* out_;
  size_t begin_;
};

int64_t RefDifference(SeriesRef to, SeriesRef from) {
  return static_cast<int64_t>(to) - static_cast<int64_t>(from);
}

// Writes the value behind the control byte and returns the code for it.
uint8_t PutValue(double value, uint64_t previous_bits, char** out) {
  const uint64_t bits = std::bit_cast<uint64_t>(value);
  if (bits == 0) return kValueZero;
  if (bits == previous_bits) return kValueSame;
  if (std::fabs(value) < kMaxVarintInteger) {
    const int64_t integer = static_cast<int64_t>(value);
    if (std::bit_cast<uint64_t>(static_cast<double>(integer)) == bits) {
      *out = PutVarint(ZigZag(integer), *out);
      return kValueInteger;
    }
  }
  if ((bits & 0xFFFFFFFFFFFF) == 0) {
    *out = PutFixed(bits >> 48, 2, *out);
    return kValueHighQuarter;
  }
  if ((bits & 0xFFFFFFFF) == 0) {
    *out = PutFixed(bits >> 32, 4, *out);
    return kValueHighHalf;
  }
  *out = PutFixed(bits, 8, *out);
  return kValueRaw;
}

void EncodeSamples(const std::vector<LogRecord::Sample>& samples, std::string* out) {
  Appender appender(out, 2 * kMaxVarintBytes + samples.size() * kMaxSampleBytes);
  char* at = PutVarint(samples.size(), appender.begin());
  LogRecord::Sample last = {};
  if (!samples.empty()) {  // The base: from here on times are small differences.
    last.timestamp = samples.front().timestamp;
    at = PutVarint(ZigZag(last.timestamp), at);
  }
  for (const LogRecord::Sample& sample : samples) {
    char* const control_at = at++;
    uint8_t control = kRefSame;
    const int64_t ref_difference = RefDifference(sample.ref, last.ref);
    if (ref_difference == 1) {
      control = kRefNext;
    } else if (ref_difference != 0) {
      control = kRefDelta;
      at = PutVarint(ZigZag(ref_difference), at);
    }
    if (sample.timestamp != last.timestamp) {
      control |= kTimeDelta;
      at = PutVarint(ZigZag(sample.timestamp - last.timestamp), at);
    }
    const uint8_t value_code = PutValue(sample.value, std::bit_cast<uint64_t>(last.value), &at);
    control |= static_cast<uint8_t>(value_code << kValueShift);
    if (sample.start_timestamp != 0) {
      control |= kHasStart;
      at = PutVarint(ZigZag(sample.timestamp - sample.start_timestamp), at);
    }
    *control_at = static_cast<char>(control);
    last = sample;
  }
  appender.Finish(at);
}

// Sections that are rare or carry strings: a count, then items one by one.
template <typename Item, typename PutItem>
void EncodeItems(const std::vector<Item>& items, const PutItem& put_item, std::string* out) {
  {
    Appender appender(out, kMaxVarintBytes);
    appender.Finish(PutVarint(items.size(), appender.begin()));
  }
  SeriesRef last = 0;
  for (const Item& item : items) {
    put_item(item, RefDifference(item.ref, last), out);
    last = item.ref;
  }
}

void EncodeDefinition(const LogRecord::Definition& item, int64_t ref_difference, std::string* out) {
  Appender appender(out, kMaxDefinitionOverhead + kMaxVarintBytes + item.labels.size());
  char* at = PutVarint(ZigZag(ref_difference), appender.begin());
  appender.Finish(PutString(item.labels, at));
}

// Version, tenant and definitions: what all frames begin with.
void EncodeBeginning(const LogRecord& record, std::string* out) {
  out->push_back(static_cast<char>(kVersion));
  {
    Appender appender(out, kMaxVarintBytes + record.tenant.size());
    appender.Finish(PutString(record.tenant, appender.begin()));
  }
  EncodeItems(record.definitions, EncodeDefinition, out);
}

void EncodeHistogramItem(const LogRecord::Histogram& item, int64_t ref_difference,
                         std::string* out) {
  Appender appender(out, kMaxItemOverhead + item.encoded.size());
  char* at = PutVarint(ZigZag(ref_difference), appender.begin());
  at = PutVarint(ZigZag(item.timestamp), at);
  at = PutVarint(ZigZag(item.start_timestamp), at);
  appender.Finish(PutString(item.encoded, at));
}

void EncodeExemplar(const LogRecord::Exemplar& item, int64_t ref_difference, std::string* out) {
  Appender appender(out, kMaxItemOverhead + item.labels.size());
  char* at = PutVarint(ZigZag(ref_difference), appender.begin());
  at = PutVarint(ZigZag(item.timestamp), at);
  at = PutFixed(std::bit_cast<uint64_t>(item.value), 8, at);
  appender.Finish(PutString(item.labels, at));
}

void EncodeEntry(const LogRecord::Entry& item, int64_t ref_difference, std::string* out) {
  Appender appender(out, kMaxItemOverhead + item.line.size() + item.structured_metadata.size());
  char* at = PutVarint(ZigZag(ref_difference), appender.begin());
  at = PutVarint(ZigZag(item.timestamp), at);
  at = PutString(item.line, at);
  appender.Finish(PutString(item.structured_metadata, at));
}

bool InBounds(model::TimestampMs timestamp) {
  return model::kMinTimestamp <= timestamp && timestamp <= model::kMaxTimestamp;
}

// Decodes one frame; every method returns false when the frame makes no sense.
class Decoder {
 public:
  Decoder(std::string_view bytes, LogRecord* record) : reader_(bytes), record_(*record) {}

  bool Decode() {
    record_.tenant = reader_.String();
    return Definitions() && Samples() && Histograms() && Exemplars() && Entries() && reader_.ok() &&
           reader_.remaining() == 0;
  }

 private:
  // A count that the remaining bytes can hold.
  bool Count(size_t min_item_bytes, size_t* count) {
    const uint64_t read = reader_.Varint();
    *count = read;
    return reader_.ok() && read <= reader_.remaining() / min_item_bytes;
  }

  bool Ref(int64_t difference, SeriesRef* ref) {
    // Unsigned: a hostile difference may wrap, and is then out of bounds or a number like any
    // other.
    const uint64_t next = static_cast<uint64_t>(*ref) + static_cast<uint64_t>(difference);
    *ref = static_cast<SeriesRef>(next);
    return next <= UINT32_MAX;
  }

  bool Time(int64_t difference, model::TimestampMs* time) {
    *time = static_cast<model::TimestampMs>(static_cast<uint64_t>(*time) +
                                            static_cast<uint64_t>(difference));
    return InBounds(*time);
  }

  bool LabelBytes(std::string_view* labels) {
    *labels = reader_.String();
    return reader_.ok() && model::CheckLabelBytes(*labels).ok();
  }

  bool Definitions() {
    size_t count;
    if (!Count(kMinDefinitionBytes, &count)) return false;
    record_.definitions.resize(count);
    SeriesRef ref = 0;
    for (LogRecord::Definition& item : record_.definitions) {
      if (!Ref(reader_.Signed(), &ref) || !LabelBytes(&item.labels)) return false;
      item.ref = ref;
    }
    return true;
  }

  bool Value(uint8_t code, double* value) {
    switch (code) {
      case kValueZero:
        *value = 0;
        return true;
      case kValueInteger:
        *value = static_cast<double>(reader_.Signed());
        return true;
      case kValueRaw:
        *value = std::bit_cast<double>(reader_.Fixed(8));
        return true;
      case kValueHighHalf:
        *value = std::bit_cast<double>(reader_.Fixed(4) << 32);
        return true;
      case kValueHighQuarter:
        *value = std::bit_cast<double>(reader_.Fixed(2) << 48);
        return true;
      default:
        return code == kValueSame;
    }
  }

  bool Samples() {
    size_t count;
    if (!Count(kMinSampleBytes, &count)) return false;
    if (count == 0) return true;
    LogRecord::Sample last = {};
    if (!Time(reader_.Signed(), &last.timestamp)) return false;
    record_.samples.resize(count);
    for (LogRecord::Sample& sample : record_.samples) {
      const uint8_t control = reader_.Byte();
      const uint8_t ref_code = control & 3;
      if (ref_code == kRefNext) {
        if (!Ref(1, &last.ref)) return false;
      } else if (ref_code != kRefSame) {
        if (ref_code != kRefDelta || !Ref(reader_.Signed(), &last.ref)) return false;
      }
      if ((control & kTimeMask) == kTimeDelta) {
        if (!Time(reader_.Signed(), &last.timestamp)) return false;
      } else if ((control & kTimeMask) != kTimeSame) {
        return false;
      }
      if (!Value(control >> kValueShift & 7, &last.value)) return false;
      last.start_timestamp = 0;
      if ((control & kHasStart) != 0) {
        last.start_timestamp = last.timestamp;
        if (!Time(static_cast<int64_t>(-static_cast<uint64_t>(reader_.Signed())),
                  &last.start_timestamp)) {
          return false;
        }
      }
      sample = last;
    }
    return reader_.ok();
  }

  bool Histograms() {
    size_t count;
    if (!Count(kMinItemBytes, &count)) return false;
    record_.histograms.resize(count);
    SeriesRef ref = 0;
    for (LogRecord::Histogram& item : record_.histograms) {
      if (!Ref(reader_.Signed(), &ref)) return false;
      item = {.ref = ref,
              .timestamp = reader_.Signed(),
              .start_timestamp = reader_.Signed(),
              .encoded = reader_.String()};
      if (!InBounds(item.timestamp) || !InBounds(item.start_timestamp)) return false;
    }
    return reader_.ok();
  }

  bool Exemplars() {
    size_t count;
    if (!Count(kMinItemBytes, &count)) return false;
    record_.exemplars.resize(count);
    SeriesRef ref = 0;
    for (LogRecord::Exemplar& item : record_.exemplars) {
      if (!Ref(reader_.Signed(), &ref)) return false;
      item.ref = ref;
      item.timestamp = reader_.Signed();
      item.value = std::bit_cast<double>(reader_.Fixed(8));
      if (!InBounds(item.timestamp) || !LabelBytes(&item.labels)) return false;
    }
    return true;
  }

  bool Entries() {
    size_t count;
    if (!Count(kMinItemBytes, &count)) return false;
    record_.entries.resize(count);
    SeriesRef ref = 0;
    for (LogRecord::Entry& item : record_.entries) {
      if (!Ref(reader_.Signed(), &ref)) return false;
      item.ref = ref;
      item.timestamp = reader_.Signed();
      item.line = reader_.String();
      if (!LabelBytes(&item.structured_metadata)) return false;
    }
    return true;
  }

  FrameReader reader_;
  LogRecord& record_;
};

}  // namespace

void LogRecord::Clear() {
  tenant = {};
  definitions.clear();
  samples.clear();
  histograms.clear();
  exemplars.clear();
  entries.clear();
}

void EncodeLogDefinitions(const LogRecord& record, std::string* out) {
  EncodeBeginning(record, out);
  constexpr size_t kOtherSections = 4;
  out->append(kOtherSections, '\0');
}

void EncodeLogRecord(const LogRecord& record, std::string* out) {
  EncodeBeginning(record, out);
  EncodeSamples(record.samples, out);
  EncodeItems(record.histograms, EncodeHistogramItem, out);
  EncodeItems(record.exemplars, EncodeExemplar, out);
  EncodeItems(record.entries, EncodeEntry, out);
}

absl::Status DecodeLogRecord(std::string_view frame, LogRecord* record) {
  record->Clear();
  if (frame.empty()) return absl::DataLossError("a log frame is empty");
  const uint8_t version = static_cast<uint8_t>(frame[0]);
  if (version > kVersion) {
    return absl::FailedPreconditionError(
        fmt::format("a log frame has version {}, this program knows {}", version, kVersion));
  }
  if (version == kVersion && Decoder(frame.substr(1), record).Decode()) return absl::OkStatus();
  record->Clear();
  return absl::DataLossError(
      fmt::format("a log frame of {} bytes is intact but makes no sense", frame.size()));
}

}  // namespace tidegate::storage::head
