// Log pages alone: how far lines shrink, how fast they are sealed and built again.
//
//   bazel run -c opt //bench:log_page -- --lines=/tmp/lines --streams=200
#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <numeric>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "storage/log_page/log_page.h"
#include "storage/log_page/log_page_builder.h"
#include "storage/log_page/log_page_lines.h"

ABSL_FLAG(std::string, lines, "", "file of log lines");
ABSL_FLAG(int, streams, 200, "line i belongs to stream i modulo this");
ABSL_FLAG(int, only, -1, "this stream alone, modulo 8");

namespace tidegate::bench {
namespace {

double CpuSeconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

struct Totals {
  uint64_t text = 0, rows = 0, head = 0, lines = 0, pages = 0, templates = 0;
  double sealing = 0, building = 0;
  uint64_t wrong = 0;
};

uint64_t SizeOf(const std::vector<std::string>& sections) {
  storage::Compressor compressor;
  uint64_t size = sections.back().size();
  // All but the columns is compressed by the envelope.
  for (size_t i = 0; i + 1 < sections.size(); ++i) size += compressor.Compress(sections[i]).size();
  return size;
}

void Check(storage::LogPageSections sections, const std::vector<std::string>& lines, size_t first,
           Totals* totals) {
  totals->head += SizeOf(sections.head);
  totals->lines += SizeOf(sections.lines);
  const double begin = CpuSeconds();
  auto page = storage::LogPage::Parse(std::move(sections.head[0]));
  absl::Status status = page.status();
  if (status.ok()) status = (*page)->Load(sections.head[1], sections.head[2]);
  if (!status.ok()) {
    fmt::print("{}\n", status.ToString());
    ++totals->wrong;
    return;
  }
  auto built_lines = storage::LogPageLines::Parse(std::move(sections.lines), **page);
  std::vector<uint32_t> rows((*page)->rows());
  std::iota(rows.begin(), rows.end(), 0);
  auto built = built_lines->Build(page->get(), rows);
  totals->building += CpuSeconds() - begin;
  totals->templates += (*page)->templates().size();
  if (!built.ok()) {
    fmt::print("{}\n", built.status().ToString());
    ++totals->wrong;
    return;
  }
  for (size_t i = 0; i < rows.size(); ++i) totals->wrong += built->lines[i] != lines[first + i];
}

int Main() {
  std::ifstream in(absl::GetFlag(FLAGS_lines));
  const size_t count = static_cast<size_t>(absl::GetFlag(FLAGS_streams));
  std::vector<std::vector<std::string>> streams(count);
  std::string line;
  for (size_t i = 0; std::getline(in, line); ++i) streams[i % count].push_back(line);

  Totals totals;
  storage::LogPageBuilder builder;
  for (size_t s = 0; s < count; ++s) {
    if (absl::GetFlag(FLAGS_only) >= 0 && s % 8 != static_cast<size_t>(absl::GetFlag(FLAGS_only)))
      continue;
    // Copies, so that reading lines which lie apart is not part of the figure.
    const std::vector<std::string> lines = streams[s];
    std::vector<model::LogEntryView> entries;
    int64_t time = 1'700'000'000'000'000'000;
    for (const std::string& one : lines) {
      entries.push_back({time += 1'200'000, one, {}});
      totals.text += one.size() + 1;
    }
    totals.rows += lines.size();
    for (size_t first = 0; first < lines.size();) {
      const double begin = CpuSeconds();
      const size_t taken = builder.Add(0, std::span(entries).subspan(first));
      storage::LogPageSections sections = builder.Finish();
      totals.sealing += CpuSeconds() - begin;
      ++totals.pages;
      Check(std::move(sections), lines, first, &totals);
      first += taken;
    }
  }
  const auto text = static_cast<double>(totals.text);
  fmt::print(
      "{{\"text_mb\": {:.1f}, \"lines\": {}, \"pages\": {}, \"templates_a_page\": {:.1f}, "
      "\"head_bytes\": {}, \"line_bytes\": {}, \"ratio\": {:.2f}, \"seal_mb_s\": {:.0f}, "
      "\"build_mb_s\": {:.0f}, \"wrong\": {}}}\n",
      text / 1e6, totals.rows, totals.pages,
      static_cast<double>(totals.templates) / static_cast<double>(totals.pages), totals.head,
      totals.lines, text / static_cast<double>(totals.head + totals.lines),
      text / 1e6 / totals.sealing, text / 1e6 / totals.building, totals.wrong);
  return totals.wrong == 0 ? 0 : 1;
}

}  // namespace
}  // namespace tidegate::bench

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("seals and reads --lines as log pages");
  absl::ParseCommandLine(argc, argv);
  return tidegate::bench::Main();
}
