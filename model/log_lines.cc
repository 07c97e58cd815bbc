#include "model/log_lines.h"

#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "fmt/format.h"
#include "spdlog/details/log_msg.h"
#include "spdlog/pattern_formatter.h"

namespace tidegate::model {
namespace {

// In a JSON string, which logfmt's quoted values are as well. Bytes that are no ASCII stay.
std::string Escaped(std::string_view text) {
  std::string escaped;
  for (char c : text) {
    if (c == '"' || c == '\\') {
      escaped += '\\';
      escaped += c;
    } else if (c == '\n') {
      escaped += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      escaped += fmt::format("\\u{:04x}", static_cast<int>(c));
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string_view View(spdlog::string_view_t text) { return {text.data(), text.size()}; }

class StructuredLines final : public spdlog::formatter {
 public:
  explicit StructuredLines(bool json) : json_(json) {}

  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    constexpr char kTime[] = "%Y-%m-%dT%H:%M:%E3SZ";
    const std::string time =
        absl::FormatTime(kTime, absl::FromChrono(message.time), absl::UTCTimeZone());
    const std::string_view level = View(spdlog::level::to_string_view(message.level));
    const std::string text = Escaped(View(message.payload));
    const std::string line =
        json_
            ? fmt::format("{{\"ts\":\"{}\",\"level\":\"{}\",\"msg\":\"{}\"}}\n", time, level, text)
            : fmt::format("ts={} level={} msg=\"{}\"\n", time, level, text);
    out.append(line.data(), line.data() + line.size());
  }

  std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<StructuredLines>(json_);
  }

 private:
  const bool json_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<spdlog::formatter>> LogLines(const std::string& format) {
  if (format == "text") return std::make_unique<spdlog::pattern_formatter>();
  if (format == "logfmt" || format == "json") {
    return std::make_unique<StructuredLines>(format == "json");
  }
  return absl::InvalidArgumentError(
      fmt::format("--log_format={}: there are text, logfmt and json", format));
}

}  // namespace tidegate::model
