// Decodes arbitrary bytes as the outlines of a segment's log pages: the two sections as PutBytes
// wrote them, behind their checksum. What parses is asked for literals and expressions.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "model/request_context.h"
#include "storage/codec/bytes.h"
#include "storage/logs/template_filter.h"
#include "storage/page/log_outlines.h"
#include "storage/page/log_page_screen.h"

namespace tidegate::storage {
namespace {

class NoPages final : public PageSource {
 public:
  absl::StatusOr<std::string> Read(std::string_view) const override {
    return absl::NotFoundError("none");
  }
};

const std::vector<LineTest>& TestsOf(int i) {
  static const auto* const all = new std::vector<std::vector<LineTest>>{
      {{LineTest::Kind::kContains, {"a1", "7", "took 1"}, false}},
      {{LineTest::Kind::kContains, {"98761234567"}, false},
       {LineTest::Kind::kContains, {"x"}, true}},
      {{LineTest::Kind::kMatches, {"(?i)ab+c", "[0-9]{2}.*x$"}, false}}};
  return (*all)[static_cast<size_t>(i)];
}

void Ask(const std::shared_ptr<const LogOutlines>& outlines) {
  const NoPages pages;
  const model::RequestContext context;
  for (int i = 0; i < 3; ++i) {
    const TemplateFilter filter(TestsOf(i));
    LogPageScreen screen(
        {.id = {}, .outlines = outlines, .filter = &filter, .source = &pages, .context = &context});
    for (const LogOutlines::Page& page : outlines->pages()) {
      const auto may_pass = screen.MayPass(page.ordinal);
      if (!may_pass.ok() || screen.LeavesOut(page.ordinal) == *may_pass) std::abort();
    }
  }
}

}  // namespace
}  // namespace tidegate::storage

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tidegate::storage;  // NOLINT: the function must be global.
  ByteReader in(std::string_view(reinterpret_cast<const char*>(data), size));
  std::vector<std::string> sections;
  for (int i = 0; i < 2; ++i) sections.emplace_back(in.Bytes());
  const auto outlines = LogOutlines::Parse(std::move(sections));
  if (!outlines.ok()) return 0;
  for (const LogOutlines::Page& page : (*outlines)->pages()) {
    if ((*outlines)->Find(page.ordinal) != &page) std::abort();
    const auto outline = ParseOutline(page.outline, (*outlines)->marks());
    if (!outline.ok()) continue;
    for (const PageOutline::Template& one : outline->templates) {
      if ((*outlines)->marks()[one.text] != outline->families[one.family].size()) std::abort();
    }
  }
  Ask(*outlines);
  return 0;
}
