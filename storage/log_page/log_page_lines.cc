#include "storage/log_page/log_page_lines.h"

#include "storage/codec/bytes.h"
#include "storage/log_page/line_skeleton.h"

namespace tidegate::storage {
namespace {

absl::Status NotLines(std::string_view what) {
  return absl::DataLossError("not the lines of a log page: " + std::string(what));
}

}  // namespace

absl::StatusOr<LogPageLines> LogPageLines::Parse(std::vector<std::string> sections,
                                                 const LogPage& page) {
  if (sections.size() != 2) return NotLines("the number of sections");
  LogPageLines lines;
  ByteReader in(sections[0]);
  uint32_t next_unit = 0;
  for (const LogPage::Template& one : page.templates()) {
    Columns& columns = lines.templates_.emplace_back();
    if (one.lines.kind == TemplateKind::kPlain) {
      columns.plain_unit = next_unit++;
      continue;
    }
    columns.columns.resize(one.lines.variables.size());
    for (VariableColumn& column : columns.columns) {
      if (!column.Parse(&in, one.rows, &next_unit)) return NotLines("the header of a column");
    }
  }
  auto units = UnitReader::Parse(&in, std::move(sections[1]));
  if (!units.ok()) return units.status();
  lines.units_ = *std::move(units);
  if (!in.done() || lines.units_.size() != next_unit) return NotLines("the directory");
  return lines;
}

absl::Status LogPageLines::BuildPlain(LogPage* page, size_t number, Part* part) {
  const LogPage::Template& one = page->templates()[number];
  std::vector<uint32_t> sizes;
  absl::Status status = page->TemplateSizes(one, &sizes);
  if (!status.ok()) return status;
  std::vector<uint64_t> begins(sizes.size());
  uint64_t end = 0;
  for (size_t i = 0; i < sizes.size(); ++i) {
    begins[i] = end;
    end += sizes[i];
  }
  std::string memory;
  auto text = units_.Read(templates_[number].plain_unit, end, &memory);
  if (!text.ok()) return text.status();
  for (size_t i = 0; i < part->rows.size(); ++i) {
    const uint32_t row = part->rows[i];
    if (!part->lines[i].Append(text->substr(begins[row], sizes[row]))) {
      return NotLines("the size of a plain line");
    }
  }
  return absl::OkStatus();
}

absl::Status LogPageLines::BuildPart(LogPage* page, size_t number, Part* part) {
  const LineTemplate& lines = page->templates()[number].lines;
  if (lines.kind == TemplateKind::kPlain) return BuildPlain(page, number, part);
  const std::string_view text = lines.text;
  size_t variable = 0;
  for (size_t begin = 0; begin < text.size();) {
    if (IsMark(text[begin])) {
      ++begin;
      absl::Status status =
          templates_[number].columns[variable++].Append(&units_, part->rows, part->lines);
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
  const auto places = page->TemplateRows();
  if (!places.ok()) return places.status();

  BuiltLines built;
  for (const uint32_t row : rows) built.bytes += (*sizes)[row];
  built.text = std::make_unique_for_overwrite<char[]>(built.bytes);
  built.lines.reserve(rows.size());
  std::vector<Part> parts(templates_.size());
  char* at = built.text.get();
  for (const uint32_t row : rows) {
    Part& part = parts[(*numbers)[row]];
    part.rows.push_back((*places)[row]);
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
  return built;
}

}  // namespace tidegate::storage
