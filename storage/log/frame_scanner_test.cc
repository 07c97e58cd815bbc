#include "storage/log/frame_scanner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "storage/files/fault_injecting_file_system.h"
#include "storage/log.h"

namespace tidegate::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Builds a segment frame by frame, right or wrong.
class FrameScannerTest : public testing::Test {
 protected:
  FrameScannerTest() { header_ = {.identity = {.log_id = 5, .number = 2}, .base = 4096}; }

  uint64_t End() const { return header_.base + bytes_.size() - kSegmentHeaderBytes; }

  // `synced` = the position up to which the log was synced when the frame was written.
  uint64_t Add(std::string_view payload, uint64_t synced) {
    const uint64_t position = End();
    std::string frame(FrameBytes(payload.size()), '\0');
    EncodeFrameHeader({.length = static_cast<uint32_t>(payload.size()),
                       .unsynced = static_cast<uint32_t>(position - synced),
                       .payload_check = PayloadCheck(payload)},
                      header_.identity, position, frame.data());
    frame.replace(kFrameHeaderBytes, payload.size(), payload);
    bytes_ += frame;
    return position;
  }
  void AddSeal() { Add("", End()); }
  void AddZeros(size_t count) { bytes_.append(count, '\0'); }
  void Damage(uint64_t position) {
    bytes_[kSegmentHeaderBytes + (position - header_.base) + 8] ^= 1;
  }

  std::unique_ptr<File> OpenFile() {
    files_.SetContents("/s", bytes_);
    return *files_.Open("/s", OpenMode::kRead);
  }
  std::vector<std::string> Payloads(uint64_t from = 0,
                                    uint64_t limit = std::numeric_limits<uint64_t>::max()) {
    const std::unique_ptr<File> file = OpenFile();
    FrameScanner scanner(*file, header_, from, limit);
    std::vector<std::string> payloads;
    while (true) {
      const absl::StatusOr<std::optional<ScannedFrame>> frame = scanner.Next();
      if (!frame.ok() || !frame->has_value()) return payloads;
      payloads.emplace_back((*frame)->payload);
    }
  }
  SegmentTail Tail() { return FindSegmentTail(*OpenFile(), header_).value(); }

  FaultInjectingFileSystem files_;
  SegmentHeader header_;
  std::string bytes_ = std::string(kSegmentHeaderBytes, '\0');
};

TEST_F(FrameScannerTest, FindsFramesFromAnyOfThemOn) {
  const uint64_t a = Add("a", 4096);
  const uint64_t b = Add("bb", 4096);
  const uint64_t c = Add("ccc", 4096);
  EXPECT_THAT(Payloads(), ElementsAre("a", "bb", "ccc"));
  EXPECT_THAT(Payloads(a), ElementsAre("a", "bb", "ccc"));
  EXPECT_THAT(Payloads(b), ElementsAre("bb", "ccc"));
  EXPECT_THAT(Payloads(c), ElementsAre("ccc"));
  EXPECT_THAT(Payloads(End()), IsEmpty());
}

TEST_F(FrameScannerTest, StopsAtTheLimit) {
  Add("a", 4096);
  const uint64_t b = Add("bb", 4096);
  EXPECT_THAT(Payloads(0, b), ElementsAre("a"));
  EXPECT_THAT(Payloads(0, b + 8), ElementsAre("a")) << "a frame beyond the limit does not count";
}

TEST_F(FrameScannerTest, SkipsWhatIsNotIntact) {
  Add("a", 4096);
  const uint64_t b = Add("bb", 4096);
  Add("ccc", 4096);
  Damage(b);
  EXPECT_THAT(Payloads(), ElementsAre("a", "ccc"));
}

TEST_F(FrameScannerTest, FramesLargerThanAWindowsRestAreFound) {
  const std::string large(kMaxLogFrameBytes, 'x');
  for (int i = 0; i < 9; ++i) Add(large, 4096);
  EXPECT_EQ(Payloads().size(), 9u);
}

TEST_F(FrameScannerTest, OldFramesOfARecycledFileAreNotSeen) {
  Add("a", 4096);
  header_.identity.number = 1;
  Add("old", 4096);
  header_.identity.number = 2;
  EXPECT_THAT(Payloads(), ElementsAre("a"));
}

TEST_F(FrameScannerTest, AnEmptySegmentEndsAtItsBase) {
  const SegmentTail tail = Tail();
  EXPECT_EQ(tail.end, 4096u);
  EXPECT_FALSE(tail.sealed);
  EXPECT_FALSE(tail.torn.has_value());
}

TEST_F(FrameScannerTest, ASealEndsTheLogForSure) {
  Add("a", 4096);
  const uint64_t end = End();
  AddSeal();
  AddZeros(8192);
  const SegmentTail tail = Tail();
  EXPECT_EQ(tail.end, end);
  EXPECT_EQ(tail.synced, end);
  EXPECT_TRUE(tail.sealed);
  EXPECT_FALSE(tail.torn.has_value());
}

TEST_F(FrameScannerTest, PreallocatedZerosAreNotATornTail) {
  Add("a", 4096);
  const uint64_t end = End();
  AddZeros(8192);
  const SegmentTail tail = Tail();
  EXPECT_EQ(tail.end, end);
  EXPECT_FALSE(tail.torn.has_value());
}

TEST_F(FrameScannerTest, AHoleThatNobodySyncedEndsTheLog) {
  Add("a", 4096);
  const uint64_t b = Add("bb", 4096);
  Add("ccc", 4096);  // Of the same group: it knew of no sync after 4096.
  Damage(b);
  const SegmentTail tail = Tail();
  EXPECT_EQ(tail.end, b);
  EXPECT_EQ(tail.torn, b);
}

TEST_F(FrameScannerTest, AHoleThatWasSyncedIsDamageAndTheLogGoesOn) {
  Add("a", 4096);
  const uint64_t b = Add("bb", 4096);
  const uint64_t c = End();
  Add("ccc", c);
  Damage(b);
  const SegmentTail tail = Tail();
  EXPECT_EQ(tail.end, End());
  EXPECT_FALSE(tail.torn.has_value());
}

TEST_F(FrameScannerTest, ASealProvesThatTheLastFrameWasThere) {
  const uint64_t a = Add("a", 4096);
  const uint64_t end = End();
  AddSeal();
  Damage(a);
  const SegmentTail tail = Tail();
  EXPECT_EQ(tail.end, end);
  EXPECT_EQ(tail.synced, end);
}

TEST_F(FrameScannerTest, DamageBeforeATornTailIsStillDamage) {
  const uint64_t a = Add("a", 4096);
  const uint64_t b = Add("bb", End());
  const uint64_t c = Add("ccc", b);
  Add("dddd", b);
  Damage(a);
  Damage(c);
  const SegmentTail tail = Tail();
  EXPECT_EQ(tail.end, c);
  EXPECT_EQ(tail.torn, c);
}

}  // namespace
}  // namespace tidegate::storage
