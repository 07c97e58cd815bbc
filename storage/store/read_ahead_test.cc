// Selections on several threads, from the store's door: the answers are those of one thread.
#include "storage/store/read_ahead.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "storage/page/segment_builder.h"
#include "storage/store/store_fixture.h"

namespace tidegate::storage {
namespace {

const model::TimestampMs kRecent = SpanContaining(kTestNow, 2 * kHourMs).begin - 2 * kHourMs;
constexpr int64_t kMs = 1'000'000;
using Kind = LineTest::Kind;

// Three threads for every call, and how many calls there were.
class ThreeThreads final : public LentThreads {
 public:
  size_t most() const override { return 3; }
  void ForEach(size_t count, const WorkFn& fn) override {
    std::atomic<size_t> next{0};
    const auto work = [&](size_t worker) {
      for (size_t i = next++; i < count; i = next++) fn(worker, i);
    };
    std::thread second(work, 1), third(work, 2);
    work(0);
    second.join();
    third.join();
    calls += count;
  }
  size_t calls = 0;
};

LogSelection Selection(std::vector<LineTest> tests) {
  LogSelection selection;
  selection.range = {kRecent * kMs, (kRecent + kHourMs) * kMs};
  selection.tests = std::move(tests);
  return selection;
}

class ReadAheadTest : public StoreFixture {
 protected:
  // Eight segments of four streams; some begin before the last one ends. A large stream has several
  // pages in some.
  void SetUp() override {
    StoreFixture::SetUp();
    std::mt19937_64 random(1);
    for (uint64_t s = 0; s < 8; ++s) {
      SegmentBuilder builder({.tenant = "default",
                              .origin = SegmentOrigin::kCut,
                              .position = {100 + s},
                              .producer = 1,
                              .span = {}},
                             PartitionFor(kRecent, clock_.NowMs()));
      for (int app = 0; app < 4; ++app) {
        const int64_t first = static_cast<int64_t>(s) * 100'000 - (s % 3 == 2 ? 30'000 : 0);
        AddStream(&builder, app, first, app == 1 && s % 4 == 1 ? 34'000 : 300, &random);
      }
      auto segment = builder.Finish();
      EXPECT_TRUE(segment.ok()) << segment.status();
      EXPECT_TRUE(TryCommit(1, 100 + s, {*std::move(segment)}).ok());
    }
  }

  void AddStream(SegmentBuilder* builder, int app, int64_t first, int count,
                 std::mt19937_64* random) {
    std::vector<std::string> lines;
    for (int i = 0; i < count; ++i) {
      const uint64_t drawn = (*random)();
      lines.push_back(i % 3 == 0 ? "took " + std::to_string(drawn % 500) + " ms, id " +
                                       std::to_string(drawn)
                                 : "job " + std::to_string(i) + " of app " + std::to_string(app) +
                                       (drawn % 50 == 0 ? " failed" : " is done"));
    }
    std::vector<model::LogEntryView> entries;
    for (int i = 0; i < count; ++i) {
      entries.push_back({(kRecent + first) * kMs + int64_t{i} * 100'000 * kMs / count,
                         lines[static_cast<size_t>(i)],
                         {}});
    }
    const model::Labels labels{{"app", std::to_string(app)}};
    ASSERT_TRUE(builder->AddStream(labels.view(), entries).ok());
  }

  using Row = std::tuple<std::string, model::TimestampNs, uint32_t, std::string>;
  std::vector<Row> Ask(LogSelection selection, LentThreads* threads) {
    selection.threads = threads;
    Collect<LogBatch> found;
    const absl::Status status = store_->SelectLogs(ContextOf("default"), selection, found);
    EXPECT_TRUE(status.ok()) << status;
    std::vector<Row> rows;
    for (const LogBatch& batch : found.items) {
      for (size_t i = 0; i < batch.timestamps.size(); ++i) {
        rows.emplace_back(std::string(batch.stream->Get("app")), batch.timestamps[i],
                          batch.line_sizes.empty() ? 0 : batch.line_sizes[i],
                          std::string(batch.lines.empty() ? "" : batch.lines[i]));
      }
    }
    return rows;
  }
};

TEST_F(ReadAheadTest, AnswersAreThoseOfOneThread) {
  const std::vector<std::vector<LineTest>> tests = {
      {},
      {{Kind::kContains, {"failed"}, false}},
      {{Kind::kContains, {"took 7"}, false}, {Kind::kContains, {"8"}, true}},
      {{Kind::kMatches, {"took [0-9]{2} .*7$"}, false}},
      {{Kind::kMatches, {"job .*(failed|[13]4 )"}, false}, {Kind::kContains, {"app 2"}, true}},
      {{Kind::kContains, {"nowhere to be found"}, false}},
      {{Kind::kContains, {"98761234567"}, false}}};
  ThreeThreads threads;
  for (const std::vector<LineTest>& one : tests) {
    for (const LineColumn lines : {LineColumn::kSizes, LineColumn::kLines}) {
      for (const LogOrder order : {LogOrder::kForward, LogOrder::kBackward}) {
        for (const uint64_t limit : {0, 100}) {
          LogSelection selection = Selection(one);
          selection.lines = lines;
          selection.order = order;
          selection.limit = limit;
          EXPECT_EQ(Ask(selection, &threads), Ask(selection, nullptr));
        }
      }
    }
  }
  EXPECT_GT(threads.calls, 100u);
}

TEST_F(ReadAheadTest, AfterAMergeToo) {
  ASSERT_TRUE(store_->RunMaintenance().ok());
  ASSERT_LT(StatsOf(*store_).segments, 8u);
  ThreeThreads threads;
  LogSelection selection = Selection({{Kind::kMatches, {"[0-9]{3} ms.*[13]$"}, false}});
  const auto rows = Ask(selection, &threads);
  EXPECT_FALSE(rows.empty());
  EXPECT_EQ(rows, Ask(selection, nullptr));
}

TEST_F(ReadAheadTest, ACancelledRequestEnds) {
  ThreeThreads threads;
  LogSelection selection = Selection({{Kind::kContains, {"98761234567"}, false}});
  selection.threads = &threads;
  const model::RequestContext context = ContextOf("default");
  context.Cancel();
  Collect<LogBatch> found;
  EXPECT_TRUE(absl::IsCancelled(store_->SelectLogs(context, selection, found)));
}

}  // namespace
}  // namespace tidegate::storage
