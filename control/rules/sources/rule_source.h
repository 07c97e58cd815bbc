// Where rule groups come from, as this process sees it now.
#ifndef TIDEGATE_CONTROL_RULES_SOURCES_RULE_SOURCE_H_
#define TIDEGATE_CONTROL_RULES_SOURCES_RULE_SOURCE_H_

#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "control/rules/evaluation/rule_group.h"
#include "model/config/rules_config.h"
#include "storage/documents.h"

namespace tidegate::control {

using PlacedRules = std::vector<std::pair<RuleGroupKey, RuleGroupSpec>>;

// Rule files of the configuration. A changed one is read at the next Refresh; one that cannot be
// read, or has mistakes, keeps its last good version. Owned by one thread.
class RuleFileSource {
 public:
  void SetFiles(std::vector<model::RuleFilePattern> files);
  // True when something has changed. Mistakes are logged, once for each version of a file.
  bool Refresh();
  PlacedRules Groups() const;
  bool empty() const;

 private:
  struct File {
    std::string state;
    std::vector<RuleGroupSpec> groups;
  };
  // A path under one of the patterns.
  using FileKey = std::pair<model::RuleFilePattern, std::string>;
  struct ByTenantAndPath {
    bool operator()(const FileKey& a, const FileKey& b) const {
      return std::tie(a.first.tenant, a.first.logql, a.second) <
             std::tie(b.first.tenant, b.first.logql, b.second);
    }
  };
  using Files = std::map<FileKey, File, ByTenantAndPath>;

  bool Read(const FileKey& key, File* file) const;

  std::vector<model::RuleFilePattern> patterns_;
  Files files_;
};

// Groups that were set through the ruler API. Owned by one thread.
class RuleDocumentSource {
 public:
  // The documents must outlive it.
  explicit RuleDocumentSource(storage::Documents* documents) : documents_(*documents) {}

  // True when something has changed. While the documents cannot be read what was there stays.
  bool Refresh();
  // Whether they have been read at all.
  bool known() const { return known_; }
  const PlacedRules& Groups() const { return groups_; }

 private:
  storage::Documents& documents_;
  bool known_ = false;
  uint64_t revision_ = 0;
  PlacedRules groups_;
};

// Whether these files can be read and have no mistakes. A pattern with a * may match none.
absl::Status CheckRuleFiles(const std::vector<model::RuleFilePattern>& files);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_RULES_SOURCES_RULE_SOURCE_H_
