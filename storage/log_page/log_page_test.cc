#include "storage/log_page/log_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "storage/log_page/log_page_builder.h"
#include "storage/log_page/log_page_lines.h"
#include "storage/log_page/log_page_metadata.h"

namespace tidegate::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using namespace std::string_view_literals;

struct Entry {
  int64_t timestamp = 0;
  std::string line;
  model::Labels metadata;
};

struct StreamOf {
  uint32_t number = 0;
  std::vector<Entry> entries;
};

std::vector<model::LogEntryView> ViewsOf(const std::vector<Entry>& entries) {
  std::vector<model::LogEntryView> views;
  for (const Entry& entry : entries) {
    views.push_back({entry.timestamp, entry.line, entry.metadata.bytes()});
  }
  return views;
}

LogPageSections Build(const std::vector<StreamOf>& streams) {
  LogPageBuilder builder;
  for (const StreamOf& stream : streams) {
    EXPECT_EQ(builder.Add(stream.number, ViewsOf(stream.entries)), stream.entries.size());
  }
  return builder.Finish();
}

// A stream of these lines, a nanosecond apart.
std::vector<StreamOf> Lines(const std::vector<std::string>& lines) {
  StreamOf stream;
  for (const std::string& line : lines) {
    stream.entries.push_back({static_cast<int64_t>(stream.entries.size()), line, {}});
  }
  return {stream};
}

// Summary and columns.
absl::StatusOr<std::unique_ptr<LogPage>> Parse(const std::vector<std::string>& head) {
  if (head.size() != 3) return absl::DataLossError("sections");
  auto page = LogPage::Parse(head[0]);
  if (!page.ok()) return page;
  if (absl::Status status = (*page)->Load(head[1], head[2]); !status.ok()) return status;
  return page;
}

// Reads everything back and compares.
void ExpectRoundTrip(const std::vector<StreamOf>& streams) {
  LogPageSections sections = Build(streams);
  auto page = Parse(sections.head);
  ASSERT_TRUE(page.ok()) << page.status();
  std::vector<uint32_t> rows((*page)->rows());
  std::iota(rows.begin(), rows.end(), 0);
  auto reader = LogPageLines::Parse(std::move(sections.lines), **page);
  ASSERT_TRUE(reader.ok()) << reader.status();
  const auto built = reader->Build(page->get(), rows);
  ASSERT_TRUE(built.ok()) << built.status();
  const auto times = (*page)->Times();
  const auto sizes = (*page)->Sizes();
  ASSERT_TRUE(times.ok() && sizes.ok());
  LogPageMetadata metadata;
  if ((*page)->has_metadata()) {
    auto parsed = ParseLogPageMetadata(std::move(sections.metadata), (*page)->rows());
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    metadata = *std::move(parsed);
  }
  size_t row = 0;
  ASSERT_EQ((*page)->streams().size(), streams.size());
  for (const StreamOf& stream : streams) {
    const LogPage::Stream* const found = (*page)->Find(stream.number);
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->begin, row);
    EXPECT_EQ(found->first_time, stream.entries.front().timestamp);
    EXPECT_EQ(found->last_time, stream.entries.back().timestamp);
    for (const Entry& entry : stream.entries) {
      ASSERT_LT(row, rows.size());
      EXPECT_EQ((*times)[row], entry.timestamp);
      EXPECT_EQ((*sizes)[row], entry.line.size());
      ASSERT_EQ(built->lines[row], entry.line);
      const model::Labels set =
          (*page)->has_metadata() ? metadata.sets[metadata.numbers[row]] : model::Labels();
      EXPECT_EQ(set, entry.metadata);
      ++row;
    }
  }
  EXPECT_EQ(row, rows.size());
  // Some rows alone give the same lines.
  std::vector<uint32_t> some;
  for (uint32_t i = 0; i < rows.size(); i += 3) some.push_back(i);
  const auto again = reader->Build(page->get(), some);
  ASSERT_TRUE(again.ok());
  for (size_t i = 0; i < some.size(); ++i) ASSERT_EQ(again->lines[i], built->lines[some[i]]);
}

