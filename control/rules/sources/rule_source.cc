#include "control/rules/sources/rule_source.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "control/discovery/file_discovery.h"
#include "control/rules/definition/rule_file.h"
#include "control/rules/sources/rule_keys.h"

namespace tidegate::control {
namespace {

absl::StatusOr<std::vector<RuleGroupSpec>> ReadRuleFile(const model::RuleFilePattern& pattern,
                                                        const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError(fmt::format("cannot read {}", path));
  const std::string text(std::istreambuf_iterator<char>(file), {});
  auto groups = ParseRuleGroups(
      text, pattern.logql ? query::RuleLanguage::kLogQl : query::RuleLanguage::kPromQl);
  if (groups.ok()) return groups;
  return absl::InvalidArgumentError(
      fmt::format("{}: {}", path, std::string(groups.status().message())));
}

}  // namespace

void RuleFileSource::SetFiles(std::vector<model::RuleFilePattern> files) {
  patterns_ = std::move(files);
}

bool RuleFileSource::Read(const FileKey& key, File* file) const {
  const std::string state = FileState(key.second);
  if (state == file->state) return false;
  file->state = state;
  auto groups = ReadRuleFile(key.first, key.second);
  if (!groups.ok()) {
    spdlog::error("rules: {}", std::string(groups.status().message()));
    return false;
  }
  file->groups = *std::move(groups);
  return true;
}

bool RuleFileSource::Refresh() {
  Files now;
  bool changed = false;
  for (const model::RuleFilePattern& pattern : patterns_) {
    for (const std::string& path : MatchingFiles(pattern.file)) {
      const FileKey key(pattern, path);
      if (now.contains(key)) continue;
      if (auto known = files_.extract(key)) now.insert(std::move(known));
      changed |= Read(key, &now[key]);
    }
  }
  changed |= !files_.empty();  // What is left has gone.
  files_ = std::move(now);
  return changed;
}

bool RuleFileSource::empty() const {
  return std::all_of(files_.begin(), files_.end(),
                     [](const auto& entry) { return entry.second.groups.empty(); });
}

PlacedRules RuleFileSource::Groups() const {
  PlacedRules groups;
  for (const auto& [key, file] : files_) {
    for (const RuleGroupSpec& spec : file.groups) {
      groups.emplace_back(RuleGroupKey{key.first.tenant, key.second, spec.name, spec.language},
                          spec);
    }
  }
  return groups;
}

bool RuleDocumentSource::Refresh() {
  const absl::StatusOr<storage::Document> revision = documents_.Get(kRulesRevision);
  const bool none = absl::IsNotFound(revision.status());
  if (!revision.ok() && !none) return false;
  const uint64_t version = none ? 0 : revision->version;
  if (known_ && version == revision_) return false;
  const auto documents = documents_.List(kRulesCollection, "", /*limit=*/0);
  if (!documents.ok()) return false;
  groups_.clear();
  for (const storage::Document& document : *documents) {
    absl::StatusOr<RuleGroupKey> key = ParseRuleDocumentKey(document.key);
    if (!key.ok()) continue;
    auto spec = ParseRuleGroup(document.value, key->language);
    if (spec.ok()) {
      groups_.emplace_back(*std::move(key), *std::move(spec));
    } else {
      spdlog::error("rules: {}: {}", document.key, std::string(spec.status().message()));
    }
  }
  revision_ = version;
  known_ = true;
  return true;
}

absl::Status CheckRuleFiles(const std::vector<model::RuleFilePattern>& files) {
  for (const model::RuleFilePattern& pattern : files) {
    for (const std::string& path : MatchingFiles(pattern.file)) {
      const auto groups = ReadRuleFile(pattern, path);
      if (!groups.ok()) return groups.status();
    }
  }
  return absl::OkStatus();
}

}  // namespace tidegate::control
