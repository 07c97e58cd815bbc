// Which fields lines have: for users who want to choose one.
#ifndef TIDEGATE_QUERY_LOGQL_DETECT_FIELD_DETECTOR_H_
#define TIDEGATE_QUERY_LOGQL_DETECT_FIELD_DETECTOR_H_

#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/labels.h"
#include "query/log_query_service.h"
#include "query/logql/lines/json_fields.h"
#include "query/logql/lines/logfmt_fields.h"
#include "query/logql/lines/wanted_fields.h"

namespace tidegate::logql {

// Takes entries of an answer: their structured metadata, the fields that the query's own stages
// read, and those that json or else logfmt read from lines that no stage has parsed. Owned by one
// thread. Memory is bounded by what is taken: callers limit their lines.
class FieldDetector {
 public:
  // `parsers`: those of the query, by name; none: lines are tried with json and logfmt.
  explicit FieldDetector(std::vector<std::string> parsers);

  void Add(const model::Labels& stream_labels, const query::LogResultEntry& entry);

  // Sorted by label, at most `limit`.
  std::vector<query::DetectedField> Fields(size_t limit) const;
  // The different values of one field, sorted, at most `limit`.
  std::vector<std::string> ValuesOf(std::string_view field, size_t limit) const;

 private:
  struct Field {
    std::string type;  // Of the first value.
    std::set<std::string, std::less<>> values;
    std::set<std::string> parsers;
    std::vector<std::string> json_path;
  };

  Field& Take(std::string_view name, std::string_view value);
  void AddLine(const model::Labels& stream_labels, const query::LogResultEntry& entry);

  std::vector<std::string> parsers_;
  JsonFieldParser json_;
  LogfmtFieldParser logfmt_;
  std::map<std::string, Field, std::less<>> fields_;
};

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_DETECT_FIELD_DETECTOR_H_