TEST(LogPageTest, LinesOfOneTemplate) {
  std::vector<std::string> lines;
  for (int i = 0; i < 300; ++i) {
    lines.push_back("took " + std::to_string(i * 37 % 1000) + "ms, user " + std::to_string(i) +
                    " id 0" + std::to_string(100 + i) + " from 10.0.0." + std::to_string(i % 250));
  }
  ExpectRoundTrip(Lines(lines));
  LogPageSections sections = Build(Lines(lines));
  const auto page = Parse(sections.head);
  ASSERT_EQ((*page)->templates().size(), 1u);
  EXPECT_EQ((*page)->templates()[0].lines.text, "took \x01ms, user \x01 id \x01 from 10.0.0.\x01")
      << "what never varies is put back";
}

TEST(LogPageTest, WordsThatDifferMuchAreTexts) {
  std::vector<std::string> lines;
  for (int i = 0; i < 300; ++i) {
    const std::string name = "lib" + std::string(1, static_cast<char>('a' + i % 23)) + "x" +
                             std::string(static_cast<size_t>(i % 7), 'q') + "-dev";
    lines.push_back("12:00:" + std::to_string(10 + i % 50) + " status unpacked " + name +
                    ":amd64 " + std::to_string(i % 9) + "." + std::to_string(i) + "-" +
                    name.substr(0, 4));
    lines.push_back("12:00:" + std::to_string(10 + i % 50) + " configure " + name +
                    ":amd64 <none> of " + std::to_string(i));
  }
  ExpectRoundTrip(Lines(lines));
  LogPageSections sections = Build(Lines(lines));
  const auto page = Parse(sections.head);
  ASSERT_EQ((*page)->templates().size(), 2u);
  EXPECT_EQ((*page)->templates()[0].lines.text, "12:00:\x01 status unpacked lib\x03 \x03");
  EXPECT_EQ((*page)->templates()[1].lines.text, "12:00:\x01 configure lib\x03 <none> of \x01");
  EXPECT_EQ((*page)->families()[0].columns[0], (*page)->families()[1].columns[0])
      << "what stands before is the same";
  auto reader = LogPageLines::Parse(sections.lines, **page);
  const auto built = reader->Build(page->get(), std::vector<uint32_t>{1, 4});
  EXPECT_THAT(built->lines, ElementsAre(lines[1], lines[4]));
}

TEST(LogPageTest, EmptyBinaryAndHugeLines) {
  std::string every;
  for (int byte = 0; byte < 256; ++byte) every.push_back(static_cast<char>(byte));
  std::string huge(3 << 20, 'x');
  for (size_t i = 0; i < huge.size(); i += 7) huge[i] = static_cast<char>(i);
  ExpectRoundTrip(Lines({""}));
  ExpectRoundTrip(Lines(
      {"", "", "a", "", every, every + "1", "\x01", "a\x02 5", std::string("\0 7", 3) + "x"}));
  ExpectRoundTrip(Lines({"before 1", huge}));
  ExpectRoundTrip(Lines({std::string(kMaxSplitLine, '7'), std::string(kMaxSplitLine + 1, '7')}));
}

TEST(LogPageTest, NumbersAtTheirEdges) {
  const std::vector<std::string> numbers = {"0",
                                            "00",
                                            "1",
                                            "9",
                                            "10",
                                            "99",
                                            "100",
                                            "007",
                                            "18446744073709551615",
                                            "9999999999999999999",
                                            "10000000000000000000",
                                            "0000000000000000000000001",
                                            "9223372036854775807",
                                            "1234567890123456789"};
  std::vector<std::string> lines;
  for (int repeat = 0; repeat < 5; ++repeat) {
    for (const std::string& number : numbers) lines.push_back("n=" + number + ";");
  }
  ExpectRoundTrip(Lines(lines));
  for (const std::string& number : numbers) {
    ExpectRoundTrip(Lines({"a " + number + " b", "a 5 b", "a 77 b", "a 5 b"}));
  }
}

