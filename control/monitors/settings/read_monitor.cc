#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "control/monitors/expression/expression.h"
#include "control/monitors/expression/query_text.h"
#include "control/monitors/json/fields.h"
#include "control/monitors/json/short_id.h"
#include "control/monitors/settings/monitor_json.h"

namespace tidegate::control {
namespace {

namespace json = boost::json;

constexpr size_t kMaxName = 255;
constexpr size_t kMaxMemo = 2048;
constexpr size_t kMaxMetric = 255;
constexpr size_t kMaxUrl = 2048;
constexpr size_t kMaxBody = 16384;
constexpr size_t kMaxHeaders = 32;
constexpr size_t kMaxScopes = 100;
constexpr int64_t kMaxNotificationInterval = 366 * 24 * 60;
constexpr int64_t kMaxMissing = 7 * 24 * 60;
constexpr int64_t kMaxCertificateDays = 100'000;

// Reads the members of one monitor; the mistakes gather in `fields`. `checked` is false for what
// was checked before it was stored.
class MonitorReader {
 public:
  MonitorReader(const json::object& object, const MonitorSurroundings& around, bool checked)
      : fields_(object), around_(around), checked_(checked) {}

  absl::StatusOr<Monitor> Read() {
    const std::optional<MonitorKind> kind = ReadKind();
    if (!kind.has_value()) return fields_.status();
    ReadShared(*kind);
    ReadCheck(*kind);
    if (!fields_.ok()) return fields_.status();
    return std::move(monitor_);
  }

 private:
  std::optional<MonitorKind> ReadKind() {
    const std::string type = fields_.RequiredText("type", kMaxName);
    if (!fields_.ok()) return std::nullopt;
    for (int i = 0; i < kMonitorKinds; ++i) {
      const auto kind = static_cast<MonitorKind>(i);
      if (type != MonitorKindName(kind)) continue;
      if (around_.previous != nullptr && around_.previous->kind() != kind) {
        fields_.Fail("type", "cannot be changed");
        return std::nullopt;
      }
      return kind;
    }
    fields_.Fail("type",
                 "is not one of host, connectivity, service, external, expression, "
                 "anomalyDetection, query");
    return std::nullopt;
  }

  void ReadShared(MonitorKind kind) {
    if (kind == MonitorKind::kConnectivity && !fields_.Has("name")) {
      monitor_.name = "connectivity";
    } else {
      monitor_.name = fields_.RequiredText("name", kMaxName);
    }
    monitor_.memo = fields_.BoundedText("memo", kMaxMemo);
    monitor_.is_mute = fields_.Bool("isMute");
    monitor_.notification_interval = fields_.Integer("notificationInterval");
    if (monitor_.notification_interval.has_value() &&
        (*monitor_.notification_interval < 10 ||
         *monitor_.notification_interval > kMaxNotificationInterval)) {
      fields_.Fail("notificationInterval", "is not from 10 minutes to a year");
    }
    if (HasMaxCheckAttempts(kind)) {
      const int64_t usual = kind == MonitorKind::kAnomalyDetection ? 3 : 1;
      monitor_.max_check_attempts = fields_.IntegerIn("maxCheckAttempts", 1, 10).value_or(usual);
    }
  }

  void ReadCheck(MonitorKind kind) {
    switch (kind) {
      case MonitorKind::kHost:
        return ReadHost();
      case MonitorKind::kConnectivity:
        return ReadConnectivity();
      case MonitorKind::kService:
        return ReadService();
      case MonitorKind::kExternal:
        return ReadExternal();
      case MonitorKind::kExpression:
        return ReadExpression();
      case MonitorKind::kAnomalyDetection:
        return ReadAnomaly();
      case MonitorKind::kQuery:
        return ReadQuery();
      case MonitorKind::kCheck:  // Never read: ReadKind does not know it.
        return;
    }
  }

  Thresholds ReadThresholds() {
    Thresholds thresholds;
    const auto text = fields_.OneOf("operator", {">", "<"});
    if (!text.has_value()) fields_.Fail("operator", "is missing");
    thresholds.above = text == ">";
    thresholds.warning = fields_.Number("warning");
    thresholds.critical = fields_.Number("critical");
    return thresholds;
  }

  int64_t ReadDuration() {
    const auto duration = fields_.IntegerIn("duration", 1, 10);
    if (!duration.has_value()) fields_.Fail("duration", "is missing");
    return duration.value_or(1);
  }

  std::vector<std::string> ReadScopes(std::string_view name) {
    std::vector<std::string> scopes = fields_.Texts(name).value_or(std::vector<std::string>());
    if (scopes.size() > kMaxScopes) fields_.Fail(name, fmt::format("has more than {}", kMaxScopes));
    for (const std::string& text : scopes) {
      if (checked_ && !Knows(*around_.services, ParseScope(text))) {
        fields_.Fail(name, fmt::format("names \"{}\": there is no such service or role", text));
      }
    }
    return scopes;
  }

