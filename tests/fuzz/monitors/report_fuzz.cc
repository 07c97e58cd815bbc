// Arbitrary bodies of check reports: what is accepted can be judged, and what is then known of the
// check is stored and reads back the same.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "absl/time/time.h"
#include "control/monitors/reports/check_report.h"
#include "control/monitors/reports/check_state.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tidegate::control;
  const auto reports = ReadCheckReports({reinterpret_cast<const char*>(data), size});
  if (!reports.ok()) return 0;
  if (reports->size() > kMaxReports) std::abort();
  const absl::Time now = absl::FromUnixSeconds(1'700'000'000);
  CheckState state;
  MonitorAlert alert;
  bool open = false;
  for (const CheckReport& report : *reports) {
    if (report.host.empty() || report.name.empty() || report.max_check_attempts < 1) std::abort();
    (void)IsNews(report, state, now);
    const AlertStep step = StepOfReport(report, open ? &alert : nullptr, now, &state);
    if (step.action == AlertAction::kOpen) {
      if (open) std::abort();
      open = true;
      state.alert = "a";
    } else if (step.action == AlertAction::kClose) {
      if (!open) std::abort();
      open = false;
    } else if (step.action != AlertAction::kNone && !open) {
      std::abort();
    }
    alert.level = step.level;
    const auto again = DecodeCheckState({"key", EncodeCheckState(state), 1});
    if (!again.ok() || *again != state) std::abort();
  }
  return 0;
}
