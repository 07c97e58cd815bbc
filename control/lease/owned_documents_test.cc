#include "control/lease/owned_documents.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "storage/testing/documents_in_memory.h"

namespace tidegate::control {
namespace {

// Fails commits before or after they took place.
class Unreliable final : public storage::Documents {
 public:
  absl::StatusOr<storage::Document> Get(std::string_view key) override {
    return documents.Get(key);
  }
  absl::StatusOr<std::vector<storage::Document>> List(std::string_view prefix,
                                                      std::string_view after,
                                                      size_t limit) override {
    return documents.List(prefix, after, limit);
  }
  absl::Status Commit(const std::vector<storage::DocumentWrite>& writes) override {
    if (lose_request) return absl::UnavailableError("away");
    const absl::Status status = documents.Commit(writes);
    return lose_answer ? absl::UnavailableError("away") : status;
  }

  storage::DocumentsInMemory documents;
  bool lose_request = false;
  bool lose_answer = false;
};

class OwnedDocumentsTest : public ::testing::Test {
 protected:
  static std::vector<storage::DocumentWrite> Writing(const std::string& value) {
    return {{"x", value, std::nullopt}};
  }
  std::string Value() {
    const auto document = store_.documents.Get("x");
    return document.ok() ? document->value : "";
  }

  std::atomic<bool> stop_{false};
  Unreliable store_;
  OwnedDocuments first_{"owner", &store_, &stop_};
  OwnedDocuments second_{"owner", &store_, &stop_};
};

TEST_F(OwnedDocumentsTest, TheOwnerCommits) {
  EXPECT_TRUE(first_.Commit(Writing("1")).ok());
  EXPECT_TRUE(first_.Commit(Writing("2")).ok());
  EXPECT_EQ(Value(), "2");
}

TEST_F(OwnedDocumentsTest, WhoComesLaterEndsTheOthers) {
  EXPECT_TRUE(first_.Commit(Writing("1")).ok());
  EXPECT_TRUE(second_.Commit(Writing("2")).ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(first_.Commit(Writing("3"))));
  EXPECT_TRUE(absl::IsFailedPrecondition(first_.Commit(Writing("4"))));
  EXPECT_TRUE(second_.Commit(Writing("5")).ok());
  EXPECT_EQ(Value(), "5");
}

TEST_F(OwnedDocumentsTest, OwnershipIsSeenWithoutACommit) {
  EXPECT_TRUE(first_.EnsureOwned().ok());
  EXPECT_TRUE(first_.EnsureOwned().ok());
  EXPECT_TRUE(second_.EnsureOwned().ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(first_.EnsureOwned()));
  EXPECT_TRUE(absl::IsFailedPrecondition(first_.Commit(Writing("1"))));
}

TEST_F(OwnedDocumentsTest, AnotherVersionIsAbortedAndOwnershipStays) {
  EXPECT_TRUE(first_.Commit(Writing("1")).ok());
  EXPECT_TRUE(absl::IsAborted(first_.Commit({{"x", "2", 12345}})));
  EXPECT_EQ(Value(), "1");
  EXPECT_TRUE(first_.Commit(Writing("3")).ok());
}

TEST_F(OwnedDocumentsTest, ALostAnswerIsNoFailure) {
  EXPECT_TRUE(first_.Commit(Writing("1")).ok());
  store_.lose_answer = true;
  EXPECT_TRUE(first_.Commit(Writing("2")).ok()) << "it took place";
  EXPECT_EQ(Value(), "2");
  store_.lose_answer = false;
  EXPECT_TRUE(first_.Commit(Writing("3")).ok());
}

TEST_F(OwnedDocumentsTest, ALostRequestIsOne) {
  EXPECT_TRUE(first_.Commit(Writing("1")).ok());
  store_.lose_request = true;
  EXPECT_TRUE(absl::IsUnavailable(first_.Commit(Writing("2"))));
  store_.lose_request = false;
  EXPECT_EQ(Value(), "1");
  EXPECT_TRUE(first_.Commit(Writing("2")).ok());
}

TEST_F(OwnedDocumentsTest, StoppedWhileNobodyAnswers) {
  EXPECT_TRUE(first_.Commit(Writing("1")).ok());
  store_.documents.Fail(absl::UnavailableError("away"));
  stop_ = true;
  EXPECT_TRUE(absl::IsCancelled(first_.Commit(Writing("2"))));
}

}  // namespace
}  // namespace tidegate::control
