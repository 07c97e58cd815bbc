// Label names made of the keys that lines carry (Loki's pkg/logql/log/util.go).
#ifndef TIDEGATE_QUERY_LOGQL_LINES_LABEL_NAME_H_
#define TIDEGATE_QUERY_LOGQL_LINES_LABEL_NAME_H_

#include <string>
#include <string_view>

#include "absl/container/node_hash_map.h"
#include "query/logql/lines/line_arena.h"

namespace tidegate::logql {

// Adds `key` without the blanks around it, '_' for every character (not byte) that no label name
// has. A digit that would begin the name gets a '_' before it. May add nothing.
void AppendLabelName(std::string_view key, std::string* name);

// Names of keys, made once per key. Owned by one thread. Holds at most kMaxNames; lines with ever
// new keys cannot make it grow: their names live in the caller's arena.
class LabelNames {
 public:
  static constexpr size_t kMaxNames = 4096;

  // The name of `key` behind the object that the keys so far led to; `prefix` is that object's name
  // (empty at the top). Lives as long as this object; or as `key`, which is its own name more often
  // than not; or, once this is full, as the arena's line.
  std::string_view Get(std::string_view prefix, std::string_view key, LineArena* arena);

 private:
  absl::node_hash_map<std::string, std::string> names_;  // By prefix, 0, key.
  std::string path_;
};

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_LINES_LABEL_NAME_H_
