// Arbitrary JSON as a monitor and as a downtime: what is accepted is written and reads back the
// same.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "control/monitors/json/fields.h"
#include "control/monitors/json/json_text.h"
#include "control/monitors/notices/downtime.h"
#include "control/monitors/settings/monitor_json.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tidegate::control;
  const auto object = ParseJsonObject({reinterpret_cast<const char*>(data), size});
  if (!object.ok()) return 0;
  const Downtime downtime = DecodeDowntime(*object);
  (void)IsActive(downtime, absl::FromUnixSeconds(1'700'000'000));
  const ServiceCatalog services = {{"blog", {"db"}}};
  const MonitorSurroundings around{&services, absl::FromUnixSeconds(1'700'000'000), nullptr};
  const auto monitor = ReadMonitor(*object, around);
  if (!monitor.ok()) return 0;
  const auto text = ParseJsonObject(JsonText(WriteMonitor(*monitor)));
  if (!text.ok()) std::abort();
  const auto stored = DecodeMonitor(*text);
  if (!stored.ok() || *stored != *monitor) std::abort();
  if (!ReadMonitor(*text, around).ok()) std::abort();
  return 0;
}
