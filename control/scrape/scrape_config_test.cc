#include "control/scrape/scrape_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace tidegate::control {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

ScrapeFile Read(const std::string& yaml) {
  auto file = ParseScrapeFile(yaml, "/etc/prometheus");
  EXPECT_TRUE(file.ok()) << file.status();
  return file.ok() ? *std::move(file) : ScrapeFile();
}

std::string Mistake(const std::string& yaml) {
  const auto file = ParseScrapeFile(yaml, "/etc/prometheus");
  return file.ok() ? "none" : std::string(file.status().message());
}

std::string JobMistake(const std::string& job) {
  return Mistake("scrape_configs:\n- job_name: a\n" + job);
}

TEST(ScrapeConfigTest, AJobThatSaysNothingHasPrometheusDefaults) {
  const ScrapeFile file = Read("scrape_configs: [{job_name: a}]");
  ASSERT_EQ(file.jobs.size(), 1u);
  const ScrapeConfig& job = file.jobs[0];
  EXPECT_EQ(job.interval, absl::Minutes(1));
  EXPECT_EQ(job.timeout, absl::Seconds(10));
  EXPECT_EQ(job.metrics_path, "/metrics");
  EXPECT_EQ(job.scheme, "http");
  EXPECT_TRUE(job.honor_timestamps);
  EXPECT_FALSE(job.honor_labels);
  EXPECT_FALSE(job.track_timestamps_staleness);
  EXPECT_TRUE(job.enable_compression);
  EXPECT_TRUE(job.http.follow_redirects);
  EXPECT_THAT(job.protocols,
              ElementsAre(ScrapeProtocol::kOpenMetrics100, ScrapeProtocol::kOpenMetrics001,
                          ScrapeProtocol::kText100, ScrapeProtocol::kText004));
}

TEST(ScrapeConfigTest, GlobalsHoldForJobsWhereverTheyStand) {
  const ScrapeFile file = Read(
      "scrape_configs: [{job_name: a}, {job_name: b, scrape_interval: 5s, sample_limit: 7}]\n"
      "global: {scrape_interval: 15s, scrape_timeout: 9s, sample_limit: 3, body_size_limit: 1MB,\n"
      "  scrape_protocols: [PrometheusText0.0.4], external_labels: {x: y}}");
  ASSERT_EQ(file.jobs.size(), 2u);
  EXPECT_EQ(file.jobs[0].interval, absl::Seconds(15));
  EXPECT_EQ(file.jobs[0].timeout, absl::Seconds(9));
  EXPECT_EQ(file.jobs[0].sample_limit, 3u);
  EXPECT_EQ(file.jobs[0].body_size_limit, 1u << 20);
  EXPECT_THAT(file.jobs[0].protocols, ElementsAre(ScrapeProtocol::kText004));
  EXPECT_EQ(file.jobs[1].interval, absl::Seconds(5));
  EXPECT_EQ(file.jobs[1].timeout, absl::Seconds(5)) << "never beyond the interval";
  EXPECT_EQ(file.jobs[1].sample_limit, 7u);
}

TEST(ScrapeConfigTest, NativeHistogramsAreAskedForFirst) {
  const ScrapeFile file = Read(
      "global: {scrape_native_histograms: true}\n"
      "scrape_configs:\n"
      "- {job_name: a}\n"
      "- {job_name: b, scrape_native_histograms: false}\n"
      "- {job_name: c, scrape_protocols: [PrometheusText0.0.4], scrape_native_histograms: true}");
  ASSERT_EQ(file.jobs.size(), 3u);
  EXPECT_EQ(file.jobs[0].protocols.front(), ScrapeProtocol::kProtobuf);
  EXPECT_EQ(file.jobs[1].protocols.front(), ScrapeProtocol::kOpenMetrics100);
  EXPECT_THAT(file.jobs[2].protocols, ElementsAre(ScrapeProtocol::kText004));
}

TEST(ScrapeConfigTest, EverythingAboutTheClient) {
  const ScrapeFile file = Read(R"(
scrape_configs:
- job_name: a
  scheme: https
  params: {module: [x, y]}
  authorization: {credentials_file: secret}
  tls_config: {ca_file: /ca.pem, cert_file: c.pem, key_file: k.pem, server_name: n,
               insecure_skip_verify: true}
  follow_redirects: false
  proxy_url: http://proxy:1
  http_headers: {X-A: {values: ["1"], secrets: ["2"]}}
- job_name: b
  basic_auth: {username: u, password: p}
- job_name: c
  bearer_token: t
)");
  ASSERT_EQ(file.jobs.size(), 3u);
  const ScrapeConfig& job = file.jobs[0];
  EXPECT_EQ(job.params[0].first, "module");
  EXPECT_THAT(job.params[0].second, ElementsAre("x", "y"));
  EXPECT_EQ(job.http.authorization_type, "Bearer");
  EXPECT_EQ(job.http.authorization_file, "/etc/prometheus/secret");
  EXPECT_EQ(job.http.tls.ca_file, "/ca.pem");
  EXPECT_EQ(job.http.tls.cert_file, "/etc/prometheus/c.pem");
  EXPECT_TRUE(job.http.tls.insecure_skip_verify);
  EXPECT_FALSE(job.http.follow_redirects);
  ASSERT_EQ(job.http.headers.size(), 2u);
  EXPECT_EQ(job.http.headers[1].second, "2");
  EXPECT_EQ(file.jobs[1].http.basic_user, "u");
  EXPECT_EQ(file.jobs[2].http.authorization_credentials, "t");
  EXPECT_EQ(file.jobs[2].http.authorization_type, "Bearer");
}

