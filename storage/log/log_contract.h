// The contract suite of storage/log.h: every implementation passes it, so they cannot drift apart.
//
// Instantiate it with a factory:
//   INSTANTIATE_TEST_SUITE_P(MyLog, LogContractTest, testing::Values(LogFixture{...}));
#ifndef TIDEGATE_STORAGE_LOG_LOG_CONTRACT_H_
#define TIDEGATE_STORAGE_LOG_LOG_CONTRACT_H_

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "storage/log.h"

namespace tidegate::storage {

// How the suite gets at one implementation. `open` opens the log that the test's earlier calls of
// `open` wrote (the first makes it, empty); null where logs do not outlive their object.
struct LogFixture {
  std::string name;
  // Made new for each test; keeps what must live as long (a directory, a file system).
  std::function<std::function<std::unique_ptr<Log>(uint64_t max_bytes)>()> make_opener;
  bool reopens = true;
  // Makes the next sync of the open log fail, once; null where nothing can fail.
  std::function<void()> fail_next_sync = nullptr;
};

inline void PrintTo(const LogFixture& fixture, std::ostream* out) { *out << fixture.name; }

class LogContractTest : public testing::TestWithParam<LogFixture> {
 protected:
  void SetUp() override;

  std::unique_ptr<Log> Open(uint64_t max_bytes = uint64_t{1} << 40) { return open_(max_bytes); }

 private:
  std::function<std::unique_ptr<Log>(uint64_t)> open_;
};

// What a replay delivered, for tests that compare.
struct Replayed {
  std::vector<LogPosition> positions;
  std::vector<std::string> frames;
  std::vector<LogDamage> damage;
  absl::Status status;
};
Replayed ReplayAll(Log& log, LogPosition from = {});

// Appends and waits; fails the test unless both work.
LogPosition AppendDurably(Log& log, std::string_view frame);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_LOG_LOG_CONTRACT_H_
