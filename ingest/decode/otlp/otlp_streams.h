// OpenTelemetry's logs as Loki's streams, by Loki's rules.
#ifndef TIDEGATE_INGEST_DECODE_OTLP_OTLP_STREAMS_H_
#define TIDEGATE_INGEST_DECODE_OTLP_OTLP_STREAMS_H_

#include <string>
#include <string_view>
#include <vector>

#include "ingest/decode/decoded_push.h"
#include "ingest/decode/loki/push_streams.h"
#include "ingest/decode/otlp/otlp_record.h"
#include "model/labels.h"
#include "model/log_entry.h"

namespace tidegate::ingest {

// Which attributes go where; what is in neither list becomes structured metadata. The lists must
// outlive the decoding.
struct OtlpRules {
  const std::vector<std::string>* index_attributes = nullptr;  // Of resources: labels.
  const std::vector<std::string>* drop_attributes = nullptr;   // Of resources, scopes and records.
  model::TimestampNs now = 0;                                  // For records without any time.
};

// Owned by one thread. Resource, its scopes, their records, in the order of the request. Maps are
// flattened with underscores. Of one name that a record, its scope and its resource give, the
// record's value wins, then the scope's.
class OtlpStreams {
 public:
  OtlpStreams(const OtlpRules& rules, DecodedPush* push);

  void BeginResource(const std::vector<OtlpAttribute>& attributes);
  void BeginScope(const OtlpScope& scope);
  void Add(const OtlpRecord& record);
  void EndResource();

 private:
  using Pairs = std::vector<model::Label>;

  bool IsDropped(std::string_view key) const;
  bool IsIndexed(std::string_view key) const;
  void Flatten(std::string_view name, const OtlpValue& value, int depth, Pairs* pairs);
  void AddAll(const std::vector<OtlpAttribute>& attributes, Pairs* pairs);
  std::string_view TextOf(const OtlpValue& value);
  void AddNumber(std::string_view name, uint64_t number);
  void AddText(std::string_view name, std::string_view text);
  void AddHex(std::string_view name, std::string_view bytes);
  model::TimestampNs TimeOf(const OtlpRecord& record) const;

  const OtlpRules rules_;
  ByteArena& arena_;
  PushStreams streams_;
  Pairs resource_;
  Pairs scope_;
  Pairs record_;
};

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_DECODE_OTLP_OTLP_STREAMS_H_
