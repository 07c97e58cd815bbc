#include "storage/log_page/log_page_builder.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "storage/codec/bytes.h"
#include "storage/log_page/int_column.h"
#include "storage/log_page/log_page_format.h"
#include "storage/log_page/template_plan.h"
#include "storage/log_page/text_filter.h"
#include "storage/log_page/variable_column.h"

namespace tidegate::storage {
namespace {

constexpr uint32_t kNone = UINT32_MAX;
// Lines after which it shows whether a page has templates.
constexpr size_t kSampleRows = 512;
// Texts that are more than this part of a page put its templates in doubt.
constexpr uint64_t kManyTexts = 4;

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
  if (rows_.size() == kSampleRows) prose_ = LooksLikeProse();
  if (prose_ || !splitter_.Split(line)) return kNone;
  for (Variable variable : splitter_.variables()) {
    variable.begin += begin;
    variables_.push_back(variable);
  }
  const std::string_view skeleton = splitter_.skeleton();
  const auto found = skeleton_numbers_.find(skeleton);
  if (found != skeleton_numbers_.end()) return found->second;
  // Views stay where they are: skeletons are not longer than the lines of a page.
  skeleton_texts_.reserve(kFullPageText + kMaxSplitLine);
  const size_t from = skeleton_texts_.size();
  skeleton_texts_ += skeleton;
  const auto number = static_cast<uint32_t>(skeletons_.size());
  skeletons_.push_back(std::string_view(skeleton_texts_).substr(from));
  skeleton_numbers_.emplace(skeletons_.back(), number);
  return number;
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

const TemplatePlan& LogPageBuilder::PlanSkeletons() {
  std::vector<uint32_t> counts(skeletons_.size());
  for (const Row& row : rows_) {
    if (row.skeleton != kNone) ++counts[row.skeleton];
  }
  return planner_.Plan(skeletons_, counts);
}

// Whether the first lines have hardly a shape: then the others need not be split.
bool LogPageBuilder::LooksLikeProse() {
  if (2 * skeletons_.size() < rows_.size()) return false;
  const TemplatePlan& plan = PlanSkeletons();
  const auto plain = std::count_if(plan.skeletons.begin(), plan.skeletons.end(),
                                   [](const auto& one) { return one.number == kNoTemplate; });
  return 3 * static_cast<size_t>(plain) > 2 * skeletons_.size();
}

LogPageBuilder::Draft LogPageBuilder::PlanRows() {
  Draft draft;
  draft.plan = &PlanSkeletons();
  const auto is_plain = [&](const Row& row) {
    return row.skeleton == kNone || draft.plan->skeletons[row.skeleton].number == kNoTemplate;
  };
  // Text between which templates are taken out compresses worse than all of it together.
  uint64_t plain_bytes = 0;
  for (const Row& row : rows_) plain_bytes += is_plain(row) ? row.size : 0;
  if (2 * plain_bytes > text_.size()) return PlainRows();
  for (uint32_t i = 0; i < rows_.size(); ++i) {
    if (is_plain(rows_[i])) draft.plain.push_back(i);
  }
  NumberTemplates(&draft);
  CollectValues(&draft);
  WriteTexts(&draft);
  return draft;
}

LogPageBuilder::Draft LogPageBuilder::PlainRows() {
  Draft draft;
  draft.plan = &planner_.Plan({}, {});
  draft.plain.resize(rows_.size());
  std::iota(draft.plain.begin(), draft.plain.end(), 0);
  NumberTemplates(&draft);
  return draft;
}

// Whether texts are so much of the page that it could be smaller without templates.
bool LogPageBuilder::HasManyTexts(const Draft& draft) const {
  uint64_t bytes = 0;
  for (const Column& column : draft.columns) {
    if (column.mark != kTextMark) continue;
    for (const Variable& value : column.values) bytes += value.size;
  }
  return kManyTexts * bytes > text_.size();
}

// Plain rows are one more template, the last.
void LogPageBuilder::NumberTemplates(Draft* draft) const {
  const bool no_patterns = draft->plan->templates.empty();
  draft->numbers.reserve(rows_.size());
  if (!draft->plain.empty()) {
    draft->plain_number = static_cast<uint32_t>(draft->plan->templates.size());
  }
  for (const Row& row : rows_) {
    uint32_t number = kNoTemplate;
    if (!no_patterns && row.skeleton != kNone) number = draft->plan->skeletons[row.skeleton].number;
    draft->numbers.push_back(number == kNoTemplate ? draft->plain_number : number);
  }
}

Variable LogPageBuilder::ValueAt(const Row& row, const PlannedMark& mark) const {
  const Variable* const variables = variables_.data() + row.first_variable;
  if (mark.variables == 1 && mark.end - mark.begin == 1) return variables[mark.first_variable];
  Variable value{.begin = row.begin, .size = uint32_t{mark.end} - mark.begin, .number = 0};
  if (mark.first_variable > 0) {
    const Variable& before = variables[mark.first_variable - 1];
    value.begin = before.begin + before.size;
  }
  value.begin += mark.distance;
  for (uint32_t i = 0; i < mark.variables; ++i) {
    value.size += variables[mark.first_variable + i].size - 1;
  }
  return value;
}

void LogPageBuilder::CollectValues(Draft* draft) {
  const TemplatePlan& plan = *draft->plan;
  std::vector<size_t> ends(plan.columns.size());
  for (const TemplatePlan::Template& one : plan.templates) {
    for (const uint32_t column : one.columns) ends[column] += one.lines;
  }
  size_t all = 0;
  for (size_t& end : ends) all += std::exchange(end, all);
  if (values_.size() < all) values_.resize(all);
  for (size_t i = 0; i < rows_.size(); ++i) {
    if (draft->numbers[i] == draft->plain_number) continue;
    const Row& row = rows_[i];
    const TemplatePlan::Template& one = plan.templates[draft->numbers[i]];
    const PlannedMark* mark = plan.marks.data() + plan.skeletons[row.skeleton].first_mark;
    for (size_t m = 0; m < one.columns.size(); ++m, ++mark) {
      values_[ends[mark->column]++] = ValueAt(row, *mark);
    }
  }
  draft->columns.resize(plan.columns.size());
  size_t begin = 0;
  for (size_t c = 0; c < draft->columns.size(); ++c) {
    Column& column = draft->columns[c];
    column.mark = plan.columns[c];
    column.values = std::span(values_).subspan(begin, ends[c] - begin);
    begin = ends[c];
    SettleColumn(&column);
  }
}

// What all values begin with is no variable.
void LogPageBuilder::SettleColumn(Column* column) const {
  const Variable& first = column->values.front();
  column->constant =
      std::all_of(column->values.begin(), column->values.end(), [&](const Variable& one) {
        return one.number == first.number && one.size == first.size && TextOf(one) == TextOf(first);
      });
  if (column->constant) {
    column->prefix = TextOf(first);
    return;
  }
  if (column->mark == kNumberMark) return;
  std::string_view prefix = TextOf(first);
  for (const Variable& value : column->values) {
    const std::string_view text = TextOf(value);
    const size_t most = std::min(prefix.size(), text.size() - 1);
    const auto end = std::mismatch(prefix.begin(), prefix.begin() + most, text.begin()).first;
    prefix = prefix.substr(0, static_cast<size_t>(end - prefix.begin()));
    if (prefix.empty()) return;
  }
  column->prefix = prefix;
  for (Variable& value : column->values) {
    value.begin += static_cast<uint32_t>(prefix.size());
    value.size -= static_cast<uint32_t>(prefix.size());
  }
}

void LogPageBuilder::WriteTexts(Draft* draft) const {
  for (const TemplatePlan::Template& one : draft->plan->templates) {
    std::string text;
    std::vector<uint32_t> columns;
    size_t place = 0;
    for (const char c : one.text) {
      if (!IsMark(c)) {
        text.push_back(c);
        continue;
      }
      const uint32_t number = one.columns[place++];
      const Column& column = draft->columns[number];
      text += column.prefix;
      if (column.constant) continue;
      text.push_back(c);
      columns.push_back(number);
    }
    draft->texts.push_back(std::move(text));
    draft->varying.push_back(std::move(columns));
  }
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

void LogPageBuilder::PutPlain(const Draft& draft, Value* head, Value* lines,
                              Summary* summary) const {
  std::string text;
  std::vector<uint64_t> sizes;
  for (const uint32_t row : draft.plain) {
    text += LineOf(rows_[row]);
    summary->filter.Add(LineOf(rows_[row]));
    sizes.push_back(rows_[row].size);
  }
  EncodeIntColumn(sizes, &head->directory, &head->units);
  lines->units.Add(text);
  summary->filtered = true;
}

VariableShape LogPageBuilder::ShapeOf(const Column& column) const {
  VariableShape shape;
  shape.least = column.values.front().size;
  for (const Variable& one : column.values) {
    shape.least = std::min(shape.least, one.size);
    shape.largest = std::max(shape.largest, one.size);
  }
  if (column.mark == kTextMark) shape.classes = kTextClasses;
  if (column.mark == kWordMark) {
    for (const Variable& one : column.values) shape.classes |= ClassesOf(TextOf(one));
  }
  if (column.mark != kNumberMark) return shape;
  shape.classes = kDigitClass;
  shape.numbers = true;
  shape.lowest = shape.highest = column.values.front().number;
  for (const Variable& one : column.values) {
    shape.lowest = std::min(shape.lowest, one.number);
    shape.highest = std::max(shape.highest, one.number);
  }
  return shape;
}

void LogPageBuilder::PutColumns(const Draft& draft, Value* head, Value* lines,
                                Summary* summary) const {
  DictionaryBuilder dictionary;
  for (const Column& column : draft.columns) {
    if (column.constant) continue;
    const VariableShape shape = ShapeOf(column);
    PutU8(shape.classes, &head->directory);
    PutVarint(shape.largest, &head->directory);
    summary->outline.columns.push_back(
        {.shape = shape, .rows = static_cast<uint32_t>(column.values.size())});
    VariableContent content = VariableContent::kTexts;
    if (column.mark == kNumberMark) content = VariableContent::kNumbers;
    if (column.mark == kWordMark) content = VariableContent::kWords;
    EncodeVariableColumn(text_, column.values, content, &dictionary, &lines->directory,
                         &lines->units);
  }
  dictionary.Finish(&lines->directory, &lines->units);
  for (const std::string_view one : dictionary.texts()) summary->filter.Add(one);
  summary->filtered |= !dictionary.texts().empty();
}

// Templates, then the families of those that have the same columns.
void LogPageBuilder::PutTemplates(Draft* draft, Value* head, Value* lines, Summary* summary) const {
  // Columns that do not vary are gone.
  std::vector<uint32_t> places;
  uint32_t count = 0;
  for (const Column& column : draft->columns) places.push_back(column.constant ? count : count++);
  PutVarint(count, &head->directory);
  PutColumns(*draft, head, lines, summary);

  const size_t patterns = draft->texts.size();
  const bool plain = !draft->plain.empty();
  PutVarint(patterns + (plain ? 1 : 0), &head->directory);
  EncodeIntColumn(draft->numbers, &head->directory, &head->units);
  std::vector<Family> families;
  std::map<std::vector<uint32_t>, uint32_t> known;
  for (size_t i = 0; i < patterns; ++i) {
    const std::vector<uint32_t>& columns = draft->varying[i];
    const auto [at, added] = known.try_emplace(columns, static_cast<uint32_t>(families.size()));
    if (added) families.push_back({.columns = columns, .sizes = {}});
    draft->families.push_back(at->second);
    PutU8(static_cast<uint8_t>(TemplateKind::kPattern), &head->directory);
    PutVarint(draft->plan->templates[i].lines, &head->directory);
    PutVarint(draft->texts[i].size(), &head->directory);
    PutVarint(at->second, &head->directory);
    summary->outline.templates.push_back({.text = static_cast<uint32_t>(i), .family = at->second});
  }
  if (plain) {
    PutU8(static_cast<uint8_t>(TemplateKind::kPlain), &head->directory);
    PutVarint(draft->plain.size(), &head->directory);
    PutPlain(*draft, head, lines, summary);
    summary->outline.plain = true;
  }
  for (size_t i = 0; i < rows_.size(); ++i) {
    const uint64_t number = draft->numbers[i];
    if (number == draft->plain_number) continue;
    Family& family = families[draft->families[number]];
    family.sizes.push_back(rows_[i].size - (draft->texts[number].size() - family.columns.size()));
  }
  PutVarint(families.size(), &head->directory);
  for (const Family& family : families) {
    PutVarint(family.columns.size(), &head->directory);
    int64_t expected = 0;
    std::vector<uint32_t>& columns = summary->outline.families.emplace_back();
    for (const uint32_t column : family.columns) {
      PutZigzag(places[column] - expected, &head->directory);
      expected = places[column] + 1;
      columns.push_back(places[column]);
    }
    EncodeIntColumn(family.sizes, &head->directory, &head->units);
  }
}

void LogPageBuilder::PutMetadata(Value* metadata) const {
  PutVarint(metadata_sets_.size(), &metadata->directory);
  EncodeIntColumn(metadata_, &metadata->directory, &metadata->units);
  std::string sets;
  for (const std::string& set : metadata_sets_) PutBytes(set, &sets);
  metadata->units.Add(sets);
}

LogPageSections LogPageBuilder::Encode(Draft draft) {
  Value head(&compressor_), lines(&compressor_);
  PutTimes(&head);
  Summary summary;
  PutTemplates(&draft, &head, &lines, &summary);
  LogPageSections sections;
  sections.outline = std::move(summary.outline);
  sections.texts = std::move(draft.texts);
  if (summary.filtered) sections.filter = summary.filter.Finish();
  std::string first;
  PutSummary(&first);
  PutU8(sections.outline.classes(), &first);
  PutVarint(std::accumulate(sections.texts.begin(), sections.texts.end(), uint64_t{0},
                            [](uint64_t sum, const std::string& one) { return sum + one.size(); }),
            &first);
  for (const std::string& text : sections.texts) first += text;
  PutBytes(sections.filter, &first);
  sections.head = head.Finish();
  sections.head.insert(sections.head.begin(), std::move(first));
  sections.lines = lines.Finish();
  return sections;
}

LogPageSections LogPageBuilder::Finish() {
  Draft draft = PlanRows();
  const bool doubtful = HasManyTexts(draft);
  LogPageSections sections = Encode(std::move(draft));
  if (doubtful && compressor_.Compress(text_).size() < sections.lines.back().size()) {
    sections = Encode(PlainRows());
  }
  if (HasMetadata()) {
    Value metadata(&compressor_);
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
  skeleton_texts_.clear();
  metadata_numbers_.clear();
  metadata_sets_.clear();
  metadata_.clear();
  prose_ = false;
}

}  // namespace tidegate::storage
