// What a SeriesSource hands out, as pieces of bounded size, and back.
#ifndef TIDEGATE_STORAGE_GRPC_SERIES_MESSAGES_H_
#define TIDEGATE_STORAGE_GRPC_SERIES_MESSAGES_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "proto/tidegate/series.pb.h"
#include "storage/series_source.h"

namespace tidegate::storage {

// A piece ends after this many points of a kind, or when what has no fixed size (histograms, lines,
// labels of exemplars) has passed this many bytes: by one item at most.
inline constexpr size_t kMaxPointsPerPiece = 32 << 10;
inline constexpr size_t kMaxPieceBytes = 1 << 20;

// InvalidArgument when a matcher does not compile.
absl::StatusOr<Selection> FromWire(const v1::Selection& selection);
void ToWire(const Selection& selection, v1::Selection* out);
absl::StatusOr<LabelQuery> FromWire(const v1::LabelQuery& query);
void ToWire(const LabelQuery& query, v1::LabelQuery* out);

// Cuts an item into pieces, at least one, and passes each on. An error of `piece_fn` ends it.
absl::Status ToPieces(const SelectedSeries& series,
                      const std::function<absl::Status(v1::Series)>& piece_fn);
absl::Status ToPieces(const SelectedExemplars& series,
                      const std::function<absl::Status(v1::ExemplarSeries)>& piece_fn);

// Joins pieces again: an item goes to the sink when the next one begins, the last one with Finish.
// Nothing that a peer sent is trusted: Internal when a piece makes no sense; otherwise what the
// sink says. After an error no more calls. Owned by one thread.
//
// Series that follow each other and carry the same timestamps share one column.
class SeriesJoiner {
 public:
  explicit SeriesJoiner(Sink<SelectedSeries>* sink) : sink_(sink) {}
  absl::Status Add(const v1::Series& piece);
  absl::Status Finish();

 private:
  absl::Status AddFloats(const v1::Series& piece);
  absl::Status AddHistograms(const v1::Series& piece);

  Sink<SelectedSeries>* sink_;
  std::optional<SelectedSeries> open_;
  std::vector<model::TimestampMs> timestamps_;  // Of the open series.
  TimeColumn last_column_;
};

class ExemplarJoiner {
 public:
  explicit ExemplarJoiner(Sink<SelectedExemplars>* sink) : sink_(sink) {}
  absl::Status Add(const v1::ExemplarSeries& piece);
  absl::Status Finish();

 private:
  Sink<SelectedExemplars>* sink_;
  std::optional<SelectedExemplars> open_;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_GRPC_SERIES_MESSAGES_H_
