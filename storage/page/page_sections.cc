#include "storage/page/page_sections.h"

#include <utility>

#include "storage/page/envelope.h"

namespace tidegate::storage {

absl::StatusOr<std::vector<std::string>> ReadSections(std::string_view key, PageKind kind,
                                                      const PageSource& source) {
  auto value = source.Read(key);
  if (!value.ok()) return value.status();
  auto envelope = Envelope::Open(key, *value);
  if (!envelope.ok()) return envelope.status();
  if (envelope->kind() != kind) return absl::DataLossError("the page is of another kind");
  std::vector<std::string> sections;
  for (size_t i = 0; i < envelope->size(); ++i) {
    auto section = envelope->Section(i);
    if (!section.ok()) return section.status();
    sections.push_back(*std::move(section));
  }
  return sections;
}

}  // namespace tidegate::storage
