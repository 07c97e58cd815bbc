#include "ingest/prometheus_block/block.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "ingest/prometheus_block/block_index.h"
#include "model/labels.h"

namespace tidegate::ingest {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

std::string Big(uint64_t value, int bytes) {
  std::string text;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    text.push_back(static_cast<char>(value >> shift));
  }
  return text;
}

std::string Checked(const std::string& bytes) { return bytes + Big(BlockChecksum(bytes), 4); }

// A block with one series {__name__="up", job="a"} of one chunk with samples at 1, 2 and 3 s.
class BlockTest : public testing::Test {
 protected:
  BlockTest() {
    std::string path = (fs::temp_directory_path() / "tidegate-block-XXXXXX").string();
    root_ = mkdtemp(path.data());
    directory_ = root_ + "/01BLOCK";
    fs::create_directories(directory_ + "/chunks");
    Write("meta.json", R"({"minTime":1000,"maxTime":3001,"stats":{"numSamples":3,"numSeries":1}})");
    const std::string data("\x00\x03\xD0\x0F\x3F\xF0\x00\x00\x00\x00\x00\x00\xE8\x07\x00", 15);
    const std::string chunk = std::string("\x01") + data;
    Write("chunks/000001",
          Big(0x85BD40DD, 4) + std::string("\x01\x00\x00\x00", 4) + "\x0f" + Checked(chunk));
    WriteIndex(2);
  }
  ~BlockTest() override { fs::remove_all(root_); }

  void Write(const std::string& name, const std::string& bytes) {
    std::ofstream(directory_ + "/" + name, std::ios::binary) << bytes;
  }

  void WriteIndex(int version) {
    std::string file = Big(0xBAAAD700, 4) + static_cast<char>(version);
    const uint64_t symbols = file.size();
    std::string table = Big(5, 4);
    std::vector<uint64_t> offsets;
    for (const std::string text : {"", "__name__", "a", "job", "up"}) {
      offsets.push_back(symbols + 4 + table.size());
      table += static_cast<char>(text.size()) + text;
    }
    file += Big(table.size(), 4) + Checked(table);
    if (version == 2) file.resize((file.size() + 15) / 16 * 16, '\0');
    const uint64_t series = file.size();
    std::string entry("\x02");
    for (const size_t symbol : {1, 4, 3, 2}) {
      entry.push_back(static_cast<char>(version == 2 ? symbol : offsets[symbol]));
    }
    // One chunk: from zigzag 1000 on, 2000 long, at 8 of the first file.
    entry += std::string("\x01\xD0\x0F\xD0\x0F\x08", 6);
    file += static_cast<char>(entry.size()) + Checked(entry);
    const uint64_t rest = file.size();
    std::string toc = Big(symbols, 8) + Big(series, 8);
    for (int i = 0; i < 4; ++i) toc += Big(rest, 8);
    Write("index", file + "further tables" + Checked(toc));
    reference_ = version == 2 ? series / 16 : series;
  }

  absl::Status Read() {
    samples_.Clear();
    stats_ = {};
    const auto blocks = FindBlocks(root_);
    if (!blocks.ok()) return blocks.status();
    return ReadBlock(
        blocks->front(),
        [this](std::string_view label_bytes, const ChunkSamples& samples, double) {
          label_bytes_ = std::string(label_bytes);
          samples_ = samples;
          return absl::OkStatus();
        },
        &stats_);
  }

  std::string root_, directory_;
  uint64_t reference_ = 0;
  std::string label_bytes_;
  ChunkSamples samples_;
  BlockReadStats stats_;
};

TEST_F(BlockTest, BothVersionsOfTheIndexAreRead) {
  for (const int version : {1, 2}) {
    WriteIndex(version);
    ASSERT_TRUE(Read().ok()) << version << Read();
    EXPECT_EQ(label_bytes_, model::Labels({{"__name__", "up"}, {"job", "a"}}).bytes());
    EXPECT_THAT(samples_.timestamps, ElementsAre(1000, 2000, 3000));
  }
}

TEST_F(BlockTest, BlocksSayWhatTheyAre) {
  const auto blocks = FindBlocks(root_);
  ASSERT_TRUE(blocks.ok());
  EXPECT_EQ(blocks->front().range, (model::TimeRange{1000, 3000}));
  EXPECT_EQ(blocks->front().samples, 3u);
  EXPECT_EQ(FindBlocks(directory_)->size(), 1u);
  fs::remove(directory_ + "/meta.json");
  EXPECT_THAT(std::string(FindBlocks(root_).status().message()), HasSubstr("snapshot"));
  EXPECT_TRUE(absl::IsNotFound(FindBlocks(root_ + "/nothing").status()));
}

TEST_F(BlockTest, DeletedSamplesAreLeftOut) {
  const std::string entry = static_cast<char>(reference_) + std::string("\xA0\x1F\xA0\x1F", 4);
  Write("tombstones", Big(0x0130BA30, 4) + "\x01" + Checked(entry));  // 2000 to 2000.
  ASSERT_TRUE(Read().ok());
  EXPECT_THAT(samples_.timestamps, ElementsAre(1000, 3000));
}

TEST_F(BlockTest, DamageIsNamedAndTheRestIsRead) {
  std::fstream chunks(directory_ + "/chunks/000001", std::ios::in | std::ios::out);
  chunks.seekp(12);
  chunks.put('x');
  chunks.close();
  ASSERT_TRUE(Read().ok());
  EXPECT_TRUE(samples_.timestamps.empty());
  EXPECT_EQ(stats_.damaged_chunks, 1u);
  EXPECT_EQ(stats_.first_damage, "a chunk does not check");

  std::fstream index(directory_ + "/index", std::ios::in | std::ios::out);
  index.seekp(12);
  index.put('x');
  index.close();
  EXPECT_EQ(Read().code(), absl::StatusCode::kDataLoss);
  Write("index", "short");
  EXPECT_EQ(Read().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace tidegate::ingest
