// OTLP logs in both encodings; what the protobuf decoder accepts has as many records as the
// generated class finds.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "ingest/decode/decoded_push.h"
#include "ingest/decode/decompress.h"
#include "ingest/decode/otlp/otlp_logs.h"
#include "model/labels.h"
#include "model/log_limits.h"
#include "proto/opentelemetry/logs.pb.h"

namespace {

void Check(const tidegate::ingest::DecodedPush& push) {
  for (const auto& entry : push.batch.entries) {
    if (!tidegate::model::CheckLabelBytes(entry.structured_metadata).ok()) std::abort();
  }
}

size_t Records(const tidegate::otlp::ExportLogsServiceRequest& request) {
  size_t records = 0;
  for (const auto& resource : request.resource_logs()) {
    for (const auto& scope : resource.scope_logs()) records += scope.log_records_size();
  }
  return records;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tidegate::ingest;
  static const auto* const kIndex =
      new std::vector<std::string>(tidegate::model::DefaultOtlpIndexAttributes());
  const OtlpRules rules = {kIndex, nullptr, 7};
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  DecodedPush push;
  if (DecodeOtlpProtobuf(bytes, rules, &push).ok()) {
    Check(push);
    tidegate::otlp::ExportLogsServiceRequest request;
    if (request.ParseFromArray(data, static_cast<int>(size))) {
      size_t found = push.batch.entries.size();
      for (const UnreadableStream& stream : push.unreadable_streams) found += stream.entries;
      if (found != Records(request)) std::abort();
    }
  }
  push.Clear();
  std::string body(bytes);
  body.append(kReadableBehind, '\0');
  if (DecodeOtlpJson(std::string_view(body).substr(0, size), rules, &push).ok()) Check(push);
  return 0;
}
