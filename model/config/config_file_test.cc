#include "model/config/config_file.h"

#include "gtest/gtest.h"
#include "model/config/duration.h"
#include "model/config/tenant_definition.h"

namespace tidegate::model {
namespace {

std::string Error(std::string_view yaml) {
  return std::string(ParseConfig(yaml).status().message());
}

TEST(ParseConfig, AnEmptyFileIsTheDefaults) {
  const auto config = ParseConfig("");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_FALSE(config->trust_org_id);
  EXPECT_TRUE(config->tenants.empty());
  EXPECT_EQ(config->default_retention, absl::InfiniteDuration());
}

TEST(ParseConfig, TenantsStartFromTheDefaults) {
  const auto config = ParseConfig(R"(
tenants:
  - name: a
    retention: 30d
    limits: {max_series: 1000, max_future: 1h}
  - {name: b}
limits: {max_labels_per_series: 40, max_body_bytes: 1MB}
retention: 1y
)");
  ASSERT_TRUE(config.ok()) << config.status();
  ASSERT_EQ(config->tenants.size(), 2u);
  EXPECT_EQ(config->tenants[0].retention, absl::Hours(30 * 24));
  EXPECT_EQ(config->tenants[0].limits.max_series, 1000u);
  EXPECT_EQ(config->tenants[0].limits.max_future, absl::Hours(1));
  EXPECT_EQ(config->tenants[0].limits.max_labels_per_series, 40u);
  EXPECT_EQ(config->tenants[1].limits.max_body_bytes, 1u << 20);
  EXPECT_EQ(config->tenants[1].retention, absl::Hours(365 * 24));
}

TEST(ParseConfig, NamesLineKeyAndRemedy) {
  EXPECT_EQ(Error("a: 1"),
            "line 1: a: unknown key; known are trust_org_id, retention, limits, outbound_allow, "
            "outbound_deny, otlp, write_relabel_configs, scrape_config_files, hosts, host_files, "
            "ruler, rule_files, alerting, email, tenants");
  EXPECT_EQ(Error("tenants:"), "line 1: tenants: must be a list");
  EXPECT_EQ(Error("outbound_deny:"),
            "line 1: outbound_deny: must be a list of addresses or CIDR ranges");
  EXPECT_EQ(Error("limits:\n  max_serie: 3"), "line 2: limits.max_serie: there is no such limit");
  EXPECT_EQ(Error("limits:\n  max_age: soon"),
            "line 2: limits.max_age: \"soon\" is not a duration; write for example 30s, 1h30m or "
            "15d");
  EXPECT_EQ(Error("trust_org_id: maybe"), "line 1: trust_org_id: must be true or false");
  EXPECT_EQ(Error("tenants:\n- {name: a}\n- {name: a}"),
            "line 3: tenants[1]: this name was given before");
  EXPECT_NE(Error("tenants:\n- {name: 'a/b'}").find("tenants[0].name"), std::string::npos);
  EXPECT_NE(Error("a: [").find("not valid YAML"), std::string::npos);
  EXPECT_EQ(Error("- a"), "line 1: configuration: must be a map");
}

TEST(ParseConfig, KeepsWhatTheFileDoesNotSay) {
  ConfigFile start;
  start.default_retention = absl::Hours(24);
  EXPECT_EQ(ParseConfig("tenants: [{name: a}]", start)->tenants[0].retention, absl::Hours(24));
  EXPECT_EQ(ParseConfig("retention: 2d", start)->default_retention, absl::Hours(48));
  EXPECT_EQ(ParseConfig("retention: 0", start)->default_retention, absl::InfiniteDuration());
}

TEST(ParseConfig, WhereOutgoingRequestsMayGo) {
  const auto config = ParseConfig(R"(
tenants:
  - {name: a}
  - {name: b, outbound_allow: [192.168.0.0/16], outbound_deny: []}
outbound_allow: [10.0.0.0/8, "2001:db8::/32"]
outbound_deny: [10.0.0.1]
)");
  ASSERT_TRUE(config.ok()) << config.status();
  const OutboundRules& inherited = config->tenants[0].outbound;
  ASSERT_EQ(inherited.allow.size(), 2u);
  EXPECT_EQ(inherited.allow[1].text(), "2001:db8::/32");
  EXPECT_EQ(inherited.deny.size(), 1u);
  const OutboundRules& own = config->tenants[1].outbound;
  ASSERT_EQ(own.allow.size(), 1u);
  EXPECT_EQ(own.allow[0].text(), "192.168.0.0/16");
  EXPECT_TRUE(own.deny.empty());
  EXPECT_NE(Error("outbound_allow: [10.0.0.1/8]").find("line 1: outbound_allow[0]: "),
            std::string::npos);
  EXPECT_NE(FormatConfig(*config).find("outbound_allow: [10.0.0.0/8, 2001:db8::/32]"),
            std::string::npos)
      << FormatConfig(*config);
}

TEST(ParseTenant, SaysWhatAnEntryOfTheFileSays) {
  ConfigFile defaults;
  defaults.default_limits.max_series = 7;
  const auto definition = ParseTenant(
      R"({"name": "a", "retention": "30d", "limits": {"max_age": "1h", "enforced_labels": ["x"]},
          "keys": [{"id": "k", "sha256": ")" +
          std::string(64, 'a') +
          R"(", "permissions": ["read"]}], "outbound_deny": ["10.0.0.0/8"]})",
      "a", defaults);
  ASSERT_TRUE(definition.ok()) << definition.status();
  EXPECT_EQ(definition->tenant.retention, absl::Hours(30 * 24));
  EXPECT_EQ(definition->tenant.limits.max_series, 7u);
  EXPECT_TRUE(definition->has_keys);
  EXPECT_EQ(definition->tenant.keys.size(), 1u);
  EXPECT_EQ(definition->text,
            R"({"retention": "30d", "limits": {"max_age": "1h", "enforced_labels": ["x"]}, )"
            R"("outbound_deny": ["10.0.0.0/8"]})");
  const auto again = ParseTenant(definition->text, "a", defaults);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->text, definition->text);
  EXPECT_EQ(FormatTenantJson(again->tenant), FormatTenantJson(definition->tenant));
  EXPECT_FALSE(again->has_keys);
}