TEST(LogPageTest, WordsHexadecimalAndNot) {
  std::vector<std::string> lines;
  std::mt19937_64 random(7);
  for (int i = 0; i < 200; ++i) {
    const uint64_t n = random();
    char text[128];
    std::snprintf(text, sizeof text, "id=%016llx U=%08llX short=%llx host=web%llu x=k%llug%llup2q",
                  static_cast<unsigned long long>(n),
                  static_cast<unsigned long long>(n % 4294967296),
                  static_cast<unsigned long long>(n % 4096), static_cast<unsigned long long>(n % 3),
                  static_cast<unsigned long long>(n % 10), static_cast<unsigned long long>(n % 7));
    lines.emplace_back(text);
  }
  ExpectRoundTrip(Lines(lines));
}

TEST(LogPageTest, RandomLines) {
  std::mt19937_64 random(11);
  const std::string_view alphabet = "ab01 9.:fFz-\xC3\xA9\n\t\x01";
  for (int round = 0; round < 30; ++round) {
    std::vector<StreamOf> streams;
    for (uint32_t s = 0; s < 1 + random() % 4; ++s) {
      StreamOf stream{.number = s * 3 + 1, .entries = {}};
      int64_t time = static_cast<int64_t>(random());
      for (size_t i = 0; i < 1 + random() % 200; ++i) {
        Entry& entry = stream.entries.emplace_back();
        entry.timestamp = time;
        if (time < INT64_MAX - 5'000'000) time += static_cast<int64_t>(random() % 5 * 1'000'000);
        const size_t length = random() % 40;
        for (size_t c = 0; c < length; ++c) entry.line += alphabet[random() % alphabet.size()];
        if (round % 3 == 0) {
          entry.metadata = model::Labels({{"n", std::to_string(random() % (round + 2))}});
        }
      }
      streams.push_back(std::move(stream));
    }
    ExpectRoundTrip(streams);
  }
}

TEST(LogPageTest, TimesAtTheEdgesAndAtOneNanosecond) {
  StreamOf edges{.number = 0,
                 .entries = {{INT64_MIN, "a", {}}, {0, "b", {}}, {INT64_MAX, "c", {}}}};
  StreamOf equal{.number = 9, .entries = {{5, "z", {}}, {5, "y", {}}, {5, "x", {}}, {6, "y", {}}}};
  ExpectRoundTrip({edges, equal});
}

TEST(LogPageTest, APageIsBounded) {
  LogPageBuilder builder;
  const std::string line(kFullPageText / 2, 'x');
  const std::vector<Entry> entries(5, {0, line, {}});
  EXPECT_EQ(builder.Add(0, ViewsOf(entries)), 2u);
  EXPECT_TRUE(builder.full());
  EXPECT_EQ(builder.Add(0, ViewsOf(entries)), 0u);
  builder.Finish();
  const std::vector<Entry> empty(kFullPageRows + 1);
  EXPECT_EQ(builder.Add(0, ViewsOf(empty)), kFullPageRows);
}

TEST(LogPageTest, TheSameEntriesMakeTheSameBytes) {
  LogPageBuilder builder;
  const std::vector<StreamOf> streams = Lines({"a 1", "b 2", "a 3", "a 4", "a 5", "c"});
  builder.Add(0, ViewsOf(streams[0].entries));
  const LogPageSections first = builder.Finish();
  builder.Add(0, ViewsOf(streams[0].entries));
  const LogPageSections again = builder.Finish();
  EXPECT_EQ(first.head, again.head);
  EXPECT_EQ(first.lines, again.lines);
}

