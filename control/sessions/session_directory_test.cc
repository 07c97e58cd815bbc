#include "control/sessions/session_directory.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "model/clock.h"
#include "storage/testing/documents_in_memory.h"

namespace tidegate::control {
namespace {

model::KeyDigest Key(std::string_view name) { return model::DigestOf(name); }

class SessionDirectoryTest : public testing::Test {
 protected:
  SessionDirectoryTest() { clock_.SetMs(1'795'000'000'000); }

  std::string Open(SessionDirectory& directory, std::string_view key = "key") {
    const auto token = directory.Open(Key(key));
    EXPECT_TRUE(token.ok()) << token.status();
    clock_.Advance(absl::Seconds(1));
    return token.value_or("");
  }

  SessionOptions options_;
  storage::DocumentsInMemory documents_;
  model::ManualClock clock_;
};

TEST_F(SessionDirectoryTest, ASessionStandsForItsKey) {
  SessionDirectory directory(options_, &documents_, &clock_);
  const std::string token = Open(directory);
  EXPECT_EQ(directory.Find(token), Key("key"));
  EXPECT_EQ(directory.Find(token + "x"), std::nullopt);
  EXPECT_EQ(directory.Find(""), std::nullopt);
}

TEST_F(SessionDirectoryTest, ItExpiresHoweverItIsUsed) {
  SessionDirectory directory(options_, &documents_, &clock_);
  const absl::Time opened = clock_.Now();
  const std::string token = Open(directory);
  clock_.SetMs(absl::ToUnixMillis(opened + options_.lifetime) - 1);
  EXPECT_TRUE(directory.Find(token).has_value());
  clock_.Advance(absl::Milliseconds(1));
  EXPECT_FALSE(directory.Find(token).has_value());
}

TEST_F(SessionDirectoryTest, ClosingEndsIt) {
  SessionDirectory directory(options_, &documents_, &clock_);
  const std::string token = Open(directory);
  const std::string other = Open(directory);
  EXPECT_TRUE(directory.Close(token).ok());
  EXPECT_FALSE(directory.Find(token).has_value());
  EXPECT_TRUE(directory.Find(other).has_value());
  EXPECT_TRUE(directory.Close(token).ok()) << "it has ended already";
}

TEST_F(SessionDirectoryTest, AnotherProcessKnowsItAfterARefresh) {
  SessionDirectory one(options_, &documents_, &clock_);
  SessionDirectory two(options_, &documents_, &clock_);
  const std::string token = Open(one);
  EXPECT_FALSE(two.Find(token).has_value());
  EXPECT_TRUE(two.Refresh().ok());
  EXPECT_TRUE(two.Find(token).has_value());
  EXPECT_TRUE(two.Close(token).ok());
  EXPECT_TRUE(one.Refresh().ok());
  EXPECT_FALSE(one.Find(token).has_value());
}

TEST_F(SessionDirectoryTest, SharedSessionsAreReadByOthersOnTheirOwn) {
  options_.shared = true;
  options_.refresh_interval = absl::Milliseconds(20);
  SessionDirectory one(options_, &documents_, &clock_);
  SessionDirectory two(options_, &documents_, &clock_);
  two.Start();
  EXPECT_TRUE(two.Find(Open(one)).has_value());
}

TEST_F(SessionDirectoryTest, TheOldestOfAKeyMakesRoom) {
  options_.max_sessions_per_key = 2;
  SessionDirectory directory(options_, &documents_, &clock_);
  const std::string other = Open(directory, "other");
  const std::string first = Open(directory);
  const std::string second = Open(directory);
  const std::string third = Open(directory);
  EXPECT_FALSE(directory.Find(first).has_value());
  EXPECT_TRUE(directory.Find(second).has_value());
  EXPECT_TRUE(directory.Find(third).has_value());
  EXPECT_TRUE(directory.Find(other).has_value());
}

TEST_F(SessionDirectoryTest, ThereIsABoundOfAll) {
  options_.max_sessions = 2;
  SessionDirectory directory(options_, &documents_, &clock_);
  Open(directory, "a");
  Open(directory, "b");
  EXPECT_TRUE(absl::IsResourceExhausted(directory.Open(Key("c")).status()));
  clock_.Advance(options_.lifetime);
  Open(directory, "c");
  EXPECT_EQ(documents_.List("web_sessions/", "", 0)->size(), 1u) << "expired ones are gone";
}

TEST_F(SessionDirectoryTest, ARestartFindsThem) {
  std::string token;
  {
    SessionDirectory directory(options_, &documents_, &clock_);
    token = Open(directory);
  }
  SessionDirectory directory(options_, &documents_, &clock_);
  EXPECT_TRUE(directory.Refresh().ok());
  EXPECT_TRUE(directory.Find(token).has_value());
}

TEST_F(SessionDirectoryTest, DocumentsHoldNoToken) {
  SessionDirectory directory(options_, &documents_, &clock_);
  const std::string token = Open(directory);
  const auto documents = documents_.List("", "", 0);
  ASSERT_EQ(documents->size(), 2u);
  for (const storage::Document& document : *documents) {
    EXPECT_EQ(document.key.find(token), std::string::npos);
    EXPECT_EQ(document.value.find(token), std::string::npos);
  }
}

TEST_F(SessionDirectoryTest, WithoutTheStoreNobodyLogsInAndSessionsStay) {
  SessionDirectory directory(options_, &documents_, &clock_);
  const std::string token = Open(directory);
  documents_.Fail(absl::UnavailableError("store: away"));
  EXPECT_TRUE(absl::IsUnavailable(directory.Open(Key("key")).status()));
  EXPECT_TRUE(absl::IsUnavailable(directory.Close(token)));
  EXPECT_TRUE(directory.Find(token).has_value());
}

TEST(SessionDocuments, TheirFormStays) {
  const OpenSession session{Key("key"), absl::FromUnixMillis(1'000), absl::FromUnixMillis(2'000)};
  const std::string text =
      "2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683 1000 2000";
  EXPECT_EQ(FormatSession(session), text);
  const auto read = ParseSession(text);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->key, session.key);
  EXPECT_EQ(read->expires, session.expires);
  for (const char* wrong : {"", "x 1 2", "1000 2000"}) EXPECT_FALSE(ParseSession(wrong)) << wrong;
  EXPECT_FALSE(ParseSession(text + " 3"));
}

}  // namespace
}  // namespace tidegate::control
