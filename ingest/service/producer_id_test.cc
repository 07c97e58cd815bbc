#include "ingest/service/producer_id.h"

#include <filesystem>
#include <fstream>
#include <string>

#include "gtest/gtest.h"

namespace tidegate::ingest {
namespace {

class ProducerIdTest : public testing::Test {
 protected:
  ProducerIdTest()
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

  const std::string directory_;
};

TEST_F(ProducerIdTest, AFreshDirectoryTakesTheFreshId) {
  EXPECT_EQ(ReadProducerId(directory_).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(*LoadOrCreateProducerId(directory_, 7), 7u);
  EXPECT_EQ(*ReadProducerId(directory_), 7u);
}

TEST_F(ProducerIdTest, TheIdStays) {
  ASSERT_TRUE(LoadOrCreateProducerId(directory_, 7).ok());
  EXPECT_EQ(*LoadOrCreateProducerId(directory_, 8), 7u);
}

TEST_F(ProducerIdTest, TheBytesAreStable) {
  ASSERT_TRUE(WriteProducerId(directory_, 0x0123456789abcdef).ok());
  EXPECT_EQ(Contents().substr(0, 17), "0123456789abcdef ");
  EXPECT_EQ(Contents().size(), 34u);
}

TEST_F(ProducerIdTest, WritingReplacesAndLeavesNothingElse) {
  ASSERT_TRUE(WriteProducerId(directory_, 1).ok());
  ASSERT_TRUE(WriteProducerId(directory_, 2).ok());
  EXPECT_EQ(*ReadProducerId(directory_), 2u);
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory_)) {
    files += entry.is_regular_file();
  }
  EXPECT_EQ(files, 1);
}

TEST_F(ProducerIdTest, EveryFlippedByteIsSeen) {
  ASSERT_TRUE(WriteProducerId(directory_, 0xabcdef).ok());
  const std::string good = Contents();
  for (size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] ^= 1;
    Overwrite(bad);
    EXPECT_EQ(ReadProducerId(directory_).status().code(), absl::StatusCode::kDataLoss) << i;
  }
  for (const size_t size : {size_t{0}, size_t{5}, good.size() - 1}) {
    Overwrite(good.substr(0, size));
    EXPECT_FALSE(ReadProducerId(directory_).ok()) << size;
  }
  Overwrite(good + "x");
  EXPECT_FALSE(ReadProducerId(directory_).ok());
}

TEST_F(ProducerIdTest, ADamagedIdIsReplaced) {
  Overwrite("garbage");
  EXPECT_EQ(*LoadOrCreateProducerId(directory_, 9), 9u);
  EXPECT_EQ(*ReadProducerId(directory_), 9u);
}

TEST_F(ProducerIdTest, ADirectoryThatIsNotThereIsAnError) {
  EXPECT_EQ(LoadOrCreateProducerId(directory_ + "/missing", 1).status().code(),
            absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace tidegate::ingest
