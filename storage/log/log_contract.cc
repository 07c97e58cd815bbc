#include "storage/log/log_contract.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <thread>

namespace tidegate::storage {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(30);

absl::Time Soon() { return absl::Now() + kPatience; }

std::vector<std::string> Numbered(int first, int count) {
  std::vector<std::string> frames;
  for (int i = 0; i < count; ++i) frames.push_back(fmt::format("frame {}", first + i));
  return frames;
}

}  // namespace

void LogContractTest::SetUp() { open_ = GetParam().make_opener(); }

Replayed ReplayAll(Log& log, LogPosition from) {
  Replayed replayed;
  replayed.status = log.Replay(
      from,
      [&](LogPosition after, std::string_view frame) {
        replayed.positions.push_back(after);
        replayed.frames.emplace_back(frame);
        return absl::OkStatus();
      },
      [&](const LogDamage& damage) { replayed.damage.push_back(damage); });
  return replayed;
}

LogPosition AppendDurably(Log& log, std::string_view frame) {
  const absl::StatusOr<LogPosition> position = log.Append(frame);
  EXPECT_TRUE(position.ok()) << position.status();
  if (!position.ok()) return {};
  const absl::Status status = log.WaitDurable(*position, Soon());
  EXPECT_TRUE(status.ok()) << status;
  return *position;
}

// Tests that only want ReplayAll link this too.
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(LogContractTest);

TEST_P(LogContractTest, ANewLogIsEmpty) {
  const std::unique_ptr<Log> log = Open();
  EXPECT_EQ(log->bounds().begin, log->bounds().end);
  EXPECT_EQ(log->SizeBytes(), 0u);
  EXPECT_TRUE(log->Writable().ok());
  const Replayed replayed = ReplayAll(*log);
  EXPECT_TRUE(replayed.status.ok());
  EXPECT_TRUE(replayed.frames.empty());
  EXPECT_TRUE(replayed.damage.empty());
}

TEST_P(LogContractTest, ReplaysWhatWasAppendedInOrder) {
  const std::unique_ptr<Log> log = Open();
  std::vector<LogPosition> positions;
  const std::vector<std::string> frames = Numbered(0, 100);
  for (const std::string& frame : frames) {
    const absl::StatusOr<LogPosition> position = log->Append(frame);
    ASSERT_TRUE(position.ok());
    positions.push_back(*position);
  }
  ASSERT_TRUE(log->WaitDurable(positions.back(), Soon()).ok());
  EXPECT_TRUE(std::is_sorted(positions.begin(), positions.end()));
  EXPECT_TRUE(std::adjacent_find(positions.begin(), positions.end()) == positions.end());

  const Replayed replayed = ReplayAll(*log);
  EXPECT_EQ(replayed.frames, frames);
  EXPECT_EQ(replayed.positions, positions);
  EXPECT_TRUE(replayed.damage.empty());
  EXPECT_EQ(log->bounds().end, positions.back());
}

TEST_P(LogContractTest, ReplaysFromAnyPosition) {
  const std::unique_ptr<Log> log = Open();
  std::vector<LogPosition> positions = {log->bounds().begin};
  const std::vector<std::string> frames = Numbered(0, 20);
  for (const std::string& frame : frames) positions.push_back(AppendDurably(*log, frame));
  for (size_t i = 0; i < positions.size(); ++i) {
    const Replayed replayed = ReplayAll(*log, positions[i]);
    EXPECT_EQ(replayed.frames, std::vector<std::string>(frames.begin() + i, frames.end())) << i;
    EXPECT_TRUE(replayed.damage.empty()) << i;
  }
}

TEST_P(LogContractTest, TailingSeesNewFrames) {
  const std::unique_ptr<Log> log = Open();
  LogPosition seen;
  for (int i = 0; i < 5; ++i) {
    const std::string frame = fmt::format("frame {}", i);
    AppendDurably(*log, frame);
    const Replayed replayed = ReplayAll(*log, seen);
    ASSERT_EQ(replayed.frames, std::vector<std::string>{frame});
    seen = replayed.positions.back();
  }
}

TEST_P(LogContractTest, KeepsEveryByte) {
  const std::unique_ptr<Log> log = Open();
  std::string all_bytes;
  for (int i = 0; i < 256; ++i) all_bytes.push_back(static_cast<char>(i));
  const std::vector<std::string> frames = {
      std::string(1, '\0'), all_bytes, std::string(kMaxLogFrameBytes, 'x'), std::string(4096, '\0'),
      std::string(kMaxLogFrameBytes - 1, '\xff')};
  for (const std::string& frame : frames) AppendDurably(*log, frame);
  EXPECT_EQ(ReplayAll(*log).frames, frames);
}

