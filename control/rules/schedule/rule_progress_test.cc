#include "control/rules/schedule/rule_progress.h"

#include <gtest/gtest.h>

#include "storage/testing/documents_in_memory.h"

namespace tidegate::control {
namespace {

absl::Time At(int seconds) { return absl::FromUnixSeconds(1'600'000'000 + seconds); }

RuleBacklog Backlog(int now, int done_until) {
  return BacklogAt(At(now), At(done_until), absl::Seconds(5), absl::Minutes(1));
}

TEST(RuleProgress, ShortOutagesAreMadeUpForLongOnesAreNot) {
  EXPECT_EQ(Backlog(60, 0), (RuleBacklog{At(0), At(60)}));
  EXPECT_EQ(Backlog(61, 0), (RuleBacklog{At(0), At(5)}));
  // A clock that was set back: nothing to do.
  EXPECT_EQ(Backlog(0, 10), (RuleBacklog{At(10), At(0)}));
}

TEST(RuleProgress, IsReadBack) {
  storage::DocumentsInMemory documents;
  EXPECT_EQ(*ReadRuleProgress(&documents), std::nullopt);
  ASSERT_TRUE(documents.Commit({WritingRuleProgress(At(7) + absl::Microseconds(999))}).ok());
  EXPECT_EQ(*ReadRuleProgress(&documents), At(7));
  storage::DocumentWrite damaged = WritingRuleProgress(At(7));
  damaged.value = "12x";
  ASSERT_TRUE(documents.Commit({damaged}).ok());
  EXPECT_TRUE(absl::IsDataLoss(ReadRuleProgress(&documents).status()));
}

}  // namespace
}  // namespace tidegate::control
