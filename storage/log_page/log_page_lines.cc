#include "storage/log_page/log_page_lines.h"

#include "storage/codec/bytes.h"
#include "storage/log_page/line_skeleton.h"

namespace tidegate::storage {
namespace {

// Every value of every row could be another one.
constexpr uint64_t kMaxDictionary = uint64_t{kMaxPageRows} * kMaxVariables;

absl::Status NotLines(std::string_view what) {
  return absl::DataLossError("not the lines of a log page: " + std::string(what));
}

}  // namespace

absl::StatusOr<LogPageLines> LogPageLines::Parse(std::vector<std::string> sections,
                                                 const LogPage& page) {
  std::vector<uint32_t> column_rows;
  for (const LogPage::Column& column : page.columns()) column_rows.push_back(column.rows);
  return Parse(std::move(sections), column_rows,
               page.templates().back().lines.kind == TemplateKind::kPlain);
}

absl::StatusOr<LogPageLines> LogPageLines::Parse(std::vector<std::string> sections,
                                                 std::span<const uint32_t> column_rows,
                                                 bool plain) {
  if (sections.size() != 2) return NotLines("the number of sections");
  LogPageLines lines;
  ByteReader in(sections[0]);
  uint32_t next_unit = 0;
  lines.columns_.resize(column_rows.size());
  lines.values_.resize(column_rows.size());
  for (size_t i = 0; i < lines.columns_.size(); ++i) {
    if (!lines.columns_[i].Parse(&in, column_rows[i], &next_unit)) {
      return NotLines("the header of a column");
    }
  }
  const uint64_t texts = in.Varint();
  lines.has_dictionary_ = texts > 0;
  if (texts > kMaxDictionary ||
      (texts > 0 &&
       !lines.dictionary_.Parse(&in, static_cast<uint32_t>(texts), /*hex=*/false, &next_unit))) {
    return NotLines("the dictionary");
  }
  if (plain) lines.plain_unit_ = next_unit++;
  auto units = UnitReader::Parse(&in, std::move(sections[1]));
  if (!units.ok()) return units.status();
  lines.units_ = *std::move(units);
  if (!in.done() || lines.units_.size() != next_unit) return NotLines("the directory");
  return lines;
}

absl::StatusOr<const VariableValues*> LogPageLines::Values(uint32_t column) {
  VariableValues& one = values_[column];
  if (!one.empty()) return &one;
  if (dictionary_texts_ == nullptr) {
    auto texts = std::make_unique<StoredTexts>();
    if (has_dictionary_) {
      absl::Status status = dictionary_.Decode(&units_, texts.get());
      if (!status.ok()) return status;
    }
    dictionary_texts_ = std::move(texts);
  }
  absl::Status status = columns_[column].Decode(&units_, *dictionary_texts_, &one);
  if (!status.ok()) return status;
  return &one;
}

void LogPageLines::Forget() {
  values_.assign(columns_.size(), {});
  dictionary_texts_.reset();
}

absl::Status LogPageLines::BuildPlain(LogPage* page, const LogPage::Family& family, Part* part) {
  std::vector<uint64_t> sizes;
  absl::Status status = page->FamilySizes(family, &sizes);
  if (!status.ok()) return status;
  std::vector<uint64_t> begins(sizes.size());
  uint64_t end = 0;
  for (size_t i = 0; i < sizes.size(); ++i) {
    begins[i] = end;
    if (sizes[i] > page->text_bytes() - end) return NotLines("the sizes of plain lines");
    end += sizes[i];
  }
  std::string memory;
  auto text = units_.Read(plain_unit_, end, &memory);
  if (!text.ok()) return text.status();
  for (size_t i = 0; i < part->rows.size(); ++i) {
    const uint32_t place = page->PlaceOf(part->rows[i], family.sizes_kind);
    if (!part->lines[i].Append(text->substr(begins[place], sizes[place]))) {
      return NotLines("the size of a plain line");
    }
  }
  return absl::OkStatus();
}

absl::Status LogPageLines::BuildPart(LogPage* page, size_t number, Part* part) {
  const LogPage::Template& one = page->templates()[number];
  const LogPage::Family& family = page->families()[one.family];
  if (one.lines.kind == TemplateKind::kPlain) return BuildPlain(page, family, part);
  const std::string_view text = one.lines.text;
  std::vector<std::vector<uint32_t>> places(family.row_sets.size());
  size_t variable = 0;
  for (size_t begin = 0; begin < text.size();) {
    if (IsMark(text[begin])) {
      ++begin;
      const uint32_t kind = family.place_kinds[variable];
      if (places[kind].empty()) {
        for (const uint32_t row : part->rows) places[kind].push_back(page->PlaceOf(row, kind));
      }
      const auto column = Values(family.columns[variable++]);
      if (!column.ok()) return column.status();
      absl::Status status = (*column)->Append(places[kind], part->lines);
      if (!status.ok()) return status;
      continue;
    }
    size_t end = begin + 1;
    while (end < text.size() && !IsMark(text[end])) ++end;
    for (LineCursor& line : part->lines) {
      if (!line.Append(text.substr(begin, end - begin))) return NotLines("the size of a line");
    }
    begin = end;
  }
  return absl::OkStatus();
}

absl::StatusOr<BuiltLines> LogPageLines::Build(LogPage* page, std::span<const uint32_t> rows) {
  const auto sizes = page->Sizes();
  if (!sizes.ok()) return sizes.status();
  const auto numbers = page->TemplateNumbers();
  if (!numbers.ok()) return numbers.status();

  BuiltLines built;
  for (const uint32_t row : rows) built.bytes += (*sizes)[row];
  built.text = std::make_unique_for_overwrite<char[]>(built.bytes);
  built.lines.reserve(rows.size());
  std::vector<Part> parts(page->templates().size());
  char* at = built.text.get();
  for (const uint32_t row : rows) {
    Part& part = parts[(*numbers)[row]];
    part.rows.push_back(row);
    part.lines.push_back({.at = at, .end = at + (*sizes)[row]});
    built.lines.emplace_back(at, (*sizes)[row]);
    at += (*sizes)[row];
  }
  for (size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].rows.empty()) continue;
    absl::Status status = BuildPart(page, i, &parts[i]);
    if (!status.ok()) return status;
    for (const LineCursor& line : parts[i].lines) {
      if (line.at != line.end) return NotLines("a line is not filled");
    }
  }
  Forget();
  return built;
}

}  // namespace tidegate::storage
