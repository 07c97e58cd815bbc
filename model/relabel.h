// Relabelling: rules that rewrite, keep or drop a label set.
//
// Actions and defaults are those of Prometheus 3 (prometheus/model/relabel).
#ifndef TIDEGATE_MODEL_RELABEL_H_
#define TIDEGATE_MODEL_RELABEL_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "model/labels.h"
#include "model/regex_replacement.h"

namespace tidegate::model {

enum class RelabelAction : uint8_t {
  kReplace,
  kLowercase,
  kUppercase,
  kKeep,
  kDrop,
  kKeepEqual,
  kDropEqual,
  kHashMod,
  kLabelMap,
  kLabelDrop,
  kLabelKeep,
};

// "replace", ... as configurations write them; any case.
absl::StatusOr<RelabelAction> ParseRelabelAction(std::string_view name);

std::string_view RelabelActionName(RelabelAction action);  // Lower case.

// A rule as written, with the defaults of what is left out.
struct RelabelConfig {
  std::vector<std::string> source_labels;
  std::string separator = ";";
  std::string regex = "(.*)";
  uint64_t modulus = 0;
  std::string target_label;
  std::string replacement = "$1";
  RelabelAction action = RelabelAction::kReplace;
};

// A rule ready to be applied. Immutable and thread safe.
class RelabelRule {
 public:
  // InvalidArgument says which field does not fit the action.
  static absl::StatusOr<RelabelRule> Compile(RelabelConfig config);

  // Rewrites the labels. False: the whole set is dropped.
  bool Apply(LabelsBuilder* labels) const;

  const RelabelConfig& config() const { return config_; }

 private:
  RelabelRule(RelabelConfig config, RegexReplacement regex)
      : config_(std::move(config)), regex_(std::move(regex)) {}

  std::string SourceValue(const LabelsBuilder& labels) const;
  void Replace(std::string_view value, LabelsBuilder* labels) const;
  void MapNames(LabelsBuilder* labels) const;
  void FilterNames(bool keep_matching, LabelsBuilder* labels) const;

  RelabelConfig config_;
  RegexReplacement regex_;
};

// Applies the rules in order. False as soon as one drops the set.
bool Relabel(const std::vector<RelabelRule>& rules, LabelsBuilder* labels);

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_RELABEL_H_
