#include "query/logql/pipeline/compile_stage.h"

#include <re2/re2.h>
#include <string.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "model/matcher.h"
#include "query/logql/lines/line_pattern.h"
#include "query/logql/pipeline/address_pattern.h"
#include "query/logql/pipeline/label_condition.h"
#include "query/logql/template/template.h"

namespace tidegate::logql {
namespace {

using RunnerPtr = std::unique_ptr<StageRunner>;

bool IsNegated(LineFilterOp op) {
  return op == LineFilterOp::kContainsNot || op == LineFilterOp::kMatchesNot ||
         op == LineFilterOp::kPatternNot;
}

bool IsPattern(LineFilterOp op) {
  return op == LineFilterOp::kPattern || op == LineFilterOp::kPatternNot;
}

// A line filter that the source cannot test: with patterns or addresses, or behind other stages.
class LineFilterStage : public StageRunner {
 public:
  static absl::StatusOr<RunnerPtr> Compile(const LineFilter& filter) {
    auto stage = std::make_unique<LineFilterStage>();
    stage->negated_ = IsNegated(filter.op);
    for (const LineFilter::Alternative& one : filter.alternatives) {
      if (absl::Status status = stage->Add(filter.op, one); !status.ok()) return status;
    }
    return stage;
  }

  bool Run(StageEntry* entry) override { return Found(entry->line) != negated_; }

 private:
  absl::Status Add(LineFilterOp op, const LineFilter::Alternative& one) {
    if (one.is_ip) {
      absl::StatusOr<AddressPattern> address = AddressPattern::Parse(one.text);
      if (!address.ok()) return address.status();
      addresses_.push_back(*std::move(address));
    } else if (IsPattern(op)) {
      absl::StatusOr<std::vector<PatternNode>> pattern = ParseLineFilterPattern(one.text);
      if (!pattern.ok()) return pattern.status();
      patterns_.push_back(*std::move(pattern));
    } else if (op == LineFilterOp::kMatches || op == LineFilterOp::kMatchesNot) {
      auto regex = std::make_unique<const re2::RE2>(one.text, re2::RE2::Quiet);
      if (!regex->ok()) return absl::InvalidArgumentError(regex->error());
      expressions_.push_back(std::move(regex));
    } else {
      texts_.push_back(one.text);
    }
    return absl::OkStatus();
  }

  bool Found(std::string_view line) const {
    // Unlike find, glibc's memmem is vectorised.
    const auto in_line = [line](const std::string& text) {
      return text.empty() || memmem(line.data(), line.size(), text.data(), text.size()) != nullptr;
    };
    const auto matches = [line](const auto& regex) {
      return re2::RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), *regex);
    };
    return std::any_of(texts_.begin(), texts_.end(), in_line) ||
           std::any_of(expressions_.begin(), expressions_.end(), matches) ||
           std::any_of(patterns_.begin(), patterns_.end(),
                       [line](const auto& pattern) { return MatchesPattern(pattern, line); }) ||
           std::any_of(addresses_.begin(), addresses_.end(),
                       [line](const AddressPattern& address) { return address.FoundIn(line); });
  }

  bool negated_ = false;
  std::vector<std::string> texts_;
  std::vector<std::unique_ptr<const re2::RE2>> expressions_;
  std::vector<std::vector<PatternNode>> patterns_;
  std::vector<AddressPattern> addresses_;
};

class ConditionStage : public StageRunner {
 public:
  explicit ConditionStage(std::unique_ptr<const LabelCondition> condition)
      : condition_(std::move(condition)) {}
  bool Run(StageEntry* entry) override { return condition_->Holds(entry->labels); }

 private:
  const std::unique_ptr<const LabelCondition> condition_;
};

constexpr std::string_view kTemplateError = "TemplateFormatErr";

