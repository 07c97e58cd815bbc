#include "storage/page/page_sections.h"

namespace tidegate::storage {

absl::StatusOr<std::unique_ptr<LazySections>> LazySections::Open(std::string_view key,
                                                                 PageKind kind,
                                                                 const PageSource& source) {
  auto value = source.Read(key);
  if (!value.ok()) return value.status();
  std::unique_ptr<LazySections> sections(new LazySections(*std::move(value)));
  auto envelope = Envelope::Open(key, sections->value_);
  if (!envelope.ok()) return envelope.status();
  if (envelope->kind() != kind) return absl::DataLossError("the page is of another kind");
  sections->envelope_ = *std::move(envelope);
  return sections;
}

absl::StatusOr<std::vector<std::string>> ReadSections(std::string_view key, PageKind kind,
                                                      const PageSource& source) {
  auto lazy = LazySections::Open(key, kind, source);
  if (!lazy.ok()) return lazy.status();
  std::vector<std::string> sections;
  for (size_t i = 0; i < (*lazy)->size(); ++i) {
    auto section = (*lazy)->Section(i);
    if (!section.ok()) return section.status();
    sections.push_back(*std::move(section));
  }
  return sections;
}

}  // namespace tidegate::storage
