// Which fields of a line a query needs: parsers neither decode nor deliver others.
#ifndef TIDEGATE_QUERY_LOGQL_LINES_WANTED_FIELDS_H_
#define TIDEGATE_QUERY_LOGQL_LINES_WANTED_FIELDS_H_

#include <string>
#include <string_view>
#include <vector>

namespace tidegate::logql {

// Immutable, so that threads may share it. A query needs a handful of names: a scan of a short list
// beats a hash of every field's name.
class WantedFields {
 public:
  // Every field.
  WantedFields() = default;
  // Only those of these names (label names, as parsers deliver them).
  explicit WantedFields(std::vector<std::string> names);

  bool everything() const { return everything_; }
  // How many names there are; 0 with everything() false: no field at all.
  size_t size() const { return names_.size(); }
  const std::vector<std::string>& names() const { return names_; }
  bool Wants(std::string_view name) const;
  // Whether a name that begins with `prefix` and '_' is wanted: else an object need not be entered.
  bool WantsBelow(std::string_view prefix) const;

 private:
  bool everything_ = true;
  std::vector<std::string> names_;  // Without repetition.
};

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_LINES_WANTED_FIELDS_H_
