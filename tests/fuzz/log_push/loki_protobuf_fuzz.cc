// The one-pass decoder of Loki's push against the generated class: both accept the same bytes and
// find the same streams, entries and metadata in them.
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>
#include <string_view>

#include "ingest/decode/decoded_push.h"
#include "ingest/decode/loki/loki_protobuf.h"
#include "ingest/decode/loki/stream_labels.h"
#include "ingest/decode/loki/structured_metadata.h"
#include "model/labels.h"
#include "proto/loki/push.pb.h"

namespace tidegate::ingest {
namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

model::TimestampNs Nanoseconds(const google::protobuf::Timestamp& time) {
  using Limits = std::numeric_limits<int64_t>;
  const __int128 exact = static_cast<__int128>(time.seconds()) * 1'000'000'000 + time.nanos();
  if (exact > Limits::max() || exact < Limits::min()) {
    return time.seconds() < 0 ? Limits::min() : Limits::max();
  }
  return static_cast<model::TimestampNs>(exact);
}

void CompareEntry(const lokipb::Entry& want, const model::LogEntryView& got) {
  Require(got.timestamp == Nanoseconds(want.timestamp()));
  Require(got.line == want.line());
  ByteArena arena;
  StructuredMetadata metadata(&arena);
  for (const lokipb::LabelPair& pair : want.structured_metadata()) {
    metadata.Add(pair.name(), pair.value());
  }
  Require(got.structured_metadata == metadata.Finish());
  Require(model::CheckLabelBytes(got.structured_metadata).ok());
}

void Compare(const lokipb::PushRequest& want, const DecodedPush& got) {
  size_t series = 0;
  size_t unreadable = 0;
  for (const lokipb::Stream& stream : want.streams()) {
    ByteArena arena;
    std::vector<model::Label> labels;
    if (!ParseStreamLabels(stream.labels(), &arena, &labels).ok()) {
      Require(unreadable < got.unreadable_streams.size());
      Require(got.unreadable_streams[unreadable++].entries ==
              static_cast<uint64_t>(stream.entries_size()));
      continue;
    }
    Require(series < got.batch.series.size());
    const model::BatchSeries& found = got.batch.series[series++];
    Require(found.label_bytes == LabelBytes(labels, &arena));
    Require(found.entries_end - found.entries_begin ==
            static_cast<uint32_t>(stream.entries_size()));
    for (int i = 0; i < stream.entries_size(); ++i) {
      CompareEntry(stream.entries(i), got.batch.entries[found.entries_begin + i]);
    }
  }
  Require(series == got.batch.series.size());
  Require(unreadable == got.unreadable_streams.size());
}

}  // namespace
}  // namespace tidegate::ingest

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tidegate;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  ingest::DecodedPush push;
  const absl::Status status = ingest::DecodeLokiProtobuf(bytes, &push);
  if (absl::IsOutOfRange(status)) return 0;  // More empty messages than the decoder holds.
  lokipb::PushRequest request;
  const bool parsed = request.ParseFromArray(data, static_cast<int>(size));
  // What is skipped unread (metadata that was parsed from lines, the format) may be malformed there.
  if (parsed && !status.ok()) std::abort();
  if (!status.ok()) return 0;
  if (parsed) ingest::Compare(request, push);
  return 0;
}