  void CheckService(const std::string& service) {
    if (checked_ && !Knows(*around_.services, {service, ""})) {
      fields_.Fail("service", fmt::format("is \"{}\": there is no such service", service));
    }
  }

  void ReadHost() {
    HostCheck check;
    check.duration = ReadDuration();
    check.metric = fields_.RequiredText("metric", kMaxMetric);
    check.thresholds = ReadThresholds();
    check.scopes = ReadScopes("scopes");
    check.exclude_scopes = ReadScopes("excludeScopes");
    if (IsPercentMetric(check.metric)) {
      CheckPercent("warning", check.thresholds.warning);
      CheckPercent("critical", check.thresholds.critical);
    }
    monitor_.check = std::move(check);
  }

  void CheckPercent(std::string_view name, const std::optional<double>& value) {
    if (value.has_value() && (*value < 0 || *value > 100)) {
      fields_.Fail(name, "is not from 0 to 100 %");
    }
  }

  void ReadConnectivity() {
    ConnectivityCheck check;
    const auto level = fields_.OneOf("alertStatusOnGone", {"CRITICAL", "WARNING"});
    if (level.has_value()) {
      check.on_gone = AlertLevelOf(*level);
    } else if (around_.previous != nullptr) {
      check.on_gone = std::get<ConnectivityCheck>(around_.previous->check).on_gone;
    }
    check.scopes = ReadScopes("scopes");
    check.exclude_scopes = ReadScopes("excludeScopes");
    monitor_.check = std::move(check);
  }

  std::optional<int64_t> ReadMissing(std::string_view name) {
    const auto minutes = fields_.Integer(name);
    if (minutes.has_value() && (*minutes < 10 || *minutes % 10 != 0 || *minutes > kMaxMissing)) {
      fields_.Fail(name, "is not a multiple of 10 minutes up to a week (10080)");
    }
    return minutes;
  }

  void ReadService() {
    ServiceCheck check;
    check.service = fields_.RequiredText("service", kMaxName);
    CheckService(check.service);
    check.duration = ReadDuration();
    check.metric = fields_.RequiredText("metric", kMaxMetric);
    check.thresholds = ReadThresholds();
    check.missing_warning = ReadMissing("missingDurationWarning");
    check.missing_critical = ReadMissing("missingDurationCritical");
    monitor_.check = std::move(check);
  }

  void ReadExternal() {
    ExternalCheck check;
    check.url = fields_.RequiredText("url", kMaxUrl);
    if (!check.url.starts_with("http://") && !check.url.starts_with("https://")) {
      fields_.Fail("url", "does not begin with http:// or https://");
    }
    const auto blank = [](unsigned char c) { return c <= 0x20 || c == 0x7f; };
    const size_t host = check.url.find("://");
    if (std::any_of(check.url.begin(), check.url.end(), blank) || host == check.url.npos ||
        host + 3 == check.url.size() || check.url[host + 3] == '/') {
      fields_.Fail("url", "is not a URL");
    }
    check.method = fields_.OneOf("method", {"GET", "POST", "PUT", "DELETE"}).value_or("GET");
    check.service = fields_.BoundedText("service", kMaxName).value_or("");
    if (!check.service.empty()) CheckService(check.service);
    ReadResponseTime(&check);
    check.contains = fields_.BoundedText("containsString", kMaxUrl);
    const auto days = [&](std::string_view name) {
      return fields_.IntegerIn(name, 0, kMaxCertificateDays);
    };
    check.certificate_warning = days("certificationExpirationWarning");
    check.certificate_critical = days("certificationExpirationCritical");
    check.skip_certificate_verification = fields_.Bool("skipCertificateVerification");
    check.headers = ReadHeaders();
    check.body = fields_.BoundedText("requestBody", kMaxBody);
    check.follow_redirect = fields_.Bool("followRedirect");
    monitor_.check = std::move(check);
  }

  void ReadResponseTime(ExternalCheck* check) {
    check->response_time_warning = fields_.Number("responseTimeWarning");
    check->response_time_critical = fields_.Number("responseTimeCritical");
    check->response_time_duration = fields_.IntegerIn("responseTimeDuration", 1, 10);
    for (const auto& [name, value] :
         {std::pair("responseTimeWarning", check->response_time_warning),
          std::pair("responseTimeCritical", check->response_time_critical)}) {
      if (!value.has_value()) continue;
      if (*value < 0) fields_.Fail(name, "is negative");
      if (check->service.empty()) fields_.Fail(name, "needs a service");
      if (!check->response_time_duration.has_value()) {
        fields_.Fail(name, "needs responseTimeDuration");
      }
    }
    if (check->response_time_duration.has_value() && check->service.empty()) {
      fields_.Fail("responseTimeDuration", "needs a service");
    }
  }

  std::vector<HeaderField> ReadHeaders() {
    const json::value* const value = fields_.Value("headers");
    if (value == nullptr) {
      return around_.previous == nullptr ? DefaultHeaders()
                                         : std::get<ExternalCheck>(around_.previous->check).headers;
    }
    std::vector<HeaderField> headers;
    if (!value->is_array() || value->get_array().size() > kMaxHeaders) {
      fields_.Fail("headers", fmt::format("is not an array of up to {} objects", kMaxHeaders));
      return headers;
    }
    for (const json::value& element : value->get_array()) {
      if (!element.is_object()) {
        fields_.Fail("headers", "is not an array of objects with name and value");
        return headers;
      }
      headers.push_back(ReadHeader(element.get_object()));
    }
    return headers;
  }

