#include "storage/log_page/log_page.h"

#include <algorithm>
#include <map>

#include "storage/codec/bytes.h"
#include "storage/log_page/line_skeleton.h"

namespace tidegate::storage {
namespace {

absl::Status NotAPage(std::string_view what) {
  return absl::DataLossError("not a page of log entries: " + std::string(what));
}

}  // namespace

absl::StatusOr<std::unique_ptr<LogPage>> LogPage::Parse(std::string summary) {
  std::unique_ptr<LogPage> page(new LogPage());
  page->summary_ = std::move(summary);
  ByteReader in(page->summary_);
  const uint64_t rows = in.Varint();
  page->text_bytes_ = in.Varint();
  const uint8_t metadata = in.U8();
  if (!in.ok() || rows == 0 || rows > kMaxPageRows || page->text_bytes_ > kMaxPageText ||
      metadata > 1) {
    return NotAPage("its size");
  }
  page->rows_ = static_cast<uint32_t>(rows);
  page->has_metadata_ = metadata == 1;
  if (absl::Status status = page->ParseStreams(&in); !status.ok()) return status;
  page->variable_classes_ = in.U8();
  page->texts_ = in.Bytes();
  page->filter_ = in.Bytes();
  if (!in.done()) return NotAPage("the summary");
  return page;
}

absl::Status LogPage::Load(std::string directory, std::string blob) {
  ByteReader in(directory);
  const uint8_t scale = in.U8();
  uint32_t next_unit = 0;
  if (scale >= kTimeScales.size() || !steps_.Parse(&in, rows_, &next_unit)) {
    return NotAPage("the column of times");
  }
  time_scale_ = kTimeScales[scale];
  absl::Status status = ParseColumns(&in);
  if (status.ok()) status = ParseTemplates(&in, &next_unit);
  if (status.ok()) status = ParseFamilies(&in, &next_unit);
  if (status.ok()) status = FindShapes();
  if (status.ok()) {
    auto units = UnitReader::Parse(&in, std::move(blob));
    status = units.status();
    if (units.ok()) units_ = *std::move(units);
  }
  if (status.ok() && (!in.done() || units_.size() != next_unit)) status = NotAPage("the directory");
  if (!status.ok()) templates_.clear();
  return status;
}

absl::Status LogPage::ParseStreams(ByteReader* in) {
  const uint64_t count = in->Count(4);
  uint64_t number = 0;
  uint64_t end = 0;
  uint64_t time = 0;
  for (uint64_t i = 0; i < count; ++i) {
    const uint64_t step = in->Varint();
    const uint64_t rows = in->Varint();
    time += static_cast<uint64_t>(in->Zigzag());
    const uint64_t last = time + in->Varint();
    if (!in->ok() || step > UINT32_MAX - number || (i > 0 && step == 0) || rows == 0 ||
        rows > rows_ - end || static_cast<int64_t>(last) < static_cast<int64_t>(time)) {
      return NotAPage("a stream's entry");
    }
    number += step;
    streams_.push_back({.number = static_cast<uint32_t>(number),
                        .begin = static_cast<uint32_t>(end),
                        .end = static_cast<uint32_t>(end + rows),
                        .first_time = static_cast<int64_t>(time),
                        .last_time = static_cast<int64_t>(last)});
    end += rows;
  }
  return in->ok() && end == rows_ ? absl::OkStatus() : NotAPage("the streams do not fill it");
}

absl::Status LogPage::ParseColumns(ByteReader* in) {
  columns_.resize(in->Count(2));
  for (Column& column : columns_) {
    column.shape.classes = in->U8();
    const uint64_t largest = in->Varint();
    const bool any = column.shape.classes == kTextClasses;
    if (!in->ok() || largest == 0 || largest > kMaxSplitLine || (any && filter_.empty()) ||
        (!any && (column.shape.classes & ~variable_classes_) != 0)) {
      return NotAPage("the shape of a column");
    }
    column.shape.largest = static_cast<uint32_t>(largest);
  }
  return in->ok() ? absl::OkStatus() : NotAPage("the number of columns");
}

absl::Status LogPage::ParseTemplates(ByteReader* in, uint32_t* next_unit) {
  const uint64_t count = in->Varint();
  if (count == 0 || count > rows_ || !numbers_.Parse(in, rows_, next_unit)) {
    return NotAPage("the column of templates");
  }
  std::string_view texts = texts_;
  templates_.reserve(std::min<uint64_t>(count, in->remaining()));
  uint64_t rows = 0;
  for (uint64_t i = 0; i < count; ++i) {
    Template& one = templates_.emplace_back();
    one.lines.kind = static_cast<TemplateKind>(in->U8());
    const uint64_t size = in->Varint();
    if (one.lines.kind > TemplateKind::kPattern || size == 0 || size > rows_ - rows) in->Fail();
    one.rows = static_cast<uint32_t>(size);
    rows += one.rows;
    if (one.lines.kind == TemplateKind::kPattern) {
      const uint64_t length = in->Varint();
      one.family = static_cast<uint32_t>(std::min<uint64_t>(in->Varint(), UINT32_MAX));
      if (length > texts.size()) return NotAPage("the text of a template");
      one.lines.text = texts.substr(0, length);
      texts.remove_prefix(length);
    } else {
      // The last one; its family has no number in the page.
      Family& plain = families_.emplace_back();
      if (!in->ok() || i + 1 != count || filter_.empty() ||
          !plain.sizes.Parse(in, one.rows, next_unit)) {
        return NotAPage("the plain lines");
      }
    }
    if (!in->ok()) return NotAPage("a template");
  }
  return rows == rows_ && texts.empty() ? absl::OkStatus()
                                        : NotAPage("the templates do not fill it");
}

bool LogPage::ReadFamily(ByteReader* in, Family* family) {
  const uint64_t marks = in->Count(1);
  if (marks > kMaxVariables) return false;
  int64_t column = 0;
  for (uint64_t i = 0; i < marks; ++i) {
    const int64_t step = in->Zigzag();
    const auto most = static_cast<int64_t>(columns_.size());
    if (step < -most || step > most) return false;
    column += step;
    if (column < 0 || column >= most) return false;
    family->columns.push_back(static_cast<uint32_t>(column++));
  }
  std::vector<uint32_t> sorted = family->columns;
  std::sort(sorted.begin(), sorted.end());
  return in->ok() && std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end();
}

// The patterns' families come first, and then that of the plain lines.
absl::Status LogPage::ParseFamilies(ByteReader* in, uint32_t* next_unit) {
  const uint64_t count = in->Count(2);
  if (!in->ok() || count > templates_.size()) return NotAPage("the number of families");
  families_.insert(families_.begin(), count, Family());
  for (Template& one : templates_) {
    if (one.lines.kind == TemplateKind::kPlain) {
      one.family = static_cast<uint32_t>(count);
    } else if (one.family >= count) {
      return NotAPage("the family of a template");
    }
    families_[one.family].rows += one.rows;
  }
  for (uint64_t i = 0; i < count; ++i) {
    Family& family = families_[i];
    if (!ReadFamily(in, &family) || family.rows == 0 ||
        !family.sizes.Parse(in, family.rows, next_unit)) {
      return NotAPage("a family of templates");
    }
  }
  FindRowSets();
  const bool unused = std::any_of(columns_.begin(), columns_.end(),
                                  [](const Column& column) { return column.rows == 0; });
  return unused ? NotAPage("a column without rows") : absl::OkStatus();
}

// Columns of the same families, and the sizes of a family alone, count their rows together.
void LogPage::FindRowSets() {
  std::vector<std::vector<uint32_t>> users(columns_.size());
  for (uint32_t f = 0; f < families_.size(); ++f) {
    for (const uint32_t column : families_[f].columns) {
      users[column].push_back(f);
      columns_[column].rows += families_[f].rows;
    }
  }
  std::map<std::vector<uint32_t>, uint32_t> sets;
  const auto set_of = [&sets](std::vector<uint32_t> families) {
    return sets.try_emplace(std::move(families), static_cast<uint32_t>(sets.size())).first->second;
  };
  std::vector<uint32_t> column_sets;
  for (std::vector<uint32_t>& families : users) column_sets.push_back(set_of(std::move(families)));
  for (uint32_t f = 0; f < families_.size(); ++f) {
    Family& family = families_[f];
    const auto kind_of = [&family](uint32_t set) {
      const auto at = std::find(family.row_sets.begin(), family.row_sets.end(), set);
      const auto kind = static_cast<uint32_t>(at - family.row_sets.begin());
      if (at == family.row_sets.end()) family.row_sets.push_back(set);
      return kind;
    };
    for (const uint32_t column : family.columns) {
      family.place_kinds.push_back(kind_of(column_sets[column]));
    }
    family.sizes_kind = kind_of(set_of({f}));
  }
  row_sets_ = static_cast<uint32_t>(sets.size());
}

// Every mark has a column of its kind.
absl::Status LogPage::FindShapes() {
  size_t marks = 0;
  for (const Template& one : templates_) marks += families_[one.family].columns.size();
  if (marks > texts_.size()) return NotAPage("the marks of its templates");
  shapes_.resize(marks);
  size_t end = 0;
  for (Template& one : templates_) {
    const size_t first = end;
    const std::vector<uint32_t>& columns = families_[one.family].columns;
    for (const char c : one.lines.text) {
      if (!IsMark(c)) continue;
      if (end - first == columns.size()) return NotAPage("the marks of a template");
      const VariableShape& shape = columns_[columns[end - first]].shape;
      if ((c == kNumberMark && shape.classes != kDigitClass) ||
          (c == kTextMark) != (shape.classes == kTextClasses)) {
        return NotAPage("the kind of a mark");
      }
      shapes_[end++] = shape;
    }
    if (end - first != columns.size()) return NotAPage("the marks of a template");
    one.lines.variables = std::span<const VariableShape>(shapes_).subspan(first, end - first);
    one.fixed_size = static_cast<uint32_t>(one.lines.text.size() - columns.size());
  }
  return absl::OkStatus();
}

const LogPage::Stream* LogPage::Find(uint32_t number) const {
  const auto at = std::lower_bound(streams_.begin(), streams_.end(), number,
                                   [](const Stream& s, uint32_t n) { return s.number < n; });
  return at != streams_.end() && at->number == number ? &*at : nullptr;
}

absl::Status LogPage::DecodeStreamTimes(const Stream& stream, std::span<const uint64_t> steps) {
  const auto length =
      static_cast<uint64_t>(stream.last_time) - static_cast<uint64_t>(stream.first_time);
  uint64_t passed = 0;
  for (uint32_t row = stream.begin; row < stream.end; ++row) {
    times_[row] = static_cast<int64_t>(static_cast<uint64_t>(stream.first_time) + passed);
    if (row + 1 == stream.end) break;
    if (steps[row] > (length - passed) / time_scale_) return NotAPage("the times of a stream");
    passed += steps[row] * time_scale_;
  }
  return passed == length ? absl::OkStatus() : NotAPage("the last time of a stream");
}

absl::StatusOr<std::span<const model::TimestampNs>> LogPage::Times() {
  if (!times_.empty()) return std::span<const model::TimestampNs>(times_);
  std::vector<uint64_t> steps;
  absl::Status status = steps_.Decode(&units_, &steps);
  times_.resize(rows_);
  for (const Stream& stream : streams_) {
    if (status.ok()) status = DecodeStreamTimes(stream, steps);
  }
  if (status.ok()) return std::span<const model::TimestampNs>(times_);
  times_.clear();
  return status;
}

absl::Status LogPage::Number() {
  if (!template_numbers_.empty()) return absl::OkStatus();
  std::vector<uint64_t> numbers;
  if (absl::Status status = numbers_.Decode(&units_, &numbers); !status.ok()) return status;
  std::vector<uint32_t> counts(templates_.size());
  std::vector<uint32_t> ends(row_sets_);
  std::vector<uint32_t> checked(rows_);
  first_places_.resize(rows_);
  places_.clear();
  places_.reserve(rows_);
  for (uint32_t row = 0; row < rows_; ++row) {
    if (numbers[row] >= templates_.size()) return NotAPage("the template of a row");
    checked[row] = static_cast<uint32_t>(numbers[row]);
    ++counts[checked[row]];
    first_places_[row] = static_cast<uint32_t>(places_.size());
    for (const uint32_t set : families_[templates_[checked[row]].family].row_sets) {
      places_.push_back(ends[set]++);
    }
  }
  for (size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] != templates_[i].rows) return NotAPage("the rows of a template");
  }
  template_numbers_ = std::move(checked);
  return absl::OkStatus();
}

