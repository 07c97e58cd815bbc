#include "storage/log_page/log_page_metadata.h"

#include <utility>

#include "storage/codec/bytes.h"
#include "storage/log_page/int_column.h"
#include "storage/log_page/units.h"

namespace tidegate::storage {
namespace {

absl::Status NotMetadata(std::string_view what) {
  return absl::DataLossError("not the metadata of a log page: " + std::string(what));
}

absl::Status ReadSets(std::string_view bytes, uint64_t count, std::vector<model::Labels>* sets) {
  ByteReader in(bytes);
  for (uint64_t i = 0; i < count; ++i) {
    const std::string_view set = in.Bytes();
    if (!in.ok()) return NotMetadata("the sets");
    if (absl::Status status = model::CheckLabelBytes(set); !status.ok()) {
      return NotMetadata(std::string(status.message()));
    }
    sets->emplace_back(model::LabelsView(set));
  }
  return in.done() ? absl::OkStatus() : NotMetadata("the number of sets");
}

}  // namespace

absl::StatusOr<LogPageMetadata> ParseLogPageMetadata(std::vector<std::string> sections,
                                                     uint32_t rows) {
  if (sections.size() != 2) return NotMetadata("the number of sections");
  ByteReader in(sections[0]);
  const uint64_t sets = in.Varint();
  IntColumn numbers;
  uint32_t next_unit = 0;
  if (sets == 0 || sets > rows || !numbers.Parse(&in, rows, &next_unit)) {
    return NotMetadata("the directory");
  }
  auto units = UnitReader::Parse(&in, std::move(sections[1]));
  if (!units.ok()) return units.status();
  if (!in.done() || units->size() != next_unit + 1) return NotMetadata("the directory");
  std::vector<uint64_t> wide;
  absl::Status status = numbers.Decode(&*units, &wide);
  if (!status.ok()) return status;
  LogPageMetadata metadata;
  for (const uint64_t number : wide) {
    if (number >= sets) return NotMetadata("the set of a row");
    metadata.numbers.push_back(static_cast<uint32_t>(number));
  }
  std::string memory;
  const auto bytes = units->Read(next_unit, units->SizeOf(next_unit), &memory);
  if (!bytes.ok()) return bytes.status();
  status = ReadSets(*bytes, sets, &metadata.sets);
  if (!status.ok()) return status;
  return metadata;
}

}  // namespace tidegate::storage
