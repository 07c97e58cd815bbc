// The stages of a log query, compiled: what happens to one entry on its way to the answer.
#ifndef TIDEGATE_QUERY_LOGQL_PIPELINE_PIPELINE_H_
#define TIDEGATE_QUERY_LOGQL_PIPELINE_PIPELINE_H_

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "model/log_entry.h"
#include "query/logql/lines/wanted_fields.h"
#include "query/logql/pipeline/entry_labels.h"
#include "query/logql/syntax/ast.h"
#include "storage/log_source.h"

namespace tidegate::logql {

// One entry between two stages.
struct StageEntry {
  model::TimestampNs timestamp = 0;
  std::string_view line;  // Lives until the next entry.
  EntryLabels* labels = nullptr;
};

// One compiled stage. Owned by one thread: it keeps what it needs for one line.
class StageRunner {
 public:
  virtual ~StageRunner() = default;
  // False drops the entry.
  virtual bool Run(StageEntry* entry) = 0;
};

// What becomes of an entry's line behind the stages.
enum class LineUse : uint8_t {
  kRead,
  // Nobody looks at it: stages that only change the line for those behind them are left out.
  kIgnored,
};

// Owned by one thread. Stages run from left to right, after line filters have moved in front of all
// stages but label filters, line_format and unpack (Loki's reorderStages).
class Pipeline {
 public:
  // InvalidArgument: a template, pattern, path or expression that is not valid. `wanted` says which
  // fields of lines are needed; it must outlive the pipeline. Where none is, no line is parsed, so
  // that none can be broken.
  static absl::StatusOr<Pipeline> Compile(const std::vector<Stage>& stages,
                                          const WantedFields* wanted,
                                          LineUse line = LineUse::kRead);

  // What the source can test by itself, in front of everything that is left here.
  const std::vector<storage::LineTest>& line_tests() const { return line_tests_; }
  // Whether nothing is left: entries pass as they are.
  bool empty() const { return runners_.empty(); }
  // Whether a stage that is left looks at the line.
  bool reads_lines() const { return reads_lines_; }

  // False drops the entry. `entry.labels` stands at its beginning (EntryLabels::Begin).
  bool Run(StageEntry* entry) {
    for (const auto& runner : runners_) {
      if (!runner->Run(entry)) return false;
    }
    return true;
  }

 private:
  Pipeline() = default;

  std::vector<storage::LineTest> line_tests_;
  std::vector<std::unique_ptr<StageRunner>> runners_;
  bool reads_lines_ = false;
};

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_PIPELINE_PIPELINE_H_
