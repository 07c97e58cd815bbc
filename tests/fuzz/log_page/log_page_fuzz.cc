// Decodes arbitrary bytes as the three values of a log page. The checksums would stop a fuzzer at
// the door, so it starts behind them: the sections of the head, the lines and the
// metadata, as PutBytes wrote them. Whatever parses is decoded to the end.

#include <cstdint>
#include <cstdlib>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include "storage/codec/bytes.h"
#include "storage/log_page/log_page.h"
#include "storage/log_page/log_page_lines.h"
#include "storage/log_page/log_page_metadata.h"
#include "storage/logs/template_filter.h"
#include "storage/page/log_page_search.h"

namespace tidegate::storage {
namespace {

std::vector<LineTest> Tests() {
  return {{LineTest::Kind::kContains, {"a1", "7", "took 1"}, false},
          {LineTest::Kind::kMatches, {"(?i)ab+c", "[0-9]{2}.*x$"}, true}};
}

void JudgeTemplates(LogPage* page) {
  const TemplateFilter filter(Tests());
  std::vector<LineTemplate> templates;
  for (const LogPage::Template& one : page->templates()) templates.push_back(one.lines);
  const TemplateFilter::Page summary = {
      .texts = page->texts(), .classes = page->variable_classes(), .filter = page->filter()};
  const auto verdicts = filter.Judge(summary, templates);
  if (!filter.NonePasses(summary)) return;
  for (const Verdict verdict : verdicts) {
    if (verdict != Verdict::kNone) std::abort();
  }
}

// A damaged page may say anything, but it is asked within its bounds.
void Search(LogPage* page, LogPageLines* lines) {
  const auto numbers = page->TemplateNumbers();
  if (!numbers.ok()) return;
  const TemplateFilter filter(Tests());
  std::vector<Verdict> verdicts(page->templates().size(), Verdict::kMaybe);
  LogPageSearch search([lines] { return lines; }, filter);
  if (!search.Settle(TemplatesOf(*page), &verdicts).ok()) return;
  std::vector<std::vector<uint32_t>> rows(verdicts.size());
  for (uint32_t row = 0; row < page->rows(); ++row) rows[(*numbers)[row]].push_back(row);
  for (uint32_t i = 0; i < verdicts.size(); ++i) {
    if (verdicts[i] != Verdict::kMaybe) continue;
    const auto judged = search.Judge(page, rows[i], i);
    if (judged.ok() && judged->size() != rows[i].size()) std::abort();
  }
}

void DecodeLines(LogPage* page, std::vector<std::string> sections) {
  auto lines = LogPageLines::Parse(std::move(sections), *page);
  if (!lines.ok()) return;
  Search(page, &*lines);
  std::vector<uint32_t> rows(page->rows());
  std::iota(rows.begin(), rows.end(), 0);
  const auto built = lines->Build(page, rows);
  if (!built.ok()) return;
  uint64_t bytes = 0;
  for (const std::string_view line : built->lines) bytes += line.size();
  if (bytes != page->text_bytes()) std::abort();
}

void DecodePage(std::vector<std::vector<std::string>> values) {
  auto page = LogPage::Parse(std::move(values[0][0]));
  if (!page.ok()) return;
  if (!(*page)->Load(std::move(values[0][1]), std::move(values[0][2])).ok()) return;
  for (const LogPage::Stream& stream : (*page)->streams()) {
    if ((*page)->Find(stream.number) != &stream) std::abort();
  }
  if (const auto times = (*page)->Times(); times.ok()) {
    for (const LogPage::Stream& stream : (*page)->streams()) {
      if ((*times)[stream.begin] != stream.first_time) std::abort();
      if ((*times)[stream.end - 1] != stream.last_time) std::abort();
    }
  }
  JudgeTemplates(page->get());
  DecodeLines(page->get(), std::move(values[1]));
  const auto metadata = ParseLogPageMetadata(std::move(values[2]), (*page)->rows());
  if (!metadata.ok()) return;
  for (const uint32_t number : metadata->numbers) {
    if (number >= metadata->sets.size()) std::abort();
  }
}

}  // namespace
}  // namespace tidegate::storage

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tidegate::storage;  // NOLINT: the function must be global.
  ByteReader in(std::string_view(reinterpret_cast<const char*>(data), size));
  std::vector<std::vector<std::string>> values(3);
  for (std::vector<std::string>& sections : values) {
    const int count = &sections == &values[0] ? 3 : 2;
    for (int i = 0; i < count; ++i) sections.emplace_back(in.Bytes());
  }
  DecodePage(std::move(values));
  return 0;
}
