// Writes the seeds of log_page_fuzz: the values of small pages, one file per page; and those of
// log_outlines_fuzz.
//
//   bazel run //tests/fuzz/log_page:write_seeds -- DIRECTORY

#include <fstream>
#include <string>
#include <vector>

#include "model/labels.h"
#include "storage/codec/bytes.h"
#include "storage/log_page/log_page_builder.h"
#include "storage/page/log_outlines.h"

namespace tidegate::storage {
namespace {

// Two streams of these lines, `step` nanoseconds apart.
LogPageSections PageOf(const std::vector<std::string>& lines, int64_t step, bool metadata) {
  const model::Labels sets[] = {model::Labels({{"level", "info"}}),
                                model::Labels({{"level", "warn"}, {"trace", "4f"}})};
  LogPageBuilder builder;
  for (uint32_t stream = 1; stream <= 2; ++stream) {
    std::vector<model::LogEntryView> entries;
    for (size_t i = 0; i < lines.size(); ++i) {
      entries.push_back({.timestamp = 1'700'000'000'000'000'000 + static_cast<int64_t>(i) * step,
                         .line = lines[i],
                         .structured_metadata = {}});
      if (metadata) entries.back().structured_metadata = sets[i % 2].bytes();
    }
    builder.Add(stream, entries);
  }
  return builder.Finish();
}

std::string Seed(const std::vector<std::string>& lines, int64_t step, bool metadata) {
  const LogPageSections sections = PageOf(lines, step, metadata);
  std::string seed;
  for (const auto* value : {&sections.head, &sections.lines, &sections.metadata}) {
    const size_t count = value == &sections.head ? 3 : 2;
    for (size_t i = 0; i < count; ++i) PutBytes(i < value->size() ? (*value)[i] : "", &seed);
  }
  return seed;
}

// The outlines of a page for each of these.
std::string OutlinesSeed(const std::vector<std::vector<std::string>>& pages) {
  LogOutlinesBuilder builder;
  uint32_t ordinal = 0;
  for (const std::vector<std::string>& lines : pages) {
    const LogPageSections sections = PageOf(lines, 1, false);
    builder.Add(ordinal++, sections.outline, sections.texts, sections.filter);
  }
  std::string seed;
  for (const std::string& section : builder.Finish()) PutBytes(section, &seed);
  return seed;
}

}  // namespace
}  // namespace tidegate::storage

int main(int argc, char** argv) {
  using tidegate::storage::OutlinesSeed;
  using tidegate::storage::Seed;
  if (argc != 2) return 2;
  std::vector<std::string> numbers, words, plain, texts;
  for (int i = 0; i < 60; ++i) {
    numbers.push_back("took " + std::to_string(i * 37 % 101) + " ms of 0" + std::to_string(10 + i));
    words.push_back("id " + std::to_string(i * 7919 % 97) + "f0a9 user u" + std::to_string(i % 3) +
                    "x" + std::to_string(i % 5) + "y7z");
    texts.push_back("took " + std::to_string(i) + " for " +
                    std::string(static_cast<size_t>(1 + i * 5 % 13), 'u') + "/a" +
                    std::to_string(i % 7) + (i % 3 == 0 ? " or" : " and not"));
    plain.push_back(std::string(static_cast<size_t>(i % 7), 'a') + (i % 2 == 0 ? "\x01" : "b"));
  }
  const auto write = [&](const std::string& name, const std::string& seed) {
    std::ofstream(std::string(argv[1]) + "/log_page_fuzz/" + name, std::ios::binary) << seed;
  };
  const auto write_outlines = [&](const std::string& name, const std::string& seed) {
    std::ofstream(std::string(argv[1]) + "/log_outlines_fuzz/" + name, std::ios::binary) << seed;
  };
  write("numbers", Seed(numbers, 1'000'000, false));
  write("words", Seed(words, 333, true));
  write("plain", Seed(plain, 0, true));
  write("texts", Seed(texts, 7, false));
  write("one_line", Seed({"up 5"}, 1, false));
  write_outlines("one_page", OutlinesSeed({numbers}));
  write_outlines("all", OutlinesSeed({numbers, words, numbers, plain, texts}));
  return 0;
}