TEST(ParseTenant, NamesMistakes) {
  EXPECT_EQ(ParseTenant("", "a", {})->tenant.name, "a");
  EXPECT_EQ(ParseTenant("{name: b}", "a", {}).status().message(),
            "line 1: tenant.name: is not a, as the path says");
  EXPECT_EQ(ParseTenant("{limits: {max_serie: 1}}", "a", {}).status().message(),
            "line 1: tenant.limits.max_serie: there is no such limit");
  EXPECT_FALSE(ParseTenant("[1]", "a", {}).ok());
  EXPECT_FALSE(ParseTenant("{", "a", {}).ok());
  EXPECT_FALSE(ParseTenant(std::string(60000, '['), "a", {}).ok());
}

TEST(ParseKey, ReadsWhatFormatKeyWrites) {
  const auto key =
      ParseKey(R"({"id": "k", "permissions": ["read", "admin"], "allow_ips": ["10.0.0.0/8"],
                   "read_tenants": ["b"]})");
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_FALSE(key->has_digest);
  const auto again = ParseKey(FormatKey(key->key));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->has_digest);
  EXPECT_EQ(FormatKey(again->key), FormatKey(key->key));
  EXPECT_EQ(again->key.read_tenants, std::vector<std::string>{"b"});
  EXPECT_FALSE(ParseKey(R"({"id": "k"})").ok());
}

TEST(ParseConfig, LimitsOfLogs) {
  const auto config = ParseConfig(R"(
limits:
  ingestion_rate_mb: 1.5
  max_line_size: 256KB
  max_line_size_truncate: true
  reject_old_samples_max_age: 1w
  enforced_labels: [team, env]
  discover_service_name: []
  block_ingestion_until: 2030-01-31T12:00:00Z
)");
  ASSERT_TRUE(config.ok()) << config.status();
  const LogLimits& logs = config->default_limits.logs;
  EXPECT_EQ(logs.ingestion_rate_mb, 1.5);
  EXPECT_EQ(logs.max_line_size, 256u << 10);
  EXPECT_TRUE(logs.max_line_size_truncate);
  EXPECT_EQ(logs.reject_old_samples_max_age, absl::Hours(7 * 24));
  EXPECT_EQ(logs.enforced_labels, (std::vector<std::string>{"team", "env"}));
  EXPECT_TRUE(logs.discover_service_name.empty());
  EXPECT_EQ(logs.block_ingestion_until, absl::FromUnixSeconds(1896091200));
  EXPECT_EQ(Error("limits:\n  discover_log_levels: 7"),
            "line 2: limits.discover_log_levels: must be true or false");
  EXPECT_EQ(Error("limits:\n  enforced_labels: a"),
            "line 2: limits.enforced_labels: must be a list of names");
  EXPECT_EQ(Error("limits:\n  max_line_size: [1]"),
            "line 2: limits.max_line_size: must be one value");
}

