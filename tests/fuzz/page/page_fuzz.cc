// Decodes arbitrary bytes as the inside of a page. The checksum would stop a fuzzer at the door, so
// it starts behind it: u8 kind (1 float, 2..3 records, 5..6 index), then sections as PutBytes wrote
// them. Whatever parses is decoded to the end.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "storage/codec/bytes.h"
#include "storage/page/envelope.h"
#include "storage/page/float_page.h"
#include "storage/page/record_conversion.h"
#include "storage/page/record_page.h"
#include "storage/page/series_index.h"

namespace tidegate::storage {
namespace {

void DecodeFloats(std::vector<std::string> sections) {
  const auto page = FloatPage::Parse(std::move(sections));
  if (!page.ok()) return;
  TimeColumnPool pool;
  for (const FloatPage::Chunk& chunk : (*page)->chunks()) {
    if ((*page)->Find(chunk.series) == nullptr) std::abort();
    const auto times = (*page)->Times(chunk, &pool);
    std::vector<double> values;
    std::vector<model::TimestampMs> starts;
    if (!(*page)->Decode(chunk, &values, &starts).ok()) continue;
    if (times.ok() && (*times)->size() != values.size()) std::abort();
  }
}

void DecodeRecords(std::vector<std::string> sections) {
  const auto page = RecordPage::Parse(std::move(sections));
  if (!page.ok()) return;
  for (const RecordPage::Chunk& chunk : (*page)->chunks()) {
    const auto records = (*page)->Decode(chunk);
    if (!records.ok()) continue;
    for (const Record& record : *records) {
      ToHistogram(record).IgnoreError();
      ToExemplar(record).IgnoreError();
    }
  }
}

void DecodeIndex(std::vector<std::string> sections) {
  const auto index = SeriesIndex::Parse(std::move(sections));
  if (!index.ok()) return;
  LabelWalker walker(index->get());
  for (const uint32_t series : (*index)->Match({}, {})) {
    walker.At(series);
    (*index)->PagesOf(PageKind::kFloat, series, {});
  }
}

}  // namespace
}  // namespace tidegate::storage

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tidegate::storage;  // NOLINT: the function must be global.
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  if (const auto envelope = Envelope::Open("key", input); envelope.ok()) {
    for (size_t i = 0; i < envelope->size(); ++i) envelope->Section(i).IgnoreError();
  }
  ByteReader in(input);
  const uint8_t kind = in.U8();
  std::vector<std::string> sections;
  while (in.ok() && in.remaining() > 0 && sections.size() < kMaxSections) {
    sections.emplace_back(in.Bytes());
  }
  if (kind == 1) DecodeFloats(std::move(sections));
  if (kind >= 2 && kind <= 3) DecodeRecords(std::move(sections));
  if (kind == 5 || kind == 6) DecodeIndex(std::move(sections));
  return 0;
}
