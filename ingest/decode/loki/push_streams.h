// Streams of a push on their way into the batch: what the decoders of Loki's formats share.
#ifndef TIDEGATE_INGEST_DECODE_LOKI_PUSH_STREAMS_H_
#define TIDEGATE_INGEST_DECODE_LOKI_PUSH_STREAMS_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "ingest/decode/decoded_push.h"
#include "ingest/decode/loki/structured_metadata.h"
#include "model/labels.h"
#include "model/log_entry.h"

namespace tidegate::ingest {

// Owned by one thread. Lines and names must live as long as the push's bytes or its arena. The
// series' ids stay unset: labels may still be added (see ingest/admit/logs).
class PushStreams {
 public:
  explicit PushStreams(DecodedPush* push);

  // Starts a stream whose labels are text. When they cannot be read, its entries are counted and
  // left out, and the push's unreadable_streams say why.
  void BeginStream(std::string_view labels_text);
  // Starts a stream with these labels, which are sorted and checked here.
  void BeginStream(std::vector<model::Label> labels);

  // Metadata of the next entry, any number of times before it.
  void AddMetadata(std::string_view name, std::string_view value) { metadata_.Add(name, value); }
  void AddEntry(model::TimestampNs timestamp, std::string_view line);

  void EndStream();

 private:
  void Open(const std::vector<model::Label>& labels);
  void Refuse(std::string_view labels_text, const absl::Status& status);

  DecodedPush& push_;
  StructuredMetadata metadata_;
  std::vector<model::Label> labels_;
  bool readable_ = true;
  uint64_t unreadable_entries_ = 0;
};

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_DECODE_LOKI_PUSH_STREAMS_H_
