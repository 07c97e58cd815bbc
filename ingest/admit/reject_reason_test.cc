#include "ingest/admit/reject_reason.h"

#include <set>
#include <string>

#include "gtest/gtest.h"

namespace tidegate::ingest {
namespace {

TEST(RejectReasonTest, EveryReasonHasANameOfItsOwn) {
  std::set<std::string> names;
  for (size_t i = 0; i < kRejectReasons; ++i) {
    names.insert(RejectReasonName(static_cast<RejectReason>(i)));
  }
  EXPECT_EQ(names.size(), kRejectReasons);
  EXPECT_EQ(names.count("unknown"), 0u);
}

TEST(RejectReasonTest, DashboardsRelyOnTheNames) {
  EXPECT_STREQ(RejectReasonName(RejectReason::kDuplicateTimestamp), "duplicate_timestamp");
  EXPECT_STREQ(RejectReasonName(RejectReason::kInvalidMetadata), "invalid_metadata");
}

}  // namespace
}  // namespace tidegate::ingest
