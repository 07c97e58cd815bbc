// What a SeriesSource hands out, as messages of bounded size, and back.
#ifndef TIDEGATE_STORAGE_GRPC_SERIES_MESSAGES_H_
#define TIDEGATE_STORAGE_GRPC_SERIES_MESSAGES_H_

#include <functional>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "proto/tidegate/series.pb.h"
#include "storage/series_source.h"

namespace tidegate::storage {

// Points in one piece of a series or stream; keeps a message far below gRPC's bound.
inline constexpr size_t kMaxPointsPerPiece = 32 << 10;
// Pieces are gathered into one message until it holds about this many points and labels.
inline constexpr size_t kMessageWeight = 64 << 10;

absl::StatusOr<Selection> FromWire(const v1::Selection& selection);
void ToWire(const Selection& selection, v1::Selection* out);
absl::StatusOr<LabelQuery> FromWire(const v1::LabelQuery& query);
void ToWire(const LabelQuery& query, v1::LabelQuery* out);

// Cuts a series into pieces and passes each on.
void ToPieces(const SelectedSeries& series, const std::function<void(v1::Series)>& piece_fn);
void ToPieces(const SelectedStream& stream, const std::function<void(v1::Stream)>& piece_fn);

// Joins pieces again. Owned by one thread. Series that carry the same timestamps share one column.
class SeriesJoiner {
 public:
  explicit SeriesJoiner(Sink<SelectedSeries>* sink) : sink_(sink) {}
  // Internal when the piece makes no sense; otherwise what the sink says.
  absl::Status Add(const v1::Series& piece);
  // After the last piece.
  absl::Status Finish();

 private:
  absl::Status Flush();

  Sink<SelectedSeries>* sink_;
  std::optional<SelectedSeries> open_;
  std::vector<model::TimestampMs> timestamps_;
  TimeColumn last_column_;
};

class StreamJoiner {
 public:
  explicit StreamJoiner(Sink<SelectedStream>* sink) : sink_(sink) {}
  absl::Status Add(const v1::Stream& piece);
  absl::Status Finish();

 private:
  Sink<SelectedStream>* sink_;
  std::optional<SelectedStream> open_;
};

void ToWire(const SelectedExemplars& series, v1::ExemplarSeries* out);
absl::StatusOr<SelectedExemplars> FromWire(const v1::ExemplarSeries& series);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_GRPC_SERIES_MESSAGES_H_
