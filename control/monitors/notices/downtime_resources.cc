#include <fmt/format.h>

#include <set>
#include <string>

#include "control/monitors/inventory/service_documents.h"
#include "control/monitors/json/fields.h"
#include "control/monitors/notices/notice_resources.h"
#include "control/monitors/settings/reported_monitors.h"

namespace tidegate::control {
namespace {

namespace json = boost::json;

constexpr size_t kMaxName = 255;
constexpr size_t kMaxMemo = 2048;
constexpr size_t kMaxScopes = 200;
constexpr int64_t kMaxMinutes = 366 * 24 * 60;
constexpr int64_t kMaxEpoch = 253'402'300'799;  // The end of 9999.
constexpr int64_t kMaxInterval = 1000;

void ReadRecurrence(Fields* fields, int64_t start, json::object* downtime) {
  const json::value* const value = fields->Value("recurrence");
  if (value == nullptr) return;
  if (!value->is_object()) return fields->Fail("recurrence", "is not an object");
  Fields inner(value->get_object(), "recurrence.");
  json::object recurrence;
  const auto type = inner.OneOf("type", {"hourly", "daily", "weekly", "monthly", "yearly"});
  if (!type.has_value()) inner.Fail("type", "is missing");
  recurrence["type"] = type.value_or("");
  const auto interval = inner.IntegerIn("interval", 1, kMaxInterval);
  if (!interval.has_value()) inner.Fail("interval", "is missing");
  recurrence["interval"] = interval.value_or(1);
  const auto weekdays = inner.Texts("weekdays");
  if (weekdays.has_value() && !weekdays->empty()) {
    if (type != "weekly") inner.Fail("weekdays", "is for weekly ones only");
    for (const std::string& day : *weekdays) {
      bool known = false;
      for (const char* name :
           {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"}) {
        known = known || day == name;
      }
      if (!known) inner.Fail("weekdays", "has something else than Sunday to Saturday");
    }
    recurrence["weekdays"] = json::array(weekdays->begin(), weekdays->end());
  }
  const auto until = inner.IntegerIn("until", 0, kMaxEpoch);
  if (until.has_value()) {
    if (*until <= start) inner.Fail("until", "is not behind the start");
    recurrence["until"] = *until;
  }
  fields->Update(inner.status());
  (*downtime)["recurrence"] = std::move(recurrence);
}

// The texts of a member, each there and named once.
template <typename IsThere>
std::vector<std::string> ReadScopes(Fields* fields, const char* name, const IsThere& is_there,
                                    json::object* downtime) {
  const auto texts = fields->Texts(name);
  if (!texts.has_value()) return {};
  if (texts->size() > kMaxScopes) fields->Fail(name, "has too many");
  std::set<std::string> seen;
  for (const std::string& text : *texts) {
    if (!is_there(text)) fields->Fail(name, fmt::format("names \"{}\", which is not there", text));
    if (!seen.insert(text).second) fields->Fail(name, fmt::format("names \"{}\" twice", text));
  }
  (*downtime)[name] = json::array(texts->begin(), texts->end());
  return *texts;
}

// What is wanted and what is excluded: nothing may be both.
template <typename IsThere>
void ReadPair(Fields* fields, const char* wanted, const char* excluded, const IsThere& is_there,
              json::object* downtime) {
  const std::vector<std::string> in = ReadScopes(fields, wanted, is_there, downtime);
  const std::vector<std::string> out = ReadScopes(fields, excluded, is_there, downtime);
  const std::set<std::string> all(in.begin(), in.end());
  for (const std::string& text : out) {
    if (!all.contains(text)) continue;
    fields->Fail(excluded, fmt::format("names \"{}\", which is in {} too", text, wanted));
  }
}

}  // namespace

absl::StatusOr<json::object> DowntimeResources::Read(const std::string& tenant,
                                                     const json::object& body,
                                                     const json::object*) {
  const auto catalog = LoadServices(&documents(), tenant);
  if (!catalog.ok()) return catalog.status();
  Fields fields(body);
  json::object downtime{{"id", ""}};
  downtime["name"] = fields.RequiredText("name", kMaxName);
  if (const auto memo = fields.BoundedText("memo", kMaxMemo); memo.has_value()) {
    downtime["memo"] = *memo;
  }
  const auto start = fields.IntegerIn("start", 0, kMaxEpoch);
  if (!start.has_value()) fields.Fail("start", "is missing");
  downtime["start"] = start.value_or(0);
  const auto duration = fields.IntegerIn("duration", 1, kMaxMinutes);
  if (!duration.has_value()) fields.Fail("duration", "is missing");
  downtime["duration"] = duration.value_or(1);
  ReadRecurrence(&fields, start.value_or(0), &downtime);
  absl::Status unavailable;
  const auto service = [&](const std::string& text) {
    const Scope scope = ParseScope(text);
    return scope.role.empty() && Knows(*catalog, scope);
  };
  const auto role = [&](const std::string& text) {
    const Scope scope = ParseScope(text);
    return !scope.role.empty() && Knows(*catalog, scope);
  };
  const auto monitor = [&](const std::string& id) {
    const auto known = IsMonitor(&documents(), tenant, id);
    if (!known.ok()) unavailable.Update(known.status());
    return known.ok() && *known;
  };
  ReadPair(&fields, "serviceScopes", "serviceExcludeScopes", service, &downtime);
  ReadPair(&fields, "roleScopes", "roleExcludeScopes", role, &downtime);
  ReadPair(&fields, "monitorScopes", "monitorExcludeScopes", monitor, &downtime);
  if (!unavailable.ok()) return unavailable;
  if (!fields.ok()) return fields.status();
  return downtime;
}

}  // namespace tidegate::control
