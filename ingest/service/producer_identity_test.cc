#include "ingest/service/producer_identity.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "ingest/service/fakes.h"

namespace tidegate::ingest {
namespace {

using Ids = std::vector<uint64_t>;

class ProducerIdentityTest : public testing::Test {
 protected:
  ProducerIdentityTest()
      : directory_(testing::TempDir() + "/" +
                   testing::UnitTest::GetInstance()->current_test_info()->name()) {
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
  }

  std::string Contents() const {
    std::ifstream file(directory_ + "/producer_id");
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }
  void Overwrite(const std::string& contents) const {
    std::ofstream(directory_ + "/producer_id") << contents;
  }

  ProducerIdentity Load() {
    ProducerIdentity identity(directory_, [this] { return ++last_id_; });
    EXPECT_TRUE(identity.Load().ok());
    return identity;
  }

  const std::string directory_;
  FakeStore store_;
  uint64_t last_id_ = 10;
};

TEST_F(ProducerIdentityTest, AFreshDirectoryBeginsAtZero) {
  EXPECT_TRUE(absl::IsNotFound(ReadProducerIds(directory_).status()));
  ProducerIdentity identity = Load();
  EXPECT_FALSE(identity.has_predecessor());
  EXPECT_EQ(*identity.Register({}, &store_), storage::LogPosition{});
  EXPECT_EQ(*ReadProducerIds(directory_), Ids{identity.id()});
}

TEST_F(ProducerIdentityTest, EveryLifeTakesThePlaceOfTheLast) {
  ProducerIdentity first = Load();
  ASSERT_TRUE(first.Register({}, &store_).ok());
  store_.SetCommitted(first.id(), {77});
  ProducerIdentity second = Load();
  EXPECT_NE(second.id(), first.id());
  EXPECT_EQ(*second.Register({}, &store_), storage::LogPosition{77});
  EXPECT_EQ(*second.Register({}, &store_), storage::LogPosition{77}) << "repeatable";
  EXPECT_TRUE(absl::IsNotFound(store_.StartHandOver({}, first.id(), {78}).status()));
}

// Killed between the file and the store, or between the store and the file.
TEST_F(ProducerIdentityTest, AStartThatWasCutShortIsNotForgotten) {
  ProducerIdentity first = Load();
  ASSERT_TRUE(first.Register({}, &store_).ok());
  store_.SetCommitted(first.id(), {77});
  store_.Fail(absl::UnavailableError("away"));
  ProducerIdentity second = Load();
  EXPECT_TRUE(absl::IsUnavailable(second.Register({}, &store_).status()));
  EXPECT_EQ(*ReadProducerIds(directory_), (Ids{second.id(), first.id()}));
  store_.Fail(absl::OkStatus());
  ProducerIdentity third = Load();
  EXPECT_EQ(*third.Register({}, &store_), storage::LogPosition{77});
  ASSERT_TRUE(WriteProducerIds(directory_, {third.id(), first.id()}).ok());
  ProducerIdentity fourth = Load();
  EXPECT_EQ(*fourth.Register({}, &store_), storage::LogPosition{77});
}

TEST_F(ProducerIdentityTest, OfTwoCopiesOneGoesOnAndTheOtherIsTold) {
  ProducerIdentity original = Load();
  ASSERT_TRUE(original.Register({}, &store_).ok());
  ProducerIdentity first = Load();
  ProducerIdentity second = Load();
  EXPECT_TRUE(first.Register({}, &store_).ok());
  EXPECT_TRUE(absl::IsNotFound(second.Register({}, &store_).status()));
  const uint64_t before = second.id();
  ASSERT_TRUE(second.Renew({}, &store_).ok());
  EXPECT_NE(second.id(), before);
  EXPECT_TRUE(store_.StartHandOver({}, second.id(), {1}).ok());
  EXPECT_EQ(*ReadProducerIds(directory_), Ids{second.id()});
}

TEST_F(ProducerIdentityTest, TheBytesAreStable) {
  ASSERT_TRUE(WriteProducerIds(directory_, {0x0123456789abcdef}).ok());
  EXPECT_EQ(Contents().substr(0, 17), "0123456789abcdef ");
  EXPECT_EQ(Contents().size(), 34u);
}

TEST_F(ProducerIdentityTest, WritingReplacesAndLeavesNothingElse) {
  ASSERT_TRUE(WriteProducerIds(directory_, {1}).ok());
  ASSERT_TRUE(WriteProducerIds(directory_, {2}).ok());
  EXPECT_EQ(*ReadProducerIds(directory_), Ids{2});
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory_)) {
    files += entry.is_regular_file();
  }
  EXPECT_EQ(files, 1);
}

TEST_F(ProducerIdentityTest, EveryFlippedByteIsSeen) {
  ASSERT_TRUE(WriteProducerIds(directory_, {0xabcdef, 0x12}).ok());
  const std::string good = Contents();
  for (size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] ^= 1;
    Overwrite(bad);
    EXPECT_EQ(ReadProducerIds(directory_).status().code(), absl::StatusCode::kDataLoss) << i;
  }
  for (const size_t size : {size_t{0}, size_t{5}, good.size() - 1}) {
    Overwrite(good.substr(0, size));
    EXPECT_FALSE(ReadProducerIds(directory_).ok()) << size;
  }
  Overwrite(good + "x");
  EXPECT_FALSE(ReadProducerIds(directory_).ok());
}

TEST_F(ProducerIdentityTest, ADamagedFileCountsAsNone) {
  Overwrite("garbage");
  ProducerIdentity identity = Load();
  EXPECT_FALSE(identity.has_predecessor());
  EXPECT_TRUE(identity.Register({}, &store_).ok());
  EXPECT_EQ(*ReadProducerIds(directory_), Ids{identity.id()});
}

TEST_F(ProducerIdentityTest, ADirectoryThatIsNotThereIsAnError) {
  ProducerIdentity identity(directory_ + "/missing", [] { return 1; });
  ASSERT_TRUE(identity.Load().ok());
  EXPECT_TRUE(absl::IsUnavailable(identity.Register({}, &store_).status()));
}

}  // namespace
}  // namespace tidegate::ingest