// An entry as templates see it.
class EntryInput final : public TemplateInput {
 public:
  explicit EntryInput(const StageEntry& entry) : entry_(entry) {}
  std::string_view line() const override { return entry_.line; }
  std::string_view Label(std::string_view name) const override { return entry_.labels->Get(name); }
  std::vector<std::pair<std::string_view, std::string_view>> Labels() const override {
    std::vector<std::pair<std::string_view, std::string_view>> labels;
    for (const EntryLabels::Item& item : entry_.labels->items()) {
      if (!item.erased) labels.emplace_back(item.name, item.value);
    }
    for (const std::string_view name : {kErrorLabel, kErrorDetailsLabel}) {
      if (entry_.labels->Has(name)) labels.emplace_back(name, entry_.labels->Get(name));
    }
    std::sort(labels.begin(), labels.end());
    return labels;
  }
  absl::Time timestamp() const override { return absl::FromUnixNanos(entry_.timestamp); }
  absl::Time now() const override { return absl::Now(); }  // What {{now}} is for.

 private:
  const StageEntry& entry_;
};

absl::Status Render(const Template& format, const StageEntry& entry, std::string* text) {
  text->clear();
  return format.Render(EntryInput(entry), text);
}

// Marks an entry on which a template has failed.
bool Mark(const absl::Status& status, EntryLabels* labels) {
  if (!status.ok()) labels->SetError(kTemplateError, std::string(status.message()));
  return status.ok();
}

// A line whose template fails stays as it was.
class LineFormatStage : public StageRunner {
 public:
  explicit LineFormatStage(Template format) : format_(std::move(format)) {}
  bool Run(StageEntry* entry) override {
    std::string& text = texts_[next_];
    if (!Mark(Render(format_, *entry, &text), entry->labels)) return true;
    entry->line = text;
    next_ ^= 1;
    return true;
  }

 private:
  const Template format_;
  std::string texts_[2];  // In turn: a template must not write where it reads.
  int next_ = 0;
};

class LabelFormatStage : public StageRunner {
 public:
  static absl::StatusOr<RunnerPtr> Compile(const LabelFormat& format) {
    auto stage = std::make_unique<LabelFormatStage>();
    for (const LabelFormat::Assignment& one : format.assignments) {
      Assignment& assignment = stage->assignments_.emplace_back();
      assignment.label = one.label;
      assignment.source = one.value;
      if (one.is_rename) continue;
      absl::StatusOr<Template> compiled = Template::Compile("label", one.value);
      if (!compiled.ok()) return compiled.status();
      assignment.format = *std::move(compiled);
    }
    return stage;
  }

  // All templates see the labels as they are when the first of them is met.
  bool Run(StageEntry* entry) override {
    bool rendered = false;
    for (Assignment& one : assignments_) {
      if (!one.format.has_value()) {
        Rename(one, entry->labels);
        continue;
      }
      if (!rendered) RenderAll(*entry);
      rendered = true;
      if (!Mark(one.status, entry->labels)) continue;
      entry->labels->Set(LabelCategory::kParsed, one.label, one.text);
    }
    return true;
  }

 private:
  struct Assignment {
    std::string label;
    std::string source;  // Of a rename.
    std::optional<Template> format;
    // Of the entry at hand.
    std::string text;
    absl::Status status;
  };

  void RenderAll(const StageEntry& entry) {
    for (Assignment& one : assignments_) {
      if (one.format.has_value()) one.status = Render(*one.format, entry, &one.text);
    }
  }

  static void Rename(const Assignment& one, EntryLabels* labels) {
    if (!labels->Has(one.source) || one.source == one.label) return;
    labels->Set(labels->CategoryOf(one.source), one.label, labels->Get(one.source));
    labels->Erase(one.source);
  }

  std::vector<Assignment> assignments_;
};

// Takes terminals' control sequences (ECMA-48 CSI ... m and the like) out of the line.
class DecolorizeStage : public StageRunner {
 public:
  bool Run(StageEntry* entry) override {
    const std::string_view line = entry->line;
    if (line.find('\x1b') == line.npos) return true;
    text_.clear();
    for (size_t at = 0; at < line.size();) {
      const size_t size = SequenceSize(line.substr(at));
      if (size == 0) text_ += line[at];
      at += std::max<size_t>(size, 1);
    }
    entry->line = text_;
    return true;
  }

