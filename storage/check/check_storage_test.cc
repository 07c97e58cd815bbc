#include <algorithm>
#include <filesystem>
#include <fstream>

#include "storage/rocks/rocks.h"
#include "storage/store/store_fixture.h"

namespace tidegate::storage {
namespace {

const model::TimestampMs kRecent = SpanContaining(kTestNow, 2 * kHourMs).begin - 2 * kHourMs;

void FlipByte(const std::string& path, uint64_t offset) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(offset));
  const char byte = static_cast<char>(file.get() ^ 0x10);
  file.seekp(static_cast<std::streamoff>(offset));
  file.put(byte);
}

class CheckStorageTest : public StoreFixture {
 protected:
  void Fill() {
    for (uint64_t cut = 0; cut < 3; ++cut) {
      std::vector<CutSeries> series;
      for (int s = 0; s < 300; ++s) {
        Samples samples =
            Ramp(kRecent + static_cast<int64_t>(cut) * kHourMs, 100, 15'000, s * 0.37);
        for (auto& [time, value] : samples) value *= 1.0 + static_cast<double>(time % 977);
        series.push_back(
            {Metric("m" + std::to_string(s % 3), {{"s", std::to_string(s)}}), samples});
      }
      Commit(cut + 1, std::move(series));
    }
  }

  std::vector<StorageDamage> Check() {
    store_.reset();
    auto damage = CheckStorage(directory_.path());
    EXPECT_TRUE(damage.ok()) << damage.status();
    return damage.ok() ? *damage : std::vector<StorageDamage>();
  }

  // Files of this kind, in the database's directory.
  std::vector<std::string> Files(const std::string& part) {
    std::vector<std::string> found;
    for (const auto& file : std::filesystem::directory_iterator(directory_.path() + "/rocks")) {
      if (file.path().filename().string().find(part) != std::string::npos) {
        found.push_back(file.path());
      }
    }
    std::sort(found.begin(), found.end());
    return found;
  }
};

TEST_F(CheckStorageTest, FindsNothingInAWholeStore) {
  Fill();
  EXPECT_TRUE(Check().empty());
  Open();
  EXPECT_EQ(Ask().size(), 300u);
}

TEST_F(CheckStorageTest, ChangesNothing) {
  Fill();
  store_.reset();
  const auto names = [&] {
    std::vector<std::pair<std::string, uint64_t>> all;
    for (const auto& file : std::filesystem::recursive_directory_iterator(directory_.path())) {
      all.emplace_back(file.path(), file.is_regular_file() ? file.file_size() : 0);
    }
    std::sort(all.begin(), all.end());
    return all;
  };
  const auto before = names();
  EXPECT_TRUE(Check().empty());
  EXPECT_EQ(names(), before);
}

TEST_F(CheckStorageTest, RefusesADirectoryThatIsInUse) {
  EXPECT_TRUE(absl::IsFailedPrecondition(CheckStorage(directory_.path()).status()));
}

TEST_F(CheckStorageTest, SaysThatADirectoryIsMissing) {
  EXPECT_TRUE(absl::IsNotFound(CheckStorage(directory_.path() + "/nowhere").status()));
}

TEST_F(CheckStorageTest, EveryFlippedByteOfAPageFileIsNamedAndNoWrongValueIsServed) {
  Fill();
  const Answer whole = Ask();
  store_.reset();
  const auto files = Files(".sst");
  ASSERT_EQ(files.size(), 3u);
  const uint64_t size = std::filesystem::file_size(files[1]);
  for (uint64_t offset = 11; offset < size; offset += size / 23) {
    FlipByte(files[1], offset);
    EXPECT_FALSE(Check().empty()) << "offset " << offset;
    Open();
    const Answer rest = Ask();
    EXPECT_EQ(rest.size(), 300u);  // Two cuts of three are whole.
    for (const auto& [name, samples] : rest) {
      ASSERT_TRUE(std::includes(whole.at(name).begin(), whole.at(name).end(), samples.begin(),
                                samples.end()))
          << name;
      ASSERT_GE(samples.size(), 200u);
    }
    store_.reset();
    FlipByte(files[1], offset);
  }
  EXPECT_TRUE(Check().empty());
}

TEST_F(CheckStorageTest, ADamagedPageNamesPartitionTenantAndPage) {
  Fill();
  store_.reset();
  FlipByte(Files(".sst")[0], 1000);
  std::string all;
  for (const StorageDamage& damage : Check()) all += damage.where + "\n";
  EXPECT_NE(all.find("partition "), std::string::npos) << all;
  EXPECT_NE(all.find("tenant default"), std::string::npos) << all;
  EXPECT_NE(all.find("page 0"), std::string::npos) << all;
}

TEST_F(CheckStorageTest, ADamagedSegmentIsNotMergedAway) {
  Fill();
  store_.reset();
  FlipByte(Files(".sst")[1], 1000);
  Open();
  const Answer before = Ask();
  clock_.Advance(absl::Hours(72));
  EXPECT_TRUE(absl::IsDataLoss(store_->RunMaintenance()));
  EXPECT_EQ(Ask(), before);
  EXPECT_EQ(StatsOf(*store_).segments, 3u);
  EXPECT_GE(StatsOf(*store_).damaged_pages, 1u);
}

// Every answer is the whole one, or misses segments; nothing else.
void ExpectPartOf(const Answer& whole, const Answer& rest) {
  for (const auto& [name, samples] : rest) {
    ASSERT_TRUE(whole.contains(name)) << name;
    ASSERT_TRUE(std::includes(whole.at(name).begin(), whole.at(name).end(), samples.begin(),
                              samples.end()))
        << name;
  }
}

enum class Harm { kFlip, kTruncate, kDelete };

void Damage(const std::string& path, Harm harm) {
  const uint64_t size = std::filesystem::file_size(path);
  if (harm == Harm::kFlip && size > 0) FlipByte(path, size / 3);
  if (harm == Harm::kTruncate) std::filesystem::resize_file(path, size / 2);
  if (harm == Harm::kDelete) std::filesystem::remove(path);
}

class HarmTest : public CheckStorageTest, public testing::WithParamInterface<Harm> {};

TEST_P(HarmTest, EveryKindOfFileIsNamedAndTheRestIsServed) {
  Fill();
  // Documents in a table file too, and a merged segment with late data beside it.
  Reopen();
  clock_.Advance(absl::Hours(72));
  ASSERT_TRUE(store_->RunMaintenance().ok());
  Commit(10, {{Metric("m0", {{"s", "0"}}), Ramp(kRecent + 5, 30, 1000, -7)}});
  const Answer whole = Ask();
  store_.reset();
  const std::string original = directory_.path();
  std::vector<std::string> files;
  for (const auto& file : std::filesystem::recursive_directory_iterator(original)) {
    if (file.is_regular_file() && file.path().filename() != "LOCK") files.push_back(file.path());
  }
  int whole_answers = 0;
  for (const std::string& file : files) {
    SCOPED_TRACE(file);
    TemporaryDirectory copy;
    std::filesystem::copy(original, copy.path(), std::filesystem::copy_options::recursive);
    options_.directory = copy.path();
    const std::string damaged = copy.path() + file.substr(original.size());
    // RocksDB's options and identity are never read; a format file that is gone is made again.
    const bool counts = file.find("OPTIONS") == std::string::npos &&
                        file.find("IDENTITY") == std::string::npos &&
                        !(GetParam() == Harm::kDelete && file.find("rocks/") == std::string::npos) &&
                        std::filesystem::file_size(damaged) > 0;
    Damage(damaged, GetParam());
    auto found = CheckStorage(copy.path());
    ASSERT_TRUE(found.ok()) << found.status();
    EXPECT_EQ(!found->empty(), counts);
    Open();
    ASSERT_NE(store_, nullptr);
    const Answer rest = Ask();
    ExpectPartOf(whole, rest);
    const bool page_file = file.ends_with(".sst");
    EXPECT_TRUE(page_file || rest == whole);
    whole_answers += rest == whole ? 1 : 0;
    // It takes writes, and a start after it finds nothing new.
    Commit(20, {{Metric("later"), Ramp(kRecent, 3)}});
    const Answer later = Ask();
    Reopen();
    EXPECT_EQ(Ask(), later);
    EXPECT_EQ(StatsOf(*store_).damaged_files, 0u);
    store_.reset();
  }
  EXPECT_GE(whole_answers, 6);
}

INSTANTIATE_TEST_SUITE_P(All, HarmTest,
                         testing::Values(Harm::kFlip, Harm::kTruncate, Harm::kDelete));

}  // namespace
}  // namespace tidegate::storage
