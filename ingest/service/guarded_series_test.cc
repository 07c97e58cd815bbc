#include "ingest/service/guarded_series.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "ingest/service/fakes.h"

namespace tidegate::ingest {
namespace {

template <typename Item>
class NoSink final : public storage::Sink<Item> {
 public:
  absl::Status Add(Item) override { return absl::OkStatus(); }
};

// Every call that a source has.
std::vector<absl::Status> CallAll(storage::SeriesSource& source) {
  const model::RequestContext context;
  const storage::Selection selection;
  const storage::LabelQuery query;
  NoSink<storage::SelectedSeries> series;
  NoSink<storage::SelectedExemplars> exemplars;
  return {source.Select(context, selection, series),
          source.SelectExemplars(context, selection, exemplars),
          source.Series(context, query).status(), source.LabelNames(context, query).status(),
          source.LabelValues(context, "job", query).status()};
}

TEST(GuardedSeriesTest, IsUnavailableWithTheReasonUntilItIsOpened) {
  FakeLog log;
  FakeHead head(&log);
  GuardedSeries guarded(&head, [] { return std::string("replaying"); });
  for (const absl::Status& status : CallAll(guarded)) {
    EXPECT_EQ(status, absl::UnavailableError("replaying"));
  }
  guarded.Open();
  for (const absl::Status& status : CallAll(guarded)) EXPECT_TRUE(status.ok()) << status;
}

}  // namespace
}  // namespace tidegate::ingest