TEST(ParseConfig, LimitsOfTheControlProcess) {
  const auto config = ParseConfig(
      "limits: {max_rule_groups: 70, min_rule_interval: 15s, max_scrape_body_bytes: 1MB}\n"
      "tenants: [{name: a, limits: {max_monitors: 3}}]");
  ASSERT_TRUE(config.ok()) << config.status();
  const ControlLimits& control = config->tenants[0].limits.control;
  EXPECT_EQ(control.max_rule_groups, 70u);
  EXPECT_EQ(control.min_rule_interval, absl::Seconds(15));
  EXPECT_EQ(control.max_scrape_body_bytes, 1u << 20);
  EXPECT_EQ(control.max_monitors, 3u);
  EXPECT_EQ(control.max_hosts, 10'000u);
  EXPECT_NE(FormatConfig(*config).find("max_notifications_per_minute: 60"), std::string::npos);
}

TEST(FormatConfig, IsReadAgainAsTheSame) {
  const auto config = ParseConfig(
      "tenants: [{name: a, retention: 2d, limits: {max_series: 7, enforced_labels: [x], "
      "block_ingestion_until: 2030-01-31T12:00:00Z}}]");
  ASSERT_TRUE(config.ok());
  const std::string text = FormatConfig(*config);
  const auto again = ParseConfig(text);
  ASSERT_TRUE(again.ok()) << again.status() << text;
  EXPECT_EQ(FormatConfig(*again), text);
  EXPECT_EQ(again->tenants[0].limits.max_series, 7u);
}

constexpr char kDigest[] = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";

std::string WithKey(const std::string& key) { return "tenants: [{name: a, keys: [" + key + "]}]"; }

TEST(ParseConfig, ReadsKeys) {
  const auto config = ParseConfig(WithKey(std::string("{id: k1, sha256: ") + kDigest +
                                          ", permissions: [read, admin], allow_ips: [10.0.0.0/8], "
                                          "read_tenants: [b, c]}"));
  ASSERT_TRUE(config.ok()) << config.status();
  const ApiKey& key = config->tenants.at(0).keys.at(0);
  EXPECT_EQ(key.id, "k1");
  EXPECT_EQ(key.digest, DigestOf("secret"));
  EXPECT_TRUE(key.permissions.Has(Permission::kRead));
  EXPECT_FALSE(key.permissions.Has(Permission::kWrite));
  EXPECT_TRUE(key.permissions.Has(Permission::kAdmin));
  EXPECT_EQ(key.allow_ips.at(0).text(), "10.0.0.0/8");
  EXPECT_EQ(key.read_tenants, (std::vector<std::string>{"b", "c"}));
}

TEST(ParseConfig, NamesWhatIsWrongWithAKey) {
  const std::string id_and_hash = std::string("id: k1, sha256: ") + kDigest;
  const std::pair<std::string, std::string> cases[] = {
      {"{sha256: " + std::string(kDigest) + ", permissions: [read]}", "tenants[0].keys[0].id"},
      {"{id: k1, permissions: [read]}", "keys[0].sha256: is missing"},
      {"{id: k1, sha256: abc, permissions: [read]}", "64 hexadecimal digits"},
      {"{" + id_and_hash + "}", "keys[0].permissions: at least one"},
      {"{" + id_and_hash + ", permissions: [root]}", "\"root\" is no permission"},
      {"{" + id_and_hash + ", permissions: [read], allow_ips: [10.0.0.1/8]}", "bits behind"},
      {"{" + id_and_hash + ", permissions: [read], allow_ips: }", "must be a list of addresses"},
      {"{" + id_and_hash + ", permissions: [read], read_tenants: [a/b]}",
       "read_tenants[0]: must be"},
      {"{" + id_and_hash + ", permissions: [read], secret: x}", "unknown key"},
      {"{" + id_and_hash + ", permissions: [read]}, {" + id_and_hash + ", permissions: [read]}",
       "given before"},
      {"{" + id_and_hash + ", permissions: [read]}, {id: k2, sha256: " + std::string(kDigest) +
           ", permissions: [read]}",
       "sha256 of another key"},
  };
  for (const auto& [key, text] : cases) {
    const auto config = ParseConfig(WithKey(key));
    ASSERT_FALSE(config.ok()) << key;
    EXPECT_NE(config.status().message().find(text), absl::string_view::npos) << config.status();
  }
}

TEST(FormatConfig, ShowsNoDigest) {
  const auto config =
      ParseConfig(WithKey(std::string("{id: k1, sha256: ") + kDigest + ", permissions: [write]}"));
  ASSERT_TRUE(config.ok());
  const std::string text = FormatConfig(*config);
  EXPECT_EQ(text.find(kDigest), text.npos);
  EXPECT_NE(text.find("id: k1"), text.npos) << text;
  EXPECT_NE(text.find("permissions: [write]"), text.npos) << text;
}

TEST(ParseDuration, ReadsPrometheusForm) {
  EXPECT_EQ(*ParseDuration("0"), absl::ZeroDuration());
  EXPECT_EQ(*ParseDuration("1h30m"), absl::Minutes(90));
  EXPECT_EQ(*ParseDuration("1d12h"), absl::Hours(36));
  EXPECT_EQ(*ParseDuration("250ms"), absl::Milliseconds(250));
  for (const char* wrong : {"", "5", "m", "1m1h", "1h1h", "1.5h", "-1h", "1x", "1h ", "99999999y",
                            "9223372036854775807d"}) {
    EXPECT_FALSE(ParseDuration(wrong).ok()) << wrong;
  }
}

TEST(ParseBytes, ReadsUnits) {
  EXPECT_EQ(*ParseBytes("4096"), 4096u);
  EXPECT_EQ(*ParseBytes("1KB"), 1024u);
  EXPECT_EQ(*ParseBytes("3GiB"), uint64_t{3} << 30);
  EXPECT_EQ(*ParseBytes("2M"), 2u << 20);
  for (const char* wrong : {"", "MB", "1XB", "1MBB", "-1", "99999999999999TB"}) {
    EXPECT_FALSE(ParseBytes(wrong).ok()) << wrong;
  }
}

TEST(ConfigFile, ScrapeConfigFiles) {
  const auto config =
      ParseConfig("scrape_config_files: [{file: prometheus.yml}, {tenant: a, file: /etc/a.yml}]");
  ASSERT_TRUE(config.ok()) << config.status();
  ASSERT_EQ(config->scrape_config_files.size(), 2u);
  EXPECT_EQ(config->scrape_config_files[0].tenant, "default");
  EXPECT_EQ(config->scrape_config_files[1], (ScrapeConfigFile{"a", "/etc/a.yml"}));
  const auto again = ParseConfig(FormatConfig(*config));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->scrape_config_files, config->scrape_config_files);
  const auto mistake = [](const char* yaml) {
    return std::string(ParseConfig(yaml).status().message());
  };
  EXPECT_EQ(mistake("scrape_config_files: [{tenant: a}]"),
            "line 1: scrape_config_files[0]: file is missing");
  EXPECT_EQ(mistake("scrape_config_files: [{tenant: a/b, file: c}]"),
            "line 1: scrape_config_files[0]: tenant is not a tenant's name");
}

