#include "storage/log_page/log_page_builder.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "storage/codec/bytes.h"
#include "storage/log_page/int_column.h"
#include "storage/log_page/log_page_format.h"
#include "storage/log_page/text_filter.h"
#include "storage/log_page/variable_column.h"

namespace tidegate::storage {
namespace {

constexpr uint32_t kNone = UINT32_MAX;
// Fewer lines of one skeleton compress better as text.
constexpr size_t kLeastTemplateRows = 3;
// Lines after which a page whose skeletons do not repeat is text.
constexpr size_t kSampleRows = 1024;

uint8_t ClassesOf(std::string_view text) {
  uint8_t classes = 0;
  for (const char c : text) classes |= CharacterClass(c);
  return classes;
}

// The index into kTimeScales of the largest unit that divides all steps.
uint8_t ScaleOf(const std::vector<uint64_t>& steps) {
  for (size_t scale = kTimeScales.size() - 1; scale > 0; --scale) {
    const uint64_t unit = kTimeScales[scale];
    const bool divides =
        std::all_of(steps.begin(), steps.end(), [unit](uint64_t step) { return step % unit == 0; });
    if (divides) return static_cast<uint8_t>(scale);
  }
  return 0;
}

}  // namespace

std::vector<std::string> LogPageBuilder::Value::Finish() {
  std::string blob = units.Finish(&directory);
  std::vector<std::string> sections;
  sections.push_back(std::move(directory));
  sections.push_back(std::move(blob));
  return sections;
}

size_t LogPageBuilder::Add(uint32_t stream, std::span<const model::LogEntryView> entries) {
  size_t taken = 0;
  for (; taken < entries.size() && !full(); ++taken) {
    if (streams_.empty() || streams_.back().number != stream) {
      streams_.push_back({.number = stream, .rows = 0});
    }
    ++streams_.back().rows;
    AddRow(entries[taken]);
  }
  return taken;
}

void LogPageBuilder::AddRow(const model::LogEntryView& entry) {
  const auto begin = static_cast<uint32_t>(text_.size());
  const auto first_variable = static_cast<uint32_t>(variables_.size());
  text_ += entry.line;
  times_.push_back(entry.timestamp);
  metadata_.push_back(MetadataSetOf(entry.structured_metadata));
  rows_.push_back({.begin = begin,
                   .size = static_cast<uint32_t>(entry.line.size()),
                   .skeleton = SkeletonOf(entry.line, begin),
                   .first_variable = first_variable});
}

uint32_t LogPageBuilder::SkeletonOf(std::string_view line, uint32_t begin) {
  if (rows_.size() >= kSampleRows && 2 * skeletons_.size() > rows_.size()) return kNone;
  if (!splitter_.Split(line)) return kNone;
  for (Variable variable : splitter_.variables()) {
    variable.begin += begin;
    variables_.push_back(variable);
  }
  const std::string_view skeleton = splitter_.skeleton();
  const auto [at, added] =
      skeleton_numbers_.try_emplace(absl::string_view(skeleton.data(), skeleton.size()),
                                    static_cast<uint32_t>(skeletons_.size()));
  if (added) skeletons_.emplace_back();
  return at->second;
}

uint32_t LogPageBuilder::MetadataSetOf(std::string_view metadata) {
  if (!metadata_.empty() && metadata_sets_[metadata_.back()] == metadata) {
    return static_cast<uint32_t>(metadata_.back());
  }
  const auto [at, added] =
      metadata_numbers_.try_emplace(absl::string_view(metadata.data(), metadata.size()),
                                    static_cast<uint32_t>(metadata_sets_.size()));
  if (added) metadata_sets_.emplace_back(metadata);
  return at->second;
}

// In the order in which they first occur; what is too rare is one template of plain lines.
std::vector<LogPageBuilder::Template> LogPageBuilder::Templates(
    std::vector<uint64_t>* numbers) const {
  std::vector<uint32_t> counts(skeletons_.size());
  for (const Row& row : rows_) {
    if (row.skeleton != kNone) ++counts[row.skeleton];
  }
  // Text between which templates are taken out compresses worse than all of it together.
  uint64_t plain_bytes = 0;
  for (const Row& row : rows_) {
    if (row.skeleton == kNone || counts[row.skeleton] < kLeastTemplateRows) plain_bytes += row.size;
  }
  if (2 * plain_bytes > text_.size()) std::fill(counts.begin(), counts.end(), 0);
  std::vector<Template> templates;
  std::vector<uint32_t> known(skeletons_.size() + 1, kNone);
  for (uint32_t i = 0; i < rows_.size(); ++i) {
    const uint32_t wanted = rows_[i].skeleton;
    const bool plain = wanted == kNone || counts[wanted] < kLeastTemplateRows;
    uint32_t& number = known[plain ? skeletons_.size() : wanted];
    if (number == kNone) {
      number = static_cast<uint32_t>(templates.size());
      templates.push_back({.skeleton = plain ? kNone : wanted, .rows = {}});
    }
    templates[number].rows.push_back(i);
    numbers->push_back(number);
  }
  return templates;
}

void LogPageBuilder::PutSummary(std::string* summary) const {
  PutVarint(rows_.size(), summary);
  PutVarint(text_.size(), summary);
  PutU8(HasMetadata() ? 1 : 0, summary);
  PutVarint(streams_.size(), summary);
  uint32_t row = 0;
  uint32_t last_number = 0;
  int64_t last_time = 0;
  for (const Stream& stream : streams_) {
    const uint32_t end = row + stream.rows;
    PutVarint(stream.number - last_number, summary);
    PutVarint(stream.rows, summary);
    PutZigzag(
        static_cast<int64_t>(static_cast<uint64_t>(times_[row]) - static_cast<uint64_t>(last_time)),
        summary);
    PutVarint(static_cast<uint64_t>(times_[end - 1]) - static_cast<uint64_t>(times_[row]), summary);
    last_number = stream.number;
    last_time = times_[row];
    row = end;
  }
}

void LogPageBuilder::PutTimes(Value* head) const {
  std::vector<uint64_t> steps;
  steps.reserve(rows_.size());
  for (const Stream& stream : streams_) {
    const size_t begin = steps.size();
    for (size_t i = begin + 1; i < begin + stream.rows; ++i) {
      steps.push_back(static_cast<uint64_t>(times_[i]) - static_cast<uint64_t>(times_[i - 1]));
    }
    // Every row has a step; the last one of a stream repeats the one before it.
    steps.push_back(steps.empty() ? 0 : steps.back());
  }
  const uint8_t scale = ScaleOf(steps);
  for (uint64_t& step : steps) step /= kTimeScales[scale];
  PutU8(scale, &head->directory);
  EncodeIntColumn(steps, &head->directory, &head->units);
}

void LogPageBuilder::PutSizes(const Template& one, Value* head) const {
  std::vector<uint64_t> sizes;
  sizes.reserve(one.rows.size());
  for (const uint32_t row : one.rows) sizes.push_back(rows_[row].size);
  EncodeIntColumn(sizes, &head->directory, &head->units);
}

void LogPageBuilder::PutPlain(const Template& one, Value* head, Value* lines,
                              Summary* summary) const {
  std::string text;
  TextFilterBuilder filter;
  for (const uint32_t row : one.rows) {
    text += LineOf(rows_[row]);
    filter.Add(LineOf(rows_[row]));
  }
  PutU8(static_cast<uint8_t>(TemplateKind::kPlain), &head->directory);
  PutVarint(one.rows.size(), &head->directory);
  PutSizes(one, head);
  summary->filter = filter.Finish();
  lines->units.Add(text);
}

std::vector<Variable> LogPageBuilder::VariablesOf(const Template& one, size_t places) const {
  // In blocks of rows that stay in the nearest cache.
  constexpr size_t kBlock = 64;
  const size_t rows = one.rows.size();
  std::vector<Variable> variables(places * rows);
  for (size_t begin = 0; begin < rows; begin += kBlock) {
    const size_t end = std::min(begin + kBlock, rows);
    for (size_t place = 0; place < places; ++place) {
      Variable* const column = variables.data() + place * rows;
      for (size_t i = begin; i < end; ++i) {
        column[i] = variables_[rows_[one.rows[i]].first_variable + place];
      }
    }
  }
  return variables;
}

void LogPageBuilder::PutTemplate(const Template& one, Value* head, Value* lines,
                                 Summary* summary) const {
  if (one.skeleton == kNone) return PutPlain(one, head, lines, summary);
  const std::string_view skeleton = skeletons_[one.skeleton];
  const auto places = static_cast<size_t>(std::count_if(skeleton.begin(), skeleton.end(), IsMark));
  const std::vector<Variable> variables = VariablesOf(one, places);
  // The template is the skeleton with what does not vary in this page put back.
  std::string text;
  std::string shapes;
  std::span<const Variable> rest(variables);
  for (const char c : skeleton) {
    if (!IsMark(c)) {
      text.push_back(c);
      continue;
    }
    const std::span<const Variable> column = rest.first(one.rows.size());
    rest = rest.subspan(column.size());
    if (IsConstant(column)) {
      text += TextOf(column.front());
      continue;
    }
    text.push_back(c);
    summary->classes |= PutShape(column, c, &shapes);
    EncodeVariableColumn(text_, column, c == kNumberMark, &lines->directory, &lines->units);
  }
  PutU8(static_cast<uint8_t>(TemplateKind::kPattern), &head->directory);
  PutVarint(one.rows.size(), &head->directory);
  PutVarint(text.size(), &head->directory);
  summary->texts += text;
  head->directory += shapes;
  PutSizes(one, head);
}

bool LogPageBuilder::IsConstant(std::span<const Variable> column) const {
  const Variable& first = column.front();
  return std::all_of(column.begin(), column.end(), [&](const Variable& one) {
    return one.number == first.number && one.size == first.size && TextOf(one) == TextOf(first);
  });
}

uint8_t LogPageBuilder::PutShape(std::span<const Variable> column, char mark,
                                 std::string* shapes) const {
  uint32_t largest = 0;
  for (const Variable& one : column) largest = std::max(largest, one.size);
  uint8_t classes = kDigitClass;
  if (mark == kWordMark) {
    for (const Variable& one : column) classes |= ClassesOf(TextOf(one));
    PutU8(classes, shapes);
  }
  PutVarint(largest, shapes);
  return classes;
}

void LogPageBuilder::PutMetadata(Value* metadata) const {
  PutVarint(metadata_sets_.size(), &metadata->directory);
  EncodeIntColumn(metadata_, &metadata->directory, &metadata->units);
  std::string sets;
  for (const std::string& set : metadata_sets_) PutBytes(set, &sets);
  metadata->units.Add(sets);
}

LogPageSections LogPageBuilder::Finish() {
  for (const auto& [skeleton, number] : skeleton_numbers_) skeletons_[number] = skeleton;
  std::vector<uint64_t> numbers;
  numbers.reserve(rows_.size());
  const std::vector<Template> templates = Templates(&numbers);
  Value head(&compressor_), lines(&compressor_), metadata(&compressor_);
  PutTimes(&head);
  PutVarint(templates.size(), &head.directory);
  EncodeIntColumn(numbers, &head.directory, &head.units);
  Summary summary;
  for (const Template& one : templates) PutTemplate(one, &head, &lines, &summary);
  std::string first;
  PutSummary(&first);
  PutU8(summary.classes, &first);
  PutBytes(summary.texts, &first);
  PutBytes(summary.filter, &first);
  LogPageSections sections;
  sections.head = head.Finish();
  sections.head.insert(sections.head.begin(), std::move(first));
  sections.lines = lines.Finish();
  if (HasMetadata()) {
    PutMetadata(&metadata);
    sections.metadata = metadata.Finish();
  }
  Clear();
  return sections;
}

void LogPageBuilder::Clear() {
  text_.clear();
  rows_.clear();
  times_.clear();
  streams_.clear();
  variables_.clear();
  skeleton_numbers_.clear();
  skeletons_.clear();
  metadata_numbers_.clear();
  metadata_sets_.clear();
  metadata_.clear();
}

}  // namespace tidegate::storage
