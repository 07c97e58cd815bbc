#include "ingest/service/guarded_logs.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "ingest/service/fakes.h"

namespace tidegate::ingest {
namespace {

class NoSink final : public storage::Sink<storage::LogBatch> {
 public:
  absl::Status Add(storage::LogBatch) override { return absl::OkStatus(); }
};

// Every call that a source has.
std::vector<absl::Status> CallAll(storage::LogSource& source) {
  const model::RequestContext context;
  NoSink sink;
  return {source.SelectLogs(context, {}, sink), source.StreamVolumes(context, {}).status(),
          source.StreamLabelNames(context, {}).status(),
          source.StreamLabelValues(context, "job", {}).status()};
}

TEST(GuardedLogsTest, IsUnavailableWithTheReasonUntilItIsOpened) {
  FakeLog log;
  FakeHead head(&log);
  GuardedLogs guarded(&head, [] { return std::string("replaying"); });
  for (const absl::Status& status : CallAll(guarded)) {
    EXPECT_EQ(status, absl::UnavailableError("replaying"));
  }
  guarded.Open();
  for (const absl::Status& status : CallAll(guarded)) EXPECT_TRUE(status.ok()) << status;
}

}  // namespace
}  // namespace tidegate::ingest