absl::StatusOr<std::span<const uint32_t>> LogPage::TemplateNumbers() {
  if (absl::Status status = Number(); !status.ok()) return status;
  return std::span<const uint32_t>(template_numbers_);
}

absl::Status LogPage::FamilySizes(const Family& family, std::vector<uint64_t>* sizes) {
  return family.sizes.Decode(&units_, sizes);
}

absl::StatusOr<std::span<const uint32_t>> LogPage::Sizes() {
  if (!sizes_.empty()) return std::span<const uint32_t>(sizes_);
  if (absl::Status status = Number(); !status.ok()) return status;
  std::vector<std::vector<uint64_t>> by_family(families_.size());
  for (size_t i = 0; i < families_.size(); ++i) {
    absl::Status status = FamilySizes(families_[i], &by_family[i]);
    if (!status.ok()) return status;
  }
  std::vector<uint32_t> sizes(rows_);
  uint64_t left = text_bytes_;
  for (uint32_t row = 0; row < rows_; ++row) {
    const Template& one = templates_[template_numbers_[row]];
    const uint32_t place = PlaceOf(row, families_[one.family].sizes_kind);
    const uint64_t variable = by_family[one.family][place];
    if (variable > left || one.fixed_size > left - variable) {
      return NotAPage("the sizes of its lines");
    }
    sizes[row] = static_cast<uint32_t>(one.fixed_size + variable);
    left -= sizes[row];
  }
  if (left != 0) return NotAPage("the size of all lines");
  sizes_ = std::move(sizes);
  return std::span<const uint32_t>(sizes_);
}

}  // namespace tidegate::storage
