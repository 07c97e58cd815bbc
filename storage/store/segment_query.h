// Answers selections over a set of segments.
#ifndef TIDEGATE_STORAGE_STORE_SEGMENT_QUERY_H_
#define TIDEGATE_STORAGE_STORE_SEGMENT_QUERY_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "model/request_context.h"
#include "storage/log_source.h"
#include "storage/page/log_outline_cache.h"
#include "storage/series_source.h"
#include "storage/store/index_cache.h"
#include "storage/store/read_ahead.h"
#include "storage/store/segment_set.h"
#include "storage/store/series_join.h"
#include "storage/store/stream_merge.h"

namespace tidegate::storage {

// One request's view: the segments of its tenant, ascending by rank. Owned by one thread; what it
// points to must outlive it. Damaged pages are noted and left out.
class SegmentQuery {
 public:
  struct Input {
    const model::RequestContext* context = nullptr;
    SegmentList segments;
    DeletionList deletions;  // Those that may concern them.
    IndexCache* indexes = nullptr;
    DamageLog* damage = nullptr;
    LogOutlineCache* outlines = nullptr;
    std::atomic<uint64_t>* conflicts = nullptr;  // Points that lost against an earlier value.
  };
  explicit SegmentQuery(Input input) : input_(std::move(input)) {}

  // As in SeriesSource.
  absl::Status Select(const Selection& selection, Sink<SelectedSeries>& sink);
  absl::Status SelectExemplars(const Selection& selection, Sink<SelectedExemplars>& sink);
  absl::StatusOr<std::vector<model::Labels>> Series(const LabelQuery& query);
  // Of metric series or of log streams.
  absl::StatusOr<std::vector<std::string>> LabelNames(PageKind index_kind, const LabelQuery& query);
  absl::StatusOr<std::vector<std::string>> LabelValues(PageKind index_kind,
                                                       const std::string& label_name,
                                                       const LabelQuery& query);
  // As in LogSource; `oldest` is the first millisecond that retention does not hide.
  absl::Status SelectLogs(const LogSelection& selection, model::TimestampMs oldest,
                          Sink<LogBatch>& sink);
  absl::StatusOr<std::vector<StreamVolume>> StreamVolumes(const StreamQuery& query,
                                                          model::TimestampMs oldest);

 private:
  // What will be read of log streams; nothing when they are not what is walked.
  struct LogWalk {
    const LogRead* read = nullptr;
    ReadAhead* ahead = nullptr;  // With tests on lines.
  };
  // Segments in which no line passes are left out.
  absl::StatusOr<SeriesJoin> Join(PageKind index_kind, const Selection& selection,
                                  const LogWalk& logs, TimeColumnPool* pool);
  absl::StatusOr<std::vector<JoinInput>> Match(PageKind index_kind, const Selection& selection);
  // Gives every input a reader.
  absl::Status OpenReaders(PageKind index_kind, const LogWalk& logs, TimeColumnPool* pool,
                           std::vector<JoinInput>* inputs);
  absl::Status DropExcluded(const LogWalk& logs, std::vector<JoinInput>* inputs);
  absl::StatusOr<std::unique_ptr<LogPageScreen>> ScreenOf(const Segment& segment,
                                                          const LogWalk& logs);
  // Calls fn for every label set that is found.
  absl::Status Walk(PageKind index_kind, const Selection& selection, const LogWalk& logs,
                    const std::function<absl::Status(SeriesJoin&, TimeColumnPool*)>& series_fn);
  // Calls fn for every stream that may have entries that are wanted, with what holds them.
  absl::Status WalkStreams(
      const std::vector<model::CompiledMatcher>& matchers, const LogWalk& logs,
      const std::function<absl::Status(SeriesJoin&, std::vector<StreamMerge::Input>)>& stream_fn);
  // Calls fn with every segment's index and the union of its matching series.
  using MatchFn = std::function<absl::Status(const SeriesIndex&, const std::vector<uint32_t>&)>;
  absl::Status ForEachMatch(PageKind index_kind, const LabelQuery& query, const MatchFn& match_fn);

  Input input_;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_STORE_SEGMENT_QUERY_H_
