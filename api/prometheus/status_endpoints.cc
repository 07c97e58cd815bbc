#include "api/prometheus/status_endpoints.h"

#include <unistd.h>

#include <array>
#include <string_view>

#include "api/prometheus/envelope.h"

namespace tidegate::api {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

// An answer that is the same for the life of the process.
ApiEndpoint StringFields(Fields fields) {
  return [fields = std::move(fields)](const ApiRequest&, ResponseWriter& response) {
    Envelope envelope(&response);
    envelope.data().BeginObject();
    for (const auto& [name, value] : fields) {
      envelope.data().Key(name);
      envelope.data().String(value);
    }
    envelope.data().EndObject();
    envelope.Finish();
    return absl::OkStatus();
  };
}

std::string Rfc3339(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", time, absl::UTCTimeZone());
}

std::string HostName() {
  std::array<char, 256> name = {};
  if (gethostname(name.data(), name.size() - 1) != 0) return {};
  return name.data();
}

}  // namespace

ApiEndpoint BuildInfoEndpoint(std::string version, std::string revision, std::string build_date) {
  return StringFields({{"version", std::move(version)},
                       {"revision", std::move(revision)},
                       {"branch", ""},
                       {"buildUser", ""},
                       {"buildDate", std::move(build_date)},
                       {"goVersion", ""}});
}

ApiEndpoint RuntimeInfoEndpoint(RuntimeFacts facts, const model::Clock* clock) {
  return [facts = std::move(facts), host = HostName(), clock](const ApiRequest&,
                                                              ResponseWriter& response) {
    Envelope envelope(&response);
    JsonWriter& json = envelope.data();
    const auto field = [&json](std::string_view name, std::string_view value) {
      json.Key(name);
      json.String(value);
    };
    json.BeginObject();
    field("startTime", Rfc3339(facts.start_time));
    field("CWD", facts.working_directory);
    field("hostname", host);
    field("serverTime", Rfc3339(clock->Now()));
    // The configuration is read once, at the start, and a bad one ends the process.
    json.Key("reloadConfigSuccess");
    json.Bool(true);
    field("lastConfigTime", Rfc3339(facts.start_time));
    field("storageRetention", facts.storage_retention);
    json.EndObject();
    envelope.Finish();
    return absl::OkStatus();
  };
}

ApiEndpoint FlagsEndpoint(Fields flags) { return StringFields(std::move(flags)); }

ApiEndpoint ConfigEndpoint(std::function<std::string()> yaml) {
  return [yaml = std::move(yaml)](const ApiRequest& request, ResponseWriter& response) {
    return StringFields({{"yaml", yaml ? yaml() : ""}})(request, response);
  };
}

}  // namespace tidegate::api