TEST_P(LogContractTest, RefusesFramesOfAWrongSize) {
  const std::unique_ptr<Log> log = Open();
  EXPECT_EQ(log->Append("").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(log->Append(std::string(kMaxLogFrameBytes + 1, 'x')).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(log->bounds().begin, log->bounds().end);
}

TEST_P(LogContractTest, AnErrorOfTheReaderStopsReplay) {
  const std::unique_ptr<Log> log = Open();
  for (const std::string& frame : Numbered(0, 5)) AppendDurably(*log, frame);
  int calls = 0;
  const absl::Status status = log->Replay(
      {},
      [&](LogPosition, std::string_view) {
        return ++calls == 3 ? absl::CancelledError("enough") : absl::OkStatus();
      },
      [](const LogDamage&) {});
  EXPECT_EQ(status, absl::CancelledError("enough"));
  EXPECT_EQ(calls, 3);
}

TEST_P(LogContractTest, WaitingForTheSameOrAnEarlierPositionIsDone) {
  const std::unique_ptr<Log> log = Open();
  const LogPosition first = AppendDurably(*log, "a");
  const LogPosition second = AppendDurably(*log, "b");
  EXPECT_TRUE(log->WaitDurable(first, absl::InfinitePast()).ok());
  EXPECT_TRUE(log->WaitDurable(second, absl::InfinitePast()).ok());
  EXPECT_TRUE(log->WaitDurable({}, absl::InfinitePast()).ok());
}

TEST_P(LogContractTest, WaitingForWhatWasNotAppendedIsRefused) {
  const std::unique_ptr<Log> log = Open();
  const LogPosition position = AppendDurably(*log, "a");
  EXPECT_EQ(log->WaitDurable({position.value + 8}, Soon()).code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_P(LogContractTest, TrimNeverTakesWhatIsNeeded) {
  const std::unique_ptr<Log> log = Open();
  std::vector<LogPosition> positions;
  const std::vector<std::string> frames = Numbered(0, 50);
  for (const std::string& frame : frames) positions.push_back(AppendDurably(*log, frame));
  for (size_t kept = 0; kept < frames.size(); kept += 7) {
    ASSERT_TRUE(log->Trim(positions[kept]).ok());
    EXPECT_LE(log->bounds().begin, positions[kept]);
    EXPECT_EQ(log->bounds().end, positions.back());
    const Replayed replayed = ReplayAll(*log, positions[kept]);
    EXPECT_EQ(replayed.frames, std::vector<std::string>(frames.begin() + kept + 1, frames.end()));
    EXPECT_TRUE(replayed.damage.empty());
  }
}

TEST_P(LogContractTest, TheBoundRefusesAndTrimmingOpensAgain) {
  const std::string frame(64 << 10, 'x');
  const std::unique_ptr<Log> log = Open(/*max_bytes=*/1 << 20);
  LogPosition last;
  absl::Status refused;
  for (int i = 0; i < 100 && refused.ok(); ++i) {
    const absl::StatusOr<LogPosition> position = log->Append(frame);
    refused = position.status();
    if (position.ok()) last = *position;
  }
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted) << refused;
  EXPECT_EQ(log->Writable().code(), absl::StatusCode::kResourceExhausted);
  ASSERT_TRUE(log->WaitDurable(last, Soon()).ok());
  EXPECT_LE(log->SizeBytes(), uint64_t{1} << 20);
  ASSERT_TRUE(log->Trim(last).ok());
  EXPECT_TRUE(log->Writable().ok()) << log->Writable();
  AppendDurably(*log, "after");
  EXPECT_EQ(ReplayAll(*log, last).frames, std::vector<std::string>{"after"});
}

TEST_P(LogContractTest, ManyWritersKeepTheirOwnOrder) {
  constexpr int kWriters = 8;
  constexpr int kFrames = 100;
  const std::unique_ptr<Log> log = Open();
  std::atomic<int> failed = 0;
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&, writer] {
      for (int i = 0; i < kFrames; ++i) {
        const absl::StatusOr<LogPosition> position = log->Append(fmt::format("{} {}", writer, i));
        if (!position.ok() || !log->WaitDurable(*position, Soon()).ok()) ++failed;
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(failed, 0);
  std::map<std::string, int> next;
  for (const std::string& frame : ReplayAll(*log).frames) {
    const size_t space = frame.find(' ');
    EXPECT_EQ(frame.substr(space + 1), std::to_string(next[frame.substr(0, space)]++));
  }
  EXPECT_EQ(next.size(), static_cast<size_t>(kWriters));
  for (const auto& [writer, count] : next) EXPECT_EQ(count, kFrames);
}

TEST_P(LogContractTest, ReadingTrimmingAndAppendingAtOnce) {
  const std::unique_ptr<Log> log = Open();
  std::atomic<bool> done = false;
  std::atomic<uint64_t> keep = 0;
  std::thread trimmer([&] {
    while (!done) EXPECT_TRUE(log->Trim({keep.load()}).ok());
  });
  std::thread reader([&] {
    while (!done) {
      const Replayed replayed = ReplayAll(*log);
      EXPECT_TRUE(replayed.status.ok() || absl::IsOutOfRange(replayed.status)) << replayed.status;
      EXPECT_TRUE(replayed.damage.empty()) << replayed.damage[0].reason;
    }
  });
  const std::string padding(1000, 'p');
  for (int i = 0; i < 400; ++i) {
    keep = AppendDurably(*log, fmt::format("{} {}", i, padding)).value;
  }
  done = true;
  trimmer.join();
  reader.join();
}

TEST_P(LogContractTest, GoesOnAfterReleasingSpace) {
  const std::unique_ptr<Log> log = Open();
  ASSERT_TRUE(log->ReleaseSpace().ok()) << "nothing to release";
  std::vector<std::string> frames;
  LogPosition last;
  for (int round = 0; round < 5; ++round) {
    for (const std::string& frame : Numbered(round * 3, 3)) {
      const absl::StatusOr<LogPosition> position = log->Append(frame);
      ASSERT_TRUE(position.ok());
      last = *position;
      frames.push_back(frame);
    }
    ASSERT_TRUE(log->ReleaseSpace().ok());
    EXPECT_TRUE(log->WaitDurable(last, absl::InfinitePast()).ok()) << "released after it";
    ASSERT_TRUE(log->ReleaseSpace().ok()) << "twice";
    const Replayed replayed = ReplayAll(*log);
    EXPECT_EQ(replayed.frames, frames);
    EXPECT_TRUE(replayed.damage.empty());
  }
  ASSERT_TRUE(log->Trim(last).ok());
  ASSERT_TRUE(log->ReleaseSpace().ok());
  EXPECT_EQ(log->bounds().end, last);
  EXPECT_EQ(log->SizeBytes(), 0u);
  AppendDurably(*log, "after");
  EXPECT_EQ(ReplayAll(*log, last).frames, std::vector<std::string>{"after"});
}

TEST_P(LogContractTest, ReleasesSpaceBesideAppends) {
  const std::unique_ptr<Log> log = Open();
  std::atomic<bool> done = false;
  std::thread releaser([&] {
    while (!done) EXPECT_TRUE(log->ReleaseSpace().ok());
  });
  const std::vector<std::string> frames = Numbered(0, 200);
  for (const std::string& frame : frames) AppendDurably(*log, frame);
  done = true;
  releaser.join();
  EXPECT_EQ(ReplayAll(*log).frames, frames);
}

TEST_P(LogContractTest, AFrameOfTheCurrentGenerationIsTaken) {
  const std::unique_ptr<Log> log = Open();
  const uint64_t generation = log->generation();
  const absl::StatusOr<LogPosition> position = log->Append("frame", generation);
  ASSERT_TRUE(position.ok()) << position.status();
  ASSERT_TRUE(log->WaitDurable(*position, Soon()).ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(log->Append("frame", generation + 1).status()));
  EXPECT_EQ(log->bounds().appended, *position) << "nothing was appended";
  EXPECT_EQ(log->generation(), generation) << "a refusal starts none";
}

TEST_P(LogContractTest, FramesOfAGenerationThatFailedAreRefused) {
  const auto& fail_next_sync = GetParam().fail_next_sync;
  if (fail_next_sync == nullptr) GTEST_SKIP() << "nothing fails here";
  const std::unique_ptr<Log> log = Open();
  const uint64_t old = log->generation();
  std::vector<std::string> kept = {"kept"};
  AppendDurably(*log, "kept");
  fail_next_sync();
  const absl::StatusOr<LogPosition> doubtful = log->Append("doubtful", old);
  ASSERT_TRUE(doubtful.ok()) << doubtful.status();
  if (log->WaitDurable(*doubtful, Soon()).ok()) kept.push_back("doubtful");
  for (const absl::Time deadline = Soon(); log->generation() == old && absl::Now() < deadline;) {
    absl::SleepFor(absl::Milliseconds(1));
  }
  while (!log->Writable().ok()) absl::SleepFor(absl::Milliseconds(1));

  EXPECT_TRUE(absl::IsFailedPrecondition(log->Append("old", old).status()));
  const absl::StatusOr<LogPosition> fresh = log->Append("new", log->generation());
  ASSERT_TRUE(fresh.ok()) << fresh.status();
  ASSERT_TRUE(log->WaitDurable(*fresh, Soon()).ok());
  kept.push_back("new");
  EXPECT_EQ(ReplayAll(*log).frames, kept);
}

TEST_P(LogContractTest, WithinAGenerationADurableFrameProvesAllEarlierOnes) {
  const auto& fail_next_sync = GetParam().fail_next_sync;
  if (fail_next_sync == nullptr) GTEST_SKIP() << "nothing fails here";
  struct Appended {
    uint64_t generation;
    LogPosition position;
    std::string frame;
  };
  const std::unique_ptr<Log> log = Open();
  std::vector<Appended> appended;
  for (int i = 0; i < 400; ++i) {
    if (i % 20 == 10) fail_next_sync();
    const uint64_t generation = log->generation();
    // Padding, so that groups cross segments.
    std::string frame = fmt::format("{} {}", i, std::string(i * 37 % 3000, 'p'));
    const absl::StatusOr<LogPosition> position = log->Append(frame, generation);
    if (position.ok()) appended.push_back({generation, *position, std::move(frame)});
    if (i % 3 == 0) {
      log->WaitDurable(log->bounds().appended, absl::Now() + absl::Microseconds(300)).IgnoreError();
    }
    while (!log->Writable().ok()) absl::SleepFor(absl::Milliseconds(1));
  }
  std::map<uint64_t, std::string> lost;  // The first lost frame of each generation.
  std::vector<std::string> durable;
  for (const Appended& each : appended) {
    const bool ok = log->WaitDurable(each.position, Soon()).ok();
    if (!ok) {
      lost.emplace(each.generation, each.frame.substr(0, 8));
      continue;
    }
    durable.push_back(each.frame);
    EXPECT_FALSE(lost.contains(each.generation))
        << each.frame.substr(0, 8) << " is durable, and before it was lost "
        << lost[each.generation];
  }
  EXPECT_GT(log->generation(), 3u) << "the test must have met failures";
  EXPECT_EQ(ReplayAll(*log).frames, durable);
}

TEST_P(LogContractTest, AClosedLogRefuses) {
  const std::unique_ptr<Log> log = Open();
  AppendDurably(*log, "a");
  ASSERT_TRUE(log->Close().ok());
  EXPECT_FALSE(log->Writable().ok());
  EXPECT_FALSE(log->Append("b").ok());
  EXPECT_FALSE(log->ReleaseSpace().ok());
}

TEST_P(LogContractTest, FramesAndPositionsSurviveReopening) {
  if (!GetParam().reopens) GTEST_SKIP() << "this log lives as long as its object";
  std::vector<std::string> frames;
  std::vector<LogPosition> positions;
  for (int round = 0; round < 5; ++round) {
    const std::unique_ptr<Log> log = Open();
    const Replayed replayed = ReplayAll(*log);
    EXPECT_EQ(replayed.frames, frames);
    EXPECT_EQ(replayed.positions, positions);
    EXPECT_TRUE(replayed.damage.empty());
    for (const std::string& frame : Numbered(round * 10, 10)) {
      frames.push_back(frame);
      positions.push_back(AppendDurably(*log, frame));
    }
    ASSERT_TRUE(log->Close().ok());
  }
  EXPECT_EQ(Open()->bounds().end, positions.back());
}

TEST_P(LogContractTest, PositionsGoOnAfterAllWasTrimmed) {
  if (!GetParam().reopens) GTEST_SKIP() << "this log lives as long as its object";
  LogPosition last;
  for (int round = 0; round < 3; ++round) {
    const std::unique_ptr<Log> log = Open();
    EXPECT_EQ(log->bounds().end, last);
    EXPECT_TRUE(ReplayAll(*log, last).frames.empty());
    last = AppendDurably(*log, "frame");
    ASSERT_TRUE(log->Trim(last).ok());
    ASSERT_TRUE(log->Close().ok());
  }
}

TEST_P(LogContractTest, ALogThatLostItsFramesDoesNotUseTheirPositionsAgain) {
  const std::unique_ptr<Log> log = Open();
  const Replayed replayed = ReplayAll(*log, {1 << 20});
  ASSERT_TRUE(replayed.status.ok()) << replayed.status;
  ASSERT_EQ(replayed.damage.size(), 1u);
  EXPECT_EQ(replayed.damage[0].begin.value, 0u);
  EXPECT_EQ(replayed.damage[0].end.value, uint64_t{1} << 20);
  const LogPosition position = AppendDurably(*log, "frame");
  EXPECT_GT(position.value, uint64_t{1} << 20);
  EXPECT_EQ(ReplayAll(*log, {1 << 20}).frames, std::vector<std::string>{"frame"});
  EXPECT_EQ(ReplayAll(*log, {position.value + 8}).status.code(), absl::StatusCode::kOutOfRange);
}

}  // namespace tidegate::storage