TEST(ScrapeConfigTest, TargetsAndRules) {
  const ScrapeFile file = Read(R"(
scrape_configs:
- job_name: a
  static_configs:
  - {targets: ["h:1", "h:2"], labels: {env: prod, zone: b}}
  file_sd_configs: [{files: ["sd/*.json"], refresh_interval: 10s}]
  relabel_configs: [{source_labels: [env], target_label: e}]
  metric_relabel_configs: [{source_labels: [__name__], regex: "go_.*", action: drop}]
rule_files: [x.yml]
)");
  ASSERT_EQ(file.jobs.size(), 1u);
  const ScrapeConfig& job = file.jobs[0];
  ASSERT_EQ(job.static_groups.size(), 1u);
  EXPECT_THAT(job.static_groups[0].targets, ElementsAre("h:1", "h:2"));
  EXPECT_EQ(job.static_groups[0].labels.size(), 2u);
  EXPECT_EQ(job.file_discoveries[0].files[0], "/etc/prometheus/sd/*.json");
  EXPECT_EQ(job.file_discoveries[0].refresh_interval, absl::Seconds(10));
  EXPECT_EQ(job.relabel.size(), 1u);
  EXPECT_EQ(job.metric_relabel.size(), 1u);
  EXPECT_THAT(file.not_acted_on, ElementsAre("rule_files"));
}

TEST(ScrapeConfigTest, MistakesNameLineKeyAndWhatWouldBeRight) {
  EXPECT_THAT(JobMistake("  scrape_intervall: 1s"),
              HasSubstr("line 3: scrape_configs[0].scrape_intervall: unknown key"));
  EXPECT_THAT(JobMistake("  scrape_interval: soon"), HasSubstr("line 3"));
  EXPECT_THAT(JobMistake("  scrape_interval: 0s"), HasSubstr("must be more than 0"));
  EXPECT_THAT(JobMistake("  scrape_interval: 5s\n  scrape_timeout: 6s"),
              HasSubstr("scrape timeout greater than scrape interval"));
  EXPECT_THAT(JobMistake("  kubernetes_sd_configs: [{role: node}]"),
              HasSubstr("kubernetes_sd_configs: this kind of discovery is not known here"));
  EXPECT_THAT(JobMistake("  oauth2: {client_id: x}"), HasSubstr("oauth2: is not supported"));
  EXPECT_THAT(JobMistake("  scheme: ftp"), HasSubstr("http or https"));
  EXPECT_THAT(JobMistake("  scrape_protocols: [Prom]"), HasSubstr("unknown scrape protocol"));
  EXPECT_THAT(JobMistake("  scrape_protocols: []"), HasSubstr("must not be empty"));
  EXPECT_THAT(JobMistake("  scrape_protocols: [PrometheusProto, PrometheusProto]"),
              HasSubstr("twice"));
  EXPECT_THAT(JobMistake("  convert_classic_histograms_to_nhcb: true"),
              HasSubstr("only false is supported"));
  EXPECT_THAT(JobMistake("- job_name: a"), HasSubstr("multiple scrape configs"));
  EXPECT_THAT(Mistake("scrape_configs: [{scheme: http}]"), HasSubstr("job_name is empty"));
  EXPECT_THAT(Mistake("scrape_config_files: [x]"), HasSubstr("unknown key"));
  EXPECT_THAT(Mistake("a: ["), HasSubstr("not valid YAML"));
}

TEST(ScrapeConfigTest, SettingsThatDoNotFitTogetherAreRefused) {
  EXPECT_THAT(JobMistake("  basic_auth: {username: u}\n  authorization: {credentials: c}"),
              HasSubstr("at most one of basic_auth"));
  EXPECT_THAT(JobMistake("  authorization: {type: Basic, credentials: c}"),
              HasSubstr("must not be \"basic\""));
  EXPECT_THAT(JobMistake("  authorization: {credentials: c, credentials_file: f}"),
              HasSubstr("at most one of credentials"));
  EXPECT_THAT(JobMistake("  basic_auth: {username: u, username_file: f}"), HasSubstr("basic_auth"));
  EXPECT_THAT(JobMistake("  tls_config: {cert_file: f}"), HasSubstr("go together"));
  EXPECT_THAT(JobMistake("  tls_config: {ca: x, ca_file: f}"), HasSubstr("at most one"));
  for (const char* file : {"a.txt", "*/a.yml", "a*b*.yml"}) {
    EXPECT_THAT(JobMistake("  file_sd_configs: [{files: ['" + std::string(file) + "']}]"),
                HasSubstr("may have one * in its last part"))
        << file;
  }
}

}  // namespace
}  // namespace tidegate::control
