#include "model/relabel.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "fmt/format.h"

namespace tidegate::model {
namespace {

struct ActionName {
  std::string_view name;
  RelabelAction action;
};

constexpr ActionName kActions[] = {
    {"replace", RelabelAction::kReplace},     {"lowercase", RelabelAction::kLowercase},
    {"uppercase", RelabelAction::kUppercase}, {"keep", RelabelAction::kKeep},
    {"drop", RelabelAction::kDrop},           {"keepequal", RelabelAction::kKeepEqual},
    {"dropequal", RelabelAction::kDropEqual}, {"hashmod", RelabelAction::kHashMod},
    {"labelmap", RelabelAction::kLabelMap},   {"labeldrop", RelabelAction::kLabelDrop},
    {"labelkeep", RelabelAction::kLabelKeep},
};

// ASCII, as label values that are compared by machines are; other bytes stay.
std::string Lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::string Upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

// The last eight bytes of the MD5, big-endian.
uint64_t Md5Tail(std::string_view text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), digest, &size, EVP_md5(), nullptr);
  uint64_t tail = 0;
  for (unsigned int i = 8; i < 16; ++i) tail = tail << 8 | digest[i];
  return tail;
}

bool NeedsTarget(RelabelAction action) {
  switch (action) {
    case RelabelAction::kReplace:
    case RelabelAction::kLowercase:
    case RelabelAction::kUppercase:
    case RelabelAction::kHashMod:
    case RelabelAction::kKeepEqual:
    case RelabelAction::kDropEqual:
      return true;
    default:
      return false;
  }
}

// Actions on names look at nothing but the names.
bool IsOnlyRegex(const RelabelConfig& config) {
  const RelabelConfig defaults;
  return config.source_labels.empty() && config.target_label.empty() && config.modulus == 0 &&
         config.separator == defaults.separator && config.replacement == defaults.replacement;
}

bool ComparesLabels(const RelabelConfig& config) {
  const RelabelConfig defaults;
  return config.regex == defaults.regex && config.modulus == 0 &&
         config.separator == defaults.separator && config.replacement == defaults.replacement;
}

absl::Status Check(const RelabelConfig& config, std::string_view name) {
  const RelabelAction action = config.action;
  if (action == RelabelAction::kHashMod && config.modulus == 0) {
    return absl::InvalidArgumentError(
        "relabel configuration for hashmod action requires non-zero modulus");
  }
  if (NeedsTarget(action) && config.target_label.empty()) {
    return absl::InvalidArgumentError(
        fmt::format("relabel configuration for {} action requires 'target_label' value", name));
  }
  const bool equal = action == RelabelAction::kKeepEqual || action == RelabelAction::kDropEqual;
  if (equal && !ComparesLabels(config)) {
    return absl::InvalidArgumentError(fmt::format(
        "{} action requires only 'source_labels' and `target_label`, and no other fields", name));
  }
  const bool names = action == RelabelAction::kLabelDrop || action == RelabelAction::kLabelKeep;
  if (names && !IsOnlyRegex(config)) {
    return absl::InvalidArgumentError(
        fmt::format("{} action requires only 'regex', and no other fields", name));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<RelabelAction> ParseRelabelAction(std::string_view name) {
  const std::string lower = Lower(std::string(name));
  for (const ActionName& action : kActions) {
    if (action.name == lower) return action.action;
  }
  return absl::InvalidArgumentError(fmt::format("unknown relabel action \"{}\"", name));
}

std::string_view RelabelActionName(RelabelAction action) {
  return std::find_if(std::begin(kActions), std::end(kActions),
                      [action](const ActionName& one) { return one.action == action; })
      ->name;
}

absl::StatusOr<RelabelRule> RelabelRule::Compile(RelabelConfig config) {
  if (absl::Status status = Check(config, RelabelActionName(config.action)); !status.ok())
    return status;
  auto regex = RegexReplacement::Compile(config.regex, config.replacement);
  if (!regex.ok()) {
    return absl::InvalidArgumentError(
        fmt::format("regex \"{}\": {}", config.regex, std::string(regex.status().message())));
  }
  return RelabelRule(std::move(config), *std::move(regex));
}

std::string RelabelRule::SourceValue(const LabelsBuilder& labels) const {
  std::string value;
  for (size_t i = 0; i < config_.source_labels.size(); ++i) {
    if (i > 0) value += config_.separator;
    value += labels.Get(config_.source_labels[i]);
  }
  return value;
}

// The target's name may itself be made of groups; a name that comes out invalid changes nothing.
void RelabelRule::Replace(std::string_view value, LabelsBuilder* labels) const {
  std::string target;
  if (!regex_.Apply(value, config_.target_label, &target)) return;
  if (target.empty() || !IsValidUtf8(target)) return;
  std::string replaced;
  regex_.Apply(value, &replaced);
  labels->Set(target, replaced);
}

void RelabelRule::MapNames(LabelsBuilder* labels) const {
  const Labels before = labels->Build();
  std::string name;
  for (const Label& label : before) {
    if (regex_.Apply(label.name, &name)) labels->Set(name, label.value);
  }
}

void RelabelRule::FilterNames(bool keep_matching, LabelsBuilder* labels) const {
  const Labels before = labels->Build();
  for (const Label& label : before) {
    if (regex_.Matches(label.name) != keep_matching) labels->Erase(label.name);
  }
}

bool RelabelRule::Apply(LabelsBuilder* labels) const {
  const std::string value = SourceValue(*labels);
  switch (config_.action) {
    case RelabelAction::kDrop:
      return !regex_.Matches(value);
    case RelabelAction::kKeep:
      return regex_.Matches(value);
    case RelabelAction::kDropEqual:
      return labels->Get(config_.target_label) != value;
    case RelabelAction::kKeepEqual:
      return labels->Get(config_.target_label) == value;
    case RelabelAction::kReplace:
      Replace(value, labels);
      return true;
    case RelabelAction::kLowercase:
      labels->Set(config_.target_label, Lower(value));
      return true;
    case RelabelAction::kUppercase:
      labels->Set(config_.target_label, Upper(value));
      return true;
    case RelabelAction::kHashMod:
      labels->Set(config_.target_label, fmt::format("{}", Md5Tail(value) % config_.modulus));
      return true;
    case RelabelAction::kLabelMap:
      MapNames(labels);
      return true;
    case RelabelAction::kLabelDrop:
      FilterNames(false, labels);
      return true;
    case RelabelAction::kLabelKeep:
      FilterNames(true, labels);
      return true;
  }
  return true;
}

bool Relabel(const std::vector<RelabelRule>& rules, LabelsBuilder* labels) {
  return std::all_of(rules.begin(), rules.end(),
                     [labels](const RelabelRule& rule) { return rule.Apply(labels); });
}

}  // namespace tidegate::model
