#include "control/rules/definition/rule_yaml.h"

#include <fmt/format.h>

#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "model/config/duration.h"

namespace tidegate::control {
namespace {

YamlPlace PlaceOf(const YAML::Node& node) {
  const YAML::Mark mark = node.Mark();
  return {mark.line + 1, mark.column + 1};
}

// As Go's YAML reads a number into an int: 5, 0x10, 010, 1_000, 1e3, 1.5 (which is 1). Nothing for
// a quoted one.
std::optional<int64_t> Integer(const YAML::Node& node) {
  if (!node.IsScalar() || node.Tag() == "!" || node.Tag().ends_with(":str")) return std::nullopt;
  std::string text = node.Scalar();
  std::erase(text, '_');
  if (text.empty() || text.find_first_of(" \t") != text.npos) return std::nullopt;
  char* end = nullptr;
  errno = 0;
  const bool octal = text.starts_with("0o");
  if (octal) text.erase(1, 1);
  const int64_t whole = std::strtoll(text.c_str(), &end, 0);
  if (*end == '\0' && errno == 0) return whole;
  const bool decimal = text.find_first_not_of("0123456789.eE+-") == text.npos;
  const double number = std::strtod(text.c_str(), &end);
  if (!decimal || *end != '\0' || !(std::abs(number) < 9e18)) return std::nullopt;
  return static_cast<int64_t>(number);
}

// Reads one document; all mistakes are kept.
class RuleYaml {
 public:
  explicit RuleYaml(std::vector<std::string>* mistakes) : mistakes_(*mistakes) {}

  void Groups(const YAML::Node& root, std::vector<PlacedGroup>* groups) {
    Fields(root, "rulefmt.RuleGroups", [&](const std::string& name, const YAML::Node& value) {
      if (name != "groups") return false;
      List(value, "[]rulefmt.RuleGroup",
           [&](const YAML::Node& one) { Group(one, &groups->emplace_back()); });
      return true;
    });
  }

  void Group(const YAML::Node& node, PlacedGroup* group) {
    group->place = PlaceOf(node);
    RuleGroupSpec& spec = group->spec;
    Fields(node, "rulefmt.RuleGroup", [&](const std::string& name, const YAML::Node& value) {
      if (name == "name") {
        Text(value, &spec.name);
      } else if (name == "interval") {
        Duration(value, &spec.interval);
      } else if (name == "query_offset") {
        if (!value.IsNull()) Duration(value, &spec.query_offset.emplace());
      } else if (name == "limit") {
        Limit(value, &spec.limit);
      } else if (name == "labels") {
        Texts(value, &spec.labels);
      } else if (name == "rules") {
        List(value, "[]rulefmt.Rule", [&](const YAML::Node& one) {
          Rule(one, &spec.rules.emplace_back(), &group->rules.emplace_back());
        });
      } else {
        return false;
      }
      return true;
    });
  }

 private:
  using ReadField = std::function<bool(const std::string& name, const YAML::Node& value)>;

  void Rule(const YAML::Node& node, RuleSpec* rule, RulePlaces* places) {
    Fields(node, "rulefmt.Rule", [&](const std::string& name, const YAML::Node& value) {
      if (name == "record") {
        Text(value, &rule->record);
        places->record = PlaceOf(value);
      } else if (name == "alert") {
        Text(value, &rule->alert);
        places->alert = PlaceOf(value);
      } else if (name == "expr") {
        Text(value, &rule->expr);
        places->expr = PlaceOf(value);
      } else if (name == "for") {
        Duration(value, &rule->hold);
      } else if (name == "keep_firing_for") {
        Duration(value, &rule->keep_firing);
      } else if (name == "labels") {
        Texts(value, &rule->labels);
      } else if (name == "annotations") {
        Texts(value, &rule->annotations);
      } else {
        return false;
      }
      return true;
    });
  }

  void Fields(const YAML::Node& node, std::string_view type, const ReadField& read) {
    if (node.IsNull() || !node.IsDefined()) return;
    if (!node.IsMap()) return WrongType(node, type);
    std::set<std::string> seen;
    for (const auto& entry : node) {
      const std::string name = entry.first.IsScalar() ? entry.first.Scalar() : "";
      if (!seen.insert(name).second) {
        Add(entry.first, fmt::format("mapping key \"{}\" already defined", name));
      } else if (!read(name, entry.second)) {
        Add(entry.first, fmt::format("field {} not found in type {}", name, type));
      }
    }
  }

  void List(const YAML::Node& node, std::string_view type,
            const std::function<void(const YAML::Node&)>& read) {
    if (node.IsNull()) return;
    if (!node.IsSequence()) return WrongType(node, type);
    for (const YAML::Node& one : node) read(one);
  }

  void Text(const YAML::Node& node, std::string* out) {
    if (node.IsNull()) return;
    if (!node.IsScalar()) return WrongType(node, "string");
    *out = node.Scalar();
  }

  void Texts(const YAML::Node& node, TextMap* out) {
    Fields(node, "map[string]string", [&](const std::string& name, const YAML::Node& value) {
      Text(value, &(*out)[name]);
      return true;
    });
  }

  void Limit(const YAML::Node& node, uint64_t* out) {
    if (node.IsNull()) return;
    const std::optional<int64_t> limit = Integer(node);
    if (!limit.has_value()) return WrongType(node, "int");
    *out = *limit > 0 ? static_cast<uint64_t>(*limit) : 0;
  }

  void Duration(const YAML::Node& node, absl::Duration* out) {
    if (node.IsNull()) return;
    if (!node.IsScalar()) return WrongType(node, "string");
    const absl::StatusOr<absl::Duration> duration = model::ParseDuration(node.Scalar());
    if (duration.ok()) {
      *out = *duration;
    } else if (node.Scalar().empty()) {
      mistakes_.emplace_back("empty duration string");
    } else {
      mistakes_.push_back(fmt::format("not a valid duration string: \"{}\"", node.Scalar()));
    }
  }

  void WrongType(const YAML::Node& node, std::string_view type) {
    if (!node.IsScalar()) {
      Add(node, fmt::format("cannot unmarshal {} into {}", node.IsMap() ? "!!map" : "!!seq", type));
    } else {
      Add(node, fmt::format("cannot unmarshal `{}` into {}", node.Scalar(), type));
    }
  }

  void Add(const YAML::Node& node, const std::string& what) {
    mistakes_.push_back(fmt::format("line {}: {}", PlaceOf(node).line, what));
  }

  std::vector<std::string>& mistakes_;
};

}  // namespace

std::vector<PlacedGroup> ReadRuleGroups(const YAML::Node& root,
                                        std::vector<std::string>* mistakes) {
  std::vector<PlacedGroup> groups;
  RuleYaml(mistakes).Groups(root, &groups);
  return groups;
}

PlacedGroup ReadRuleGroup(const YAML::Node& node, std::vector<std::string>* mistakes) {
  PlacedGroup group;
  RuleYaml(mistakes).Group(node, &group);
  return group;
}

}  // namespace tidegate::control