// The bytes of docs/formats/log-page.md.
TEST(LogPageTest, GoldenBytes) {
  const LogPageSections sections =
      Build({StreamOf{.number = 2,
                      .entries = {{1000, "up 5", {}},
                                  {3000, "up 7", model::Labels({{"l", "i"}})},
                                  {5000, "up 6", {}},
                                  {7000, "no", {}}}}});
  EXPECT_EQ(sections.head[0],
            "\x04\x0e\x01"                  // 4 entries, 14 bytes, metadata
            "\x01\x02\x04\xd0\x0f\xf0\x2e"  // 1 stream: number 2, 4 rows, 1000, + 6000
            "\x01\x04up \x01\x10"           // digits; texts of patterns; the filter
            "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"sv);
  EXPECT_EQ(sections.head[1],
            "\x01\x00\x02"                  // microseconds, constant 2
            "\x01\x01\x01"                  // 1 column: digits, 1 at most
            "\x02\x01\x00\x00\x01"          // 2 templates, frame of 1 plane: unit 0
            "\x01\x03\x04\x00"              // pattern of 3 rows, 4 bytes, family 0
            "\x00\x01\x00\x02"              // plain of 1 row; sizes 2
            "\x01\x01\x00\x00\x01"          // 1 family: 1 mark, column 0; sizes 1 + 3
            "\x04\x04\0\0\0\0\0\0\0\0\0\0"  // six shared frames, the first of 4 bytes
            "\x01\x04\x00"sv);              // 1 unit of 4, in the first
  EXPECT_EQ(sections.head[2], "\0\0\0\1"sv);
  EXPECT_EQ(sections.lines[0],
            "\x00\x02\x05\x01\x00\x01"  // numbers: 5, then from -1, 1 plane: unit 0
            "\x00"                      // no dictionary
            "\x02\x02\0\0\0\0\0\0\0\0\x02\x02\x02\x02\x00\x02\x05"sv);
  EXPECT_EQ(sections.lines[1], "\3\0no"sv);
  EXPECT_EQ(sections.metadata[0],
            "\x02\x01\x00\x00\x01"
            "\x04\x04\0\0\0\0\x0a\x0a\0\0\0\0\x02\x04\x00\x0a\x03"sv);
  EXPECT_EQ(sections.metadata[1], "\0\1\0\0\0\10\n\6\n\1l\22\1i"sv);
}

TEST(LogPageTest, DamagedBytesAreDataLossOrOtherLines) {
  std::vector<std::string> lines;
  for (int i = 0; i < 40; ++i) {
    lines.push_back("took " + std::to_string(i) + "ms id " + std::to_string(i * 7919 % 64) +
                    "f1a9 of " + std::string(static_cast<size_t>(1 + i * 5 % 13), 'u'));
  }
  lines.push_back("plain");
  const LogPageSections whole = Build(Lines(lines));
  for (int part = 0; part < 5; ++part) {
    const std::string& bytes = part < 3 ? whole.head[part] : whole.lines[part - 3];
    for (size_t at = 0; at < bytes.size(); ++at) {
      LogPageSections damaged = whole;
      (part < 3 ? damaged.head[part] : damaged.lines[part - 3])[at] ^= 0x15;
      auto page = Parse(damaged.head);
      if (!page.ok()) {
        EXPECT_TRUE(absl::IsDataLoss(page.status()));
        continue;
      }
      auto reader = LogPageLines::Parse(std::move(damaged.lines), **page);
      if (!reader.ok()) {
        EXPECT_THAT(std::string(reader.status().message()), HasSubstr("log page"));
        continue;
      }
      std::vector<uint32_t> rows((*page)->rows());
      std::iota(rows.begin(), rows.end(), 0);
      const auto built = reader->Build(page->get(), rows);
      EXPECT_TRUE(built.ok() || absl::IsDataLoss(built.status())) << built.status();
    }
  }
}

TEST(LogPageTest, CutOffSectionsAreDataLoss) {
  const LogPageSections whole = Build(Lines({"a 1", "a 2", "a 3", "b"}));
  for (int part = 0; part < 2; ++part) {
    for (size_t size = 0; size < whole.head[part].size(); ++size) {
      std::vector<std::string> head = whole.head;
      head[part].resize(size);
      EXPECT_TRUE(absl::IsDataLoss(Parse(head).status())) << part << ", " << size;
    }
  }
  const auto page = Parse(whole.head);
  for (size_t size = 0; size < whole.lines[0].size(); ++size) {
    EXPECT_TRUE(absl::IsDataLoss(
        LogPageLines::Parse({whole.lines[0].substr(0, size), whole.lines[1]}, **page).status()));
  }
}

}  // namespace
}  // namespace tidegate::storage
