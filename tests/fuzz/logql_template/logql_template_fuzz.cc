// Arbitrary templates: what compiles renders, to the same text or error every time and within the
// bound.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "query/logql/template/functions.h"
#include "query/logql/template/template.h"

namespace {

class Entry : public tidegate::logql::TemplateInput {
 public:
  std::string_view line() const override { return "level=warn \xC3\xBC\xFF"; }
  std::string_view Label(std::string_view name) const override {
    for (const auto& [found, value] : Labels()) {
      if (found == name) return value;
    }
    return {};
  }
  std::vector<std::pair<std::string_view, std::string_view>> Labels() const override {
    return {{"foo", "bl\xC3\xBCp"}, {"n", "-9223372036854775808"}, {"x", "2.5"}};
  }
  absl::Time timestamp() const override { return absl::FromUnixSeconds(1'656'331'200); }
  absl::Time now() const override { return absl::FromUnixSeconds(1'700'000'000); }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tidegate::logql;
  if (size > 4096) return 0;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const absl::StatusOr<Template> compiled = Template::Compile("line", text);
  if (!compiled.ok()) return 0;
  const Entry entry;
  std::string first;
  std::string second;
  const absl::Status status = compiled->Render(entry, &first);
  if (compiled->Render(entry, &second) != status || first != second) std::abort();
  // One action may go beyond the bound by its own value.
  if (first.size() > 3 * kMaxTemplateText) std::abort();
  return 0;
}