  HeaderField ReadHeader(const json::object& object) {
    Fields fields(object, "headers.");
    HeaderField header;
    header.name = fields.RequiredText("name", kMaxName);
    header.value = fields.BoundedText("value", kMaxUrl).value_or("");
    const auto token = [](unsigned char c) {
      return std::isalnum(c) != 0 ||
             std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string::npos;
    };
    // Anything else would begin another field of the request (RFC 9110 section 5.1, 5.5).
    if (!std::all_of(header.name.begin(), header.name.end(), token)) {
      fields.Fail("name", "is not the name of a header field");
    }
    const auto control = [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; };
    if (std::any_of(header.value.begin(), header.value.end(), control)) {
      fields.Fail("value", "has control characters");
    }
    fields_.Update(fields.status());
    return header;
  }

  void ReadExpression() {
    ExpressionCheck check;
    check.expression = fields_.RequiredText("expression", kMaxExpressionBytes);
    check.thresholds = ReadThresholds();
    if (checked_ && fields_.ok()) {
      const auto parsed = ParseExpression(check.expression);
      if (!parsed.ok()) {
        fields_.Fail("expression", fmt::format("is not valid: {}",
                                               std::string_view(parsed.status().message().data(),
                                                                parsed.status().message().size())));
      } else if (!GivesOneSeries(*parsed)) {
        fields_.Fail("expression", "does not give exactly one series");
      }
    }
    monitor_.check = std::move(check);
  }

  std::optional<Sensitivity> ReadSensitivity(std::string_view name) {
    const auto word = fields_.OneOf(name, {"insensitive", "normal", "sensitive"});
    if (word == "insensitive") return Sensitivity::kInsensitive;
    if (word == "normal") return Sensitivity::kNormal;
    if (word == "sensitive") return Sensitivity::kSensitive;
    return std::nullopt;
  }

  void ReadAnomaly() {
    AnomalyCheck check;
    check.scopes = ReadScopes("scopes");
    if (check.scopes.empty()) fields_.Fail("scopes", "is missing");
    check.warning = ReadSensitivity("warningSensitivity");
    check.critical = ReadSensitivity("criticalSensitivity");
    if (!check.warning.has_value() && !check.critical.has_value()) {
      fields_.Fail("warningSensitivity", "and criticalSensitivity are both missing");
    }
    check.training_from = fields_.Integer("trainingPeriodFrom");
    if (check.training_from.has_value() && *check.training_from < 0) {
      fields_.Fail("trainingPeriodFrom", "is negative");
    }
    if (checked_ && check.training_from > absl::ToUnixSeconds(around_.now)) {
      fields_.Fail("trainingPeriodFrom", "is in the future");
    }
    monitor_.check = std::move(check);
  }

  void ReadQuery() {
    QueryCheck check;
    check.query = fields_.RequiredText("query", kMaxMonitorQueryBytes);
    const auto legend = fields_.BoundedText("legend", kMaxMemo);
    if (!legend.has_value()) fields_.Fail("legend", "is missing");
    check.legend = legend.value_or("");
    check.thresholds = ReadThresholds();
    if (checked_) CheckQueryThresholds(check.thresholds);
    if (checked_ && fields_.ok()) {
      if (const auto query = MonitorQuery(check.query); !query.ok()) {
        fields_.Fail("query", fmt::format("is not valid: {}",
                                          std::string_view(query.status().message().data(),
                                                           query.status().message().size())));
      }
    }
    monitor_.check = std::move(check);
  }

  // Both are members of every query monitor, one of them may be null.
  void CheckQueryThresholds(const Thresholds& thresholds) {
    for (const char* name : {"warning", "critical"}) {
      if (!fields_.Names(name)) fields_.Fail(name, "is missing");
    }
    if (!thresholds.warning.has_value() && !thresholds.critical.has_value()) {
      fields_.Fail("warning", "and critical are both null");
    }
  }

  Fields fields_;
  const MonitorSurroundings& around_;
  const bool checked_;
  Monitor monitor_;
};

}  // namespace

absl::StatusOr<Monitor> ReadMonitor(const json::object& object,
                                    const MonitorSurroundings& surroundings) {
  return MonitorReader(object, surroundings, true).Read();
}

absl::StatusOr<Monitor> DecodeMonitor(const json::object& object) {
  absl::StatusOr<Monitor> monitor = MonitorReader(object, {}, false).Read();
  if (!monitor.ok()) {
    return absl::DataLossError(fmt::format(
        "a stored monitor: {}",
        std::string_view(monitor.status().message().data(), monitor.status().message().size())));
  }
  monitor->id = TextOf(object, "id");
  return monitor;
}

}  // namespace tidegate::control
