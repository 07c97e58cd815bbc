#include "storage/log_page/log_page.h"

#include <algorithm>

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
  absl::Status status = ParseTemplates(&in, &next_unit);
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

// Takes a template's text from the front of `texts`, and adds its shapes behind the first `shapes`.
bool LogPage::ReadPattern(ByteReader* in, std::string_view* texts, size_t* shapes,
                          LineTemplate* lines) {
  const uint64_t size = in->Varint();
  if (!in->ok() || size > texts->size()) return false;
  lines->text = texts->substr(0, size);
  texts->remove_prefix(size);
  const size_t first = *shapes;
  for (const char c : lines->text) {
    if (!IsMark(c)) continue;
    VariableShape shape{.classes = kDigitClass, .largest = 0};
    if (c == kWordMark) shape.classes = in->U8();
    const uint64_t largest = in->Varint();
    if (largest == 0 || largest > kMaxSplitLine || *shapes - first == kMaxVariables) return false;
    shape.largest = static_cast<uint32_t>(largest);
    if ((shape.classes & ~variable_classes_) != 0) return false;
    shapes_[(*shapes)++] = shape;
  }
  lines->variables = std::span<const VariableShape>(shapes_).subspan(first, *shapes - first);
  return true;
}

absl::Status LogPage::ParseTemplates(ByteReader* in, uint32_t* next_unit) {
  const uint64_t count = in->Varint();
  if (count == 0 || count > rows_ || !numbers_.Parse(in, rows_, next_unit)) {
    return NotAPage("the column of templates");
  }
  std::string_view texts = texts_;
  shapes_.resize(static_cast<size_t>(std::count_if(texts.begin(), texts.end(), IsMark)));
  templates_.reserve(std::min<uint64_t>(count, in->remaining()));
  size_t shapes = 0;
  uint64_t rows = 0;
  for (uint64_t i = 0; i < count; ++i) {
    Template& one = templates_.emplace_back();
    one.lines.kind = static_cast<TemplateKind>(in->U8());
    const uint64_t size = in->Varint();
    if (one.lines.kind > TemplateKind::kPattern || size == 0 || size > rows_ - rows) in->Fail();
    one.rows = static_cast<uint32_t>(size);
    rows += one.rows;
    const bool pattern = one.lines.kind == TemplateKind::kPattern;
    if (!in->ok() || (pattern && !ReadPattern(in, &texts, &shapes, &one.lines)) ||
        !one.sizes.Parse(in, one.rows, next_unit)) {
      return NotAPage("a template");
    }
    if (!pattern && filter_.empty()) return NotAPage("plain lines without a filter");
  }
  return rows == rows_ && texts.empty() ? absl::OkStatus()
                                        : NotAPage("the templates do not fill it");
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
  std::vector<uint32_t> places(rows_);
  std::vector<uint32_t> checked(rows_);
  for (uint32_t row = 0; row < rows_; ++row) {
    if (numbers[row] >= templates_.size()) return NotAPage("the template of a row");
    checked[row] = static_cast<uint32_t>(numbers[row]);
    places[row] = counts[checked[row]]++;
  }
  for (size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] != templates_[i].rows) return NotAPage("the rows of a template");
  }
  template_numbers_ = std::move(checked);
  template_rows_ = std::move(places);
  return absl::OkStatus();
}

absl::StatusOr<std::span<const uint32_t>> LogPage::TemplateNumbers() {
  if (absl::Status status = Number(); !status.ok()) return status;
  return std::span<const uint32_t>(template_numbers_);
}

absl::StatusOr<std::span<const uint32_t>> LogPage::TemplateRows() {
  if (absl::Status status = Number(); !status.ok()) return status;
  return std::span<const uint32_t>(template_rows_);
}

absl::Status LogPage::TemplateSizes(const Template& one, std::vector<uint32_t>* sizes) {
  std::vector<uint64_t> wide;
  if (absl::Status status = one.sizes.Decode(&units_, &wide); !status.ok()) return status;
  sizes->clear();
  for (const uint64_t size : wide) {
    if (size > text_bytes_) return NotAPage("the size of a line");
    sizes->push_back(static_cast<uint32_t>(size));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::span<const uint32_t>> LogPage::Sizes() {
  if (!sizes_.empty()) return std::span<const uint32_t>(sizes_);
  if (absl::Status status = Number(); !status.ok()) return status;
  std::vector<std::vector<uint32_t>> by_template(templates_.size());
  for (size_t i = 0; i < templates_.size(); ++i) {
    absl::Status status = TemplateSizes(templates_[i], &by_template[i]);
    if (!status.ok()) return status;
  }
  std::vector<uint32_t> sizes(rows_);
  uint64_t left = text_bytes_;
  for (uint32_t row = 0; row < rows_; ++row) {
    const uint32_t size = by_template[template_numbers_[row]][template_rows_[row]];
    if (size > left) return NotAPage("the sizes of its lines");
    left -= size;
    sizes[row] = size;
  }
  if (left != 0) return NotAPage("the size of all lines");
  sizes_ = std::move(sizes);
  return std::span<const uint32_t>(sizes_);
}

}  // namespace tidegate::storage