TEST(ConfigFile, Hosts) {
  const auto config = ParseConfig(
      "hosts:\n"
      "- {id: h1, address: 10.0.0.1}\n"
      "- {tenant: a, id: h1, name: one, address: '::1', instance_id: i-1, region: kr}");
  ASSERT_TRUE(config.ok()) << config.status();
  ASSERT_EQ(config->hosts.size(), 2u);
  EXPECT_EQ(config->hosts[0], (Host{"default", "h1", "h1", "10.0.0.1", "", ""}));
  EXPECT_EQ(config->hosts[1], (Host{"a", "h1", "one", "::1", "i-1", "kr"}));
  EXPECT_EQ(ParseConfig(FormatConfig(*config))->hosts, config->hosts);
  const auto files = ParseConfig("host_files: [{tenant: a, file: 'hosts/*.json'}]");
  ASSERT_TRUE(files.ok()) << files.status();
  EXPECT_EQ(files->host_files.at(0), (HostFile{"a", "hosts/*.json"}));
  EXPECT_EQ(ParseConfig(FormatConfig(*files))->host_files, files->host_files);
  const auto mistake = [](const char* yaml) {
    return std::string(ParseConfig(yaml).status().message());
  };
  EXPECT_EQ(mistake("hosts: [{address: 10.0.0.1}]"), "line 1: hosts[0]: id is missing");
  EXPECT_EQ(mistake("hosts: [{id: a, address: web-1}]"),
            "line 1: hosts[0]: address must be an IPv4 or IPv6 address");
  EXPECT_EQ(mistake("hosts: [{id: a, address: '::1'}, {id: a, address: '::2'}]"),
            "line 1: hosts[1]: the id a is there twice");
}

}  // namespace
}  // namespace tidegate::model
