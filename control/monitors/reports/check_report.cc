#include "control/monitors/reports/check_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "control/monitors/json/fields.h"

namespace tidegate::control {
namespace {

namespace json = boost::json;

constexpr size_t kMaxName = 255;
constexpr size_t kMaxMessage = 1024;
constexpr int64_t kShortestInterval = 10;

std::string ReadHostId(Fields* report, const std::string& where) {
  const json::value* const source = report->Value("source");
  if (source == nullptr || !source->is_object()) {
    report->Fail("source", "is not an object");
    return "";
  }
  Fields fields(source->get_object(), where + "source.");
  if (!fields.OneOf("type", {"host"}).has_value()) fields.Fail("type", "is missing");
  std::string id = fields.RequiredText("hostId", kMaxName);
  report->Update(fields.status());
  return id;
}

absl::StatusOr<CheckReport> ReadReport(const json::object& object, const std::string& where) {
  Fields fields(object, where);
  CheckReport report;
  report.host = ReadHostId(&fields, where);
  report.name = fields.RequiredText("name", kMaxName);
  const auto level = fields.OneOf("status", {"OK", "WARNING", "CRITICAL", "UNKNOWN"});
  if (!level.has_value()) fields.Fail("status", "is missing");
  report.level = AlertLevelOf(level.value_or(""));
  const auto message = fields.BoundedText("message", kMaxMessage);
  if (!message.has_value()) fields.Fail("message", "is missing");
  report.message = message.value_or("");
  const auto at = fields.Integer("occurredAt");
  if (!at.has_value() || *at < 0) fields.Fail("occurredAt", "is not a number of seconds");
  report.occurred_at = at.value_or(0);
  const auto interval = fields.Integer("notificationInterval");
  if (interval.has_value()) report.notification_interval = std::max(kShortestInterval, *interval);
  report.max_check_attempts = fields.IntegerIn("maxCheckAttempts", 1, 10).value_or(1);
  if (!fields.ok()) return fields.status();
  return report;
}

}  // namespace

absl::StatusOr<std::vector<CheckReport>> ReadCheckReports(std::string_view body) {
  const auto object = ParseJsonObject(body);
  if (!object.ok()) return object.status();
  const json::value* const list = object->if_contains("reports");
  if (list == nullptr || !list->is_array() || list->get_array().size() > kMaxReports) {
    return absl::InvalidArgumentError(
        fmt::format("reports is not an array of up to {} objects", kMaxReports));
  }
  std::vector<CheckReport> reports;
  for (const json::value& element : list->get_array()) {
    const std::string where = fmt::format("reports[{}].", reports.size());
    if (!element.is_object()) return absl::InvalidArgumentError(where + " is not an object");
    absl::StatusOr<CheckReport> report = ReadReport(element.get_object(), where);
    if (!report.ok()) return report.status();
    reports.push_back(*std::move(report));
  }
  return reports;
}

}  // namespace tidegate::control
