#include "control/monitors/notices/notice_sender.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "model/config/config_file.h"
#include "model/config/config_tenant_registry.h"
#include "storage/testing/documents_in_memory.h"

namespace tidegate::control {
namespace {

model::ConfigFile ThreeAMinute() {
  model::ConfigFile config;
  config.default_limits.control.max_notifications_per_minute = 3;
  return config;
}

class NoticeSenderTest : public ::testing::Test {
 protected:
  NoticeSenderTest() { clock_.SetMs(1'700'000'000'000); }

  void Add(const std::string& channel, int count = 1) {
    const NoticeChannel to{channel, "webhook", "http://" + channel, {}, true, {}};
    MonitorAlert alert;
    Notice notice;
    notice.tenant = "default";
    notice.alert = &alert;
    for (int i = 0; i < count; ++i) {
      alert.id = std::to_string(10'000 + ++alerts_);
      std::vector<storage::DocumentWrite> writes;
      AddNotices({&to}, notice, clock_.Now(), clock_.Now(), &writes);
      ASSERT_TRUE(documents_.Commit(writes).ok());
    }
  }

  NoticeSenderParts Parts() {
    NoticeSenderParts parts;
    parts.documents = &owned_;
    parts.tenants = &tenants_;
    parts.clock = &clock_;
    parts.stop = stop_;
    parts.count = [this](const std::string&, const char* outcome) { ++counts_[outcome]; };
    parts.post = [this](const PendingNotice& notice) {
      posted_.push_back(notice.url);
      return answer_;
    };
    return parts;
  }

  size_t Send() {
    sender_.Poll();
    const size_t before = posted_.size();
    for (int i = 0; i < 10'000 && sender_.SendOne(); ++i) {
    }
    return posted_.size() - before;
  }

  size_t Documents() { return documents_.List("notices/", "", 0)->size(); }

  const std::shared_ptr<std::atomic<bool>> stop_ = std::make_shared<std::atomic<bool>>(false);
  model::ManualClock clock_;
  storage::DocumentsInMemory documents_;
  OwnedDocuments owned_{"owner", &documents_, stop_.get()};
  const model::ConfigTenantRegistry tenants_{ThreeAMinute()};
  absl::Status answer_;
  std::vector<std::string> posted_;
  std::map<std::string, int> counts_;
  int alerts_ = 0;
  NoticeSender sender_{Parts(), 0};
};

TEST_F(NoticeSenderTest, SendsAndForgets) {
  Add("a");
  Add("b");
  EXPECT_EQ(Send(), 2u);
  EXPECT_EQ(Documents(), 0u);
  EXPECT_EQ(sender_.waiting(), 0u);
  EXPECT_EQ(counts_["sent"], 2);
  EXPECT_EQ(Send(), 0u);
}

TEST_F(NoticeSenderTest, AStormIsBoundedByChannel) {
  Add("a", 10);
  Add("b");
  EXPECT_EQ(Send(), 4u) << "three of one channel, one of the other";
  EXPECT_EQ(Send(), 0u);
  clock_.Advance(absl::Seconds(59));
  EXPECT_EQ(Send(), 0u);
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(Send(), 3u);
  EXPECT_EQ(Documents(), 4u) << "the others wait";
  clock_.Advance(kDropNoticeAfter);
  EXPECT_EQ(Send(), 0u) << "too old";
  EXPECT_EQ(Documents(), 0u);
  EXPECT_EQ(counts_["dropped"], 4);
}

TEST_F(NoticeSenderTest, TheOldestOfTooManyAreDropped) {
  Add("a", static_cast<int>(kMaxWaitingNotices) + 5);
  Send();
  EXPECT_EQ(counts_["dropped"], 5);
  EXPECT_EQ(counts_["sent"], 3);
}

TEST_F(NoticeSenderTest, FailuresAreTriedAgainLater) {
  Add("a");
  answer_ = absl::UnavailableError("503");
  EXPECT_EQ(Send(), 1u);
  EXPECT_EQ(Documents(), 1u);
  EXPECT_EQ(Send(), 0u);
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(Send(), 1u);
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(Send(), 0u) << "two seconds after the second failure";
  answer_ = absl::OkStatus();
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(Send(), 1u);
  EXPECT_EQ(Documents(), 0u);
  EXPECT_EQ(counts_["failed"], 2);
}

TEST_F(NoticeSenderTest, WhatIsRefusedIsDropped) {
  Add("a");
  answer_ = absl::InvalidArgumentError("404");
  EXPECT_EQ(Send(), 1u);
  EXPECT_EQ(Documents(), 0u);
  EXPECT_EQ(counts_["dropped"], 1);
}

TEST_F(NoticeSenderTest, AnotherProcessFindsWhatWasNotSent) {
  Add("a", 2);
  answer_ = absl::UnavailableError("away");
  Send();
  answer_ = absl::OkStatus();
  OwnedDocuments next("owner", &documents_, stop_.get());
  ASSERT_TRUE(next.EnsureOwned().ok());
  const size_t before = posted_.size();
  NoticeSenderParts parts = Parts();
  parts.documents = &next;
  NoticeSender successor(parts, 0);
  successor.Poll();
  while (successor.SendOne()) {
  }
  EXPECT_EQ(Documents(), 0u);
  clock_.Advance(absl::Minutes(2));
  sender_.SendOne();
  EXPECT_EQ(posted_.size(), before + 2) << "the one that has lost sends nothing";
  EXPECT_EQ(counts_["sent"], 2);
}

}  // namespace
}  // namespace tidegate::control
