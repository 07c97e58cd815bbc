#include "storage/head/log_record.h"

#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "model/labels.h"

namespace tidegate::storage::head {
namespace {

std::string Encode(const LogRecord& record) {
  std::string frame;
  EncodeLogRecord(record, &frame);
  return frame;
}

std::string Bytes(std::initializer_list<int> bytes) {
  std::string out;
  for (int byte : bytes) out.push_back(static_cast<char>(byte));
  return out;
}

void ExpectEqual(const LogRecord& a, const LogRecord& b) {
  EXPECT_EQ(a.tenant, b.tenant);
  ASSERT_EQ(a.definitions.size(), b.definitions.size());
  for (size_t i = 0; i < a.definitions.size(); ++i) {
    EXPECT_EQ(a.definitions[i].ref, b.definitions[i].ref);
    EXPECT_EQ(a.definitions[i].labels, b.definitions[i].labels);
  }
  ASSERT_EQ(a.samples.size(), b.samples.size());
  for (size_t i = 0; i < a.samples.size(); ++i) {
    EXPECT_EQ(a.samples[i].ref, b.samples[i].ref) << i;
    EXPECT_EQ(a.samples[i].timestamp, b.samples[i].timestamp) << i;
    EXPECT_EQ(a.samples[i].start_timestamp, b.samples[i].start_timestamp) << i;
    EXPECT_TRUE(model::SameBits(a.samples[i].value, b.samples[i].value)) << i;
  }
  ASSERT_EQ(a.histograms.size(), b.histograms.size());
  for (size_t i = 0; i < a.histograms.size(); ++i) {
    EXPECT_EQ(a.histograms[i].ref, b.histograms[i].ref);
    EXPECT_EQ(a.histograms[i].timestamp, b.histograms[i].timestamp);
    EXPECT_EQ(a.histograms[i].start_timestamp, b.histograms[i].start_timestamp);
    EXPECT_EQ(a.histograms[i].encoded, b.histograms[i].encoded);
  }
  ASSERT_EQ(a.exemplars.size(), b.exemplars.size());
  for (size_t i = 0; i < a.exemplars.size(); ++i) {
    EXPECT_EQ(a.exemplars[i].ref, b.exemplars[i].ref);
    EXPECT_EQ(a.exemplars[i].timestamp, b.exemplars[i].timestamp);
    EXPECT_TRUE(model::SameBits(a.exemplars[i].value, b.exemplars[i].value));
    EXPECT_EQ(a.exemplars[i].labels, b.exemplars[i].labels);
  }
  ASSERT_EQ(a.entries.size(), b.entries.size());
  for (size_t i = 0; i < a.entries.size(); ++i) {
    EXPECT_EQ(a.entries[i].ref, b.entries[i].ref);
    EXPECT_EQ(a.entries[i].timestamp, b.entries[i].timestamp);
    EXPECT_EQ(a.entries[i].line, b.entries[i].line);
    EXPECT_EQ(a.entries[i].structured_metadata, b.entries[i].structured_metadata);
  }
}

void ExpectRoundTrip(const LogRecord& record) {
  const std::string frame = Encode(record);
  LogRecord decoded;
  const absl::Status status = DecodeLogRecord(frame, &decoded);
  ASSERT_TRUE(status.ok()) << status.ToString();
  ExpectEqual(record, decoded);
}

const std::string& LabelsBytes() {
  static const std::string bytes(model::Labels({{"__name__", "up"}, {"job", "node"}}).bytes());
  return bytes;
}

LogRecord FullRecord() {
  LogRecord record;
  record.tenant = "acme";
  record.definitions = {{.ref = 7, .labels = LabelsBytes()}, {.ref = 3, .labels = LabelsBytes()}};
  record.samples = {{.ref = 7, .value = 1.5, .timestamp = 1000, .start_timestamp = 0},
                    {.ref = 8, .value = 0, .timestamp = 1000, .start_timestamp = 400},
                    {.ref = 3, .value = -0.0, .timestamp = 999, .start_timestamp = 0}};
  record.histograms = {{.ref = 7, .timestamp = 5, .start_timestamp = 1, .encoded = "blob"}};
  record.exemplars = {{.ref = 3, .timestamp = -9, .value = 0.1, .labels = LabelsBytes()}};
  record.entries = {{.ref = 7, .timestamp = 123456789, .line = "a line", .structured_metadata = ""},
                    {.ref = 7, .timestamp = -1, .line = "", .structured_metadata = LabelsBytes()}};
  return record;
}

TEST(LogRecord, EverythingComesBack) { ExpectRoundTrip(FullRecord()); }

TEST(LogRecord, EmptyRecordComesBack) { ExpectRoundTrip({}); }

// The format on disk (docs/formats/log-records.md): these bytes must never change.
TEST(LogRecord, GoldenBytes) {
  LogRecord record;
  record.tenant = "t";
  const std::string labels(model::Labels({{"a", "b"}}).bytes());
  record.definitions = {{.ref = 5, .labels = labels}};
  record.samples = {{.ref = 5, .value = 3, .timestamp = 100, .start_timestamp = 0},
                    {.ref = 6, .value = 3, .timestamp = 100, .start_timestamp = 90},
                    {.ref = 6, .value = 0, .timestamp = 101, .start_timestamp = 0},
                    {.ref = 6, .value = 0.5, .timestamp = 101, .start_timestamp = 0},
                    {.ref = 6, .value = 0.1, .timestamp = 101, .start_timestamp = 0}};
  record.entries = {{.ref = 5, .timestamp = 2, .line = "x", .structured_metadata = ""}};
  const std::string golden =
      Bytes({1,    1,    't',                                               // Version, tenant.
             1,    10,   8,    0x0A, 6,    0x0A, 1,    'a',  0x12, 1, 'b',  // Definition.
             5,    200,  1,                                                 // Samples: base.
             0x12, 10,   6,                                                 // +5; integer 3.
             0xD1, 20,                                                      // Next; same; start.
             0x04, 2,                                                       // Later; zero.
             0x40, 0xE0, 0x3F,                                              // 0.5.
             0x20, 0x9A, 0x99, 0x99, 0x99, 0x99, 0x99, 0xB9, 0x3F,          // 0.1.
             0,    0,                                                       // None.
             1,    10,   4,    1,    'x',  0});                             // Entry.
  EXPECT_EQ(Encode(record), golden);
  LogRecord decoded;
  ASSERT_TRUE(DecodeLogRecord(golden, &decoded).ok());
  ExpectEqual(record, decoded);
}

TEST(LogRecord, ValuesOfEveryKindKeepTheirBits) {
  LogRecord record;
  record.tenant = "t";
  for (double value :
       {0.0, -0.0, 1.0, -1.0, 0.5, 0.1, 1e300, -1e-300, 281474976710655.0, 281474976710656.0,
        9007199254740993.0, model::StaleNan(), std::bit_cast<double>(uint64_t{0xFFF8000000000123}),
        std::numeric_limits<double>::infinity(), 3.25f * 1.0, 65536.25}) {
    for (int repeat = 0; repeat < 2; ++repeat) {
      record.samples.push_back({.ref = 1, .value = value, .timestamp = 5, .start_timestamp = 0});
    }
  }
  ExpectRoundTrip(record);
}

TEST(LogRecord, ExtremeTimesAndNumbersComeBack) {
  LogRecord record;
  record.tenant = "t";
  for (SeriesRef ref : {0u, UINT32_MAX, 1u, UINT32_MAX - 1}) {
    for (model::TimestampMs t :
         {model::kMinTimestamp, model::kMaxTimestamp, model::TimestampMs{0}}) {
      record.samples.push_back(
          {.ref = ref, .value = 1, .timestamp = t, .start_timestamp = model::kMinTimestamp});
    }
  }
  ExpectRoundTrip(record);
}

TEST(LogRecord, ScrapeTakesFewBytesPerSample) {
  LogRecord record;
  record.tenant = "default";
  for (uint32_t i = 0; i < 2000; ++i) {
    record.samples.push_back({.ref = 100'000 + i,
                              .value = i % 3 == 0 ? 0.0 : i * 10.0,
                              .timestamp = 1'700'000'000'000,
                              .start_timestamp = 0});
  }
  EXPECT_LE(Encode(record).size(), 2000 * 4u);
}

TEST(LogRecord, SizeStaysBelowTheBounds) {
  LogRecord record;
  record.tenant = std::string_view("tenant");
  const auto expect_below = [&record](size_t bound) {
    EXPECT_LE(Encode(record).size(), kMaxFrameOverhead + record.tenant.size() + bound);
  };
  expect_below(0);
  record.samples.assign(100, {.ref = 0, .value = 0.1, .timestamp = 0, .start_timestamp = 0});
  for (size_t i = 0; i < 100; ++i) {
    record.samples[i].ref = i % 2 == 0 ? 0 : UINT32_MAX;
    record.samples[i].timestamp = i % 2 == 0 ? model::kMinTimestamp : model::kMaxTimestamp;
    record.samples[i].start_timestamp = i % 2 == 0 ? model::kMaxTimestamp : model::kMinTimestamp;
    record.samples[i].value = std::nextafter(static_cast<double>(i), 1e9);
  }
  expect_below(100 * kMaxSampleBytes);
  record.samples.clear();
  record.definitions.assign(50, {.ref = UINT32_MAX, .labels = LabelsBytes()});
  for (size_t i = 0; i < 50; i += 2) record.definitions[i].ref = 0;
  expect_below(50 * (kMaxDefinitionOverhead + LabelsBytes().size()));
}

TEST(LogRecord, EveryTruncationIsDataLoss) {
  const std::string frame = Encode(FullRecord());
  for (size_t size = 0; size < frame.size(); ++size) {
    LogRecord decoded;
    EXPECT_EQ(DecodeLogRecord(std::string_view(frame).substr(0, size), &decoded).code(),
              absl::StatusCode::kDataLoss)
        << size;
    EXPECT_TRUE(decoded.empty());
  }
  LogRecord decoded;
  EXPECT_FALSE(DecodeLogRecord(frame + "x", &decoded).ok()) << "bytes behind the end";
}

TEST(LogRecord, NewerVersionIsSaidToBeNewer) {
  std::string frame = Encode(FullRecord());
  frame[0] = 2;
  LogRecord decoded;
  EXPECT_EQ(DecodeLogRecord(frame, &decoded).code(), absl::StatusCode::kFailedPrecondition);
}

TEST(LogRecord, CountsBeyondTheFrameAreRefusedBeforeMemoryIsTaken) {
  const std::string huge = Bytes({1, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F});
  LogRecord decoded;
  EXPECT_FALSE(DecodeLogRecord(huge, &decoded).ok());
  EXPECT_LT(decoded.definitions.capacity(), 1000u);
}

TEST(LogRecord, RandomRecordsComeBack) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    std::mt19937_64 random(seed);
    LogRecord record;
    record.tenant = "t";
    SeriesRef ref = 0;
    model::TimestampMs time = 1'700'000'000'000;
    for (uint64_t n = random() % 300; n > 0; --n) {
      ref = random() % 5 == 0 ? static_cast<SeriesRef>(random()) : ref + 1;
      if (random() % 5 == 0) time += static_cast<int64_t>(random() % 100'000) - 50'000;
      const double value = random() % 2 == 0 ? static_cast<double>(random() % 1000)
                                             : std::bit_cast<double>(random());
      const model::TimestampMs start = random() % 9 == 0 ? time - 5 : 0;
      record.samples.push_back(
          {.ref = ref, .value = value, .timestamp = time, .start_timestamp = start});
    }
    ASSERT_NO_FATAL_FAILURE(ExpectRoundTrip(record)) << seed;
  }
}

}  // namespace
}  // namespace tidegate::storage::head