 private:
  // ESC [ parameters (0x30-0x3f) intermediates (0x20-0x2f) final (0x40-0x7e); 0 when it is none.
  static size_t SequenceSize(std::string_view text) {
    if (!text.starts_with("\x1b[")) return 0;
    size_t at = 2;
    while (at < text.size() && text[at] >= 0x20 && text[at] <= 0x3f) ++at;
    return at < text.size() && text[at] >= 0x40 && text[at] <= 0x7e ? at + 1 : 0;
  }

  std::string text_;
};

struct Choice {
  std::string label;
  std::optional<model::CompiledMatcher> matcher;

  bool Means(std::string_view name, std::string_view value) const {
    return name == label && (!matcher.has_value() || matcher->Matches(value));
  }
};

absl::StatusOr<std::vector<Choice>> CompileChoices(const std::vector<LabelChoice>& choices) {
  std::vector<Choice> compiled;
  for (const LabelChoice& choice : choices) {
    Choice& one = compiled.emplace_back();
    one.label = choice.label;
    if (!choice.matcher.has_value()) continue;
    absl::StatusOr<model::CompiledMatcher> matcher =
        model::CompiledMatcher::Compile(*choice.matcher);
    if (!matcher.ok()) return matcher.status();
    one.matcher = *std::move(matcher);
  }
  return compiled;
}

class DropStage : public StageRunner {
 public:
  explicit DropStage(std::vector<Choice> choices) : choices_(std::move(choices)) {}
  bool Run(StageEntry* entry) override {
    for (const Choice& choice : choices_) {
      EntryLabels& labels = *entry->labels;
      if (labels.Has(choice.label) && choice.Means(choice.label, labels.Get(choice.label))) {
        labels.Erase(choice.label);
      }
    }
    return true;
  }

 private:
  const std::vector<Choice> choices_;
};

class KeepStage : public StageRunner {
 public:
  explicit KeepStage(std::vector<Choice> choices) : choices_(std::move(choices)) {}
  bool Run(StageEntry* entry) override {
    if (choices_.empty()) return true;
    dropped_.clear();
    for (const EntryLabels::Item& item : entry->labels->items()) {
      const bool kept = std::any_of(
          choices_.begin(), choices_.end(),
          [&item](const Choice& choice) { return choice.Means(item.name, item.value); });
      if (!item.erased && !kept) dropped_.emplace_back(item.name);
    }
    for (const std::string& name : dropped_) entry->labels->Erase(name);
    return true;
  }

 private:
  const std::vector<Choice> choices_;
  std::vector<std::string> dropped_;
};

absl::StatusOr<RunnerPtr> CompileLineFormat(const LineFormat& format) {
  absl::StatusOr<Template> compiled = Template::Compile("line", format.format);
  if (!compiled.ok()) return compiled.status();
  return std::make_unique<LineFormatStage>(*std::move(compiled));
}

}  // namespace

absl::StatusOr<RunnerPtr> CompileStage(const Stage& stage, const WantedFields* wanted) {
  absl::StatusOr<RunnerPtr> parser = CompileParser(stage, wanted);
  if (!parser.ok() || *parser != nullptr) return parser;
  if (const auto* filter = std::get_if<LineFilter>(&stage)) {
    return LineFilterStage::Compile(*filter);
  }
  if (const auto* filter = std::get_if<LabelFilterPtr>(&stage)) {
    absl::StatusOr<std::unique_ptr<const LabelCondition>> condition = CompileLabelFilter(**filter);
    if (!condition.ok()) return condition.status();
    return std::make_unique<ConditionStage>(*std::move(condition));
  }
  if (const auto* format = std::get_if<LabelFormat>(&stage)) {
    return LabelFormatStage::Compile(*format);
  }
  if (std::holds_alternative<Decolorize>(stage)) return std::make_unique<DecolorizeStage>();
  if (const auto* format = std::get_if<LineFormat>(&stage)) return CompileLineFormat(*format);
  const auto* const drop = std::get_if<DropLabels>(&stage);
  absl::StatusOr<std::vector<Choice>> choices =
      CompileChoices(drop != nullptr ? drop->labels : std::get<KeepLabels>(stage).labels);
  if (!choices.ok()) return choices.status();
  if (drop != nullptr) return std::make_unique<DropStage>(*std::move(choices));
  return std::make_unique<KeepStage>(*std::move(choices));
}

}  // namespace tidegate::logql
