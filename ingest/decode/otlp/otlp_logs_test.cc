#include "ingest/decode/otlp/otlp_logs.h"

#include <string>

#include "gtest/gtest.h"
#include "ingest/decode/decompress.h"
#include "model/labels.h"
#include "model/log_limits.h"
#include "proto/opentelemetry/logs.pb.h"

namespace tidegate::ingest {
namespace {

constexpr char kJson[] = R"({"resourceLogs":[{
  "resource":{"attributes":[
    {"key":"service.name","value":{"stringValue":"shop"}},
    {"key":"k8s.pod.name","value":{"stringValue":"shop-1"}},
    {"key":"host.name","value":{"stringValue":"n1"}},
    {"key":"secret","value":{"stringValue":"x"}}]},
  "scopeLogs":[{
    "scope":{"name":"lib","version":"2","attributes":[{"key":"s","value":{"intValue":"7"}}]},
    "logRecords":[
      {"timeUnixNano":"1700000000000000001","observedTimeUnixNano":1700000000000000002,
       "severityNumber":"SEVERITY_NUMBER_WARN2","severityText":"WARN","flags":1,
       "body":{"stringValue":"paid"},
       "traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"0000000000000000",
       "attributes":[{"key":"http","value":{"kvlistValue":{"values":[
          {"key":"status.code","value":{"intValue":200}},
          {"key":"ok","value":{"boolValue":true}}]}}}]},
      {"observedTimeUnixNano":"1700000000000000003",
       "body":{"arrayValue":{"values":[{"intValue":1},{"stringValue":"a"}]}}},
      {"body":{"stringValue":"no time"}}]}]}]})";

otlp::ExportLogsServiceRequest Message() {
  otlp::ExportLogsServiceRequest request;
  otlp::ResourceLogs* logs = request.add_resource_logs();
  const auto add = [](auto* list, const char* key) {
    otlp::KeyValue* pair = list->Add();
    pair->set_key(key);
    return pair->mutable_value();
  };
  auto* attributes = logs->mutable_resource()->mutable_attributes();
  add(attributes, "service.name")->set_string_value("shop");
  add(attributes, "k8s.pod.name")->set_string_value("shop-1");
  add(attributes, "host.name")->set_string_value("n1");
  add(attributes, "secret")->set_string_value("x");
  otlp::ScopeLogs* scope = logs->add_scope_logs();
  scope->mutable_scope()->set_name("lib");
  scope->mutable_scope()->set_version("2");
  add(scope->mutable_scope()->mutable_attributes(), "s")->set_int_value(7);
  otlp::LogRecord* record = scope->add_log_records();
  record->set_time_unix_nano(1'700'000'000'000'000'001);
  record->set_observed_time_unix_nano(1'700'000'000'000'000'002);
  record->set_severity_number(14);
  record->set_severity_text("WARN");
  record->set_flags(1);
  record->mutable_body()->set_string_value("paid");
  record->set_trace_id("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10");
  record->set_span_id(std::string(8, '\0'));
  auto* http = add(record->mutable_attributes(), "http")->mutable_kvlist_value()->mutable_values();
  add(http, "status.code")->set_int_value(200);
  add(http, "ok")->set_bool_value(true);
  record = scope->add_log_records();
  record->set_observed_time_unix_nano(1'700'000'000'000'000'003);
  auto* array = record->mutable_body()->mutable_array_value();
  array->add_values()->set_int_value(1);
  array->add_values()->set_string_value("a");
  scope->add_log_records()->mutable_body()->set_string_value("no time");
  return request;
}

class OtlpLogs : public ::testing::Test {
 protected:
  OtlpRules Rules() const { return {&index_, &drop_, 42}; }
  absl::Status DecodeJson(const std::string& json) {
    body_ = json + std::string(kReadableBehind, '\0');
    return DecodeOtlpJson(std::string_view(body_).substr(0, json.size()), Rules(), &push_);
  }
  static std::string Text(std::string_view bytes) {
    return model::ToString(model::LabelsView(bytes));
  }
  void ExpectTheRequest() const {
    ASSERT_EQ(push_.batch.series.size(), 1u);
    EXPECT_EQ(Text(push_.batch.series[0].label_bytes),
              R"({k8s_pod_name="shop-1", service_name="shop"})");
    ASSERT_EQ(push_.batch.entries.size(), 3u);
    EXPECT_EQ(push_.batch.entries[0].timestamp, 1'700'000'000'000'000'001);
    EXPECT_EQ(push_.batch.entries[0].line, "paid");
    EXPECT_EQ(Text(push_.batch.entries[0].structured_metadata),
              R"({flags="1", host_name="n1", http_ok="true", http_status_code="200", )"
              R"(observed_timestamp="1700000000000000002", s="7", scope_name="lib", )"
              R"(scope_version="2", severity_number="14", severity_text="WARN", )"
              R"(trace_id="0102030405060708090a0b0c0d0e0f10"})");
    EXPECT_EQ(push_.batch.entries[1].timestamp, 1'700'000'000'000'000'003);
    EXPECT_EQ(push_.batch.entries[1].line, R"([1,"a"])");
    EXPECT_EQ(Text(push_.batch.entries[1].structured_metadata),
              R"({host_name="n1", s="7", scope_name="lib", scope_version="2"})");
    EXPECT_EQ(push_.batch.entries[2].timestamp, 42);
  }

  std::vector<std::string> index_ = model::DefaultOtlpIndexAttributes();
  std::vector<std::string> drop_ = {"secret"};
  std::string body_;
  DecodedPush push_;
};

TEST_F(OtlpLogs, Json) {
  const absl::Status status = DecodeJson(kJson);
  ASSERT_TRUE(status.ok()) << status;
  ExpectTheRequest();
}

TEST_F(OtlpLogs, Protobuf) {
  body_ = Message().SerializeAsString();
  const absl::Status status = DecodeOtlpProtobuf(body_, Rules(), &push_);
  ASSERT_TRUE(status.ok()) << status;
  ExpectTheRequest();
}

TEST_F(OtlpLogs, TheRecordsValueWins) {
  ASSERT_TRUE(DecodeJson(R"({"resourceLogs":[{"resource":{"attributes":[
      {"key":"service.name","value":{"stringValue":"a"}},{"key":"k","value":{"stringValue":"1"}}]},
      "scopeLogs":[{"logRecords":[{"body":{"stringValue":"x"},"timeUnixNano":1,
      "attributes":[{"key":"k","value":{"stringValue":"2"}}]}]}]}]})")
                  .ok());
  EXPECT_EQ(Text(push_.batch.entries[0].structured_metadata), R"({k="2"})");
}

TEST_F(OtlpLogs, MalformedRequests) {
  for (const char* wrong :
       {"", "[]", R"({"resourceLogs":{}})", R"({"resourceLogs":[1]})",
        R"({"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"x"}]}]}]})",
        R"({"resourceLogs":[{"scopeLogs":[{"logRecords":[{"traceId":"zz"}]}]}]})"}) {
    push_.Clear();
    EXPECT_EQ(DecodeJson(wrong).code(), absl::StatusCode::kInvalidArgument) << wrong;
  }
  const std::string bytes = Message().SerializeAsString();
  push_.Clear();
  EXPECT_EQ(DecodeOtlpProtobuf(bytes.substr(0, bytes.size() - 3), Rules(), &push_).code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(OtlpLogs, NestingIsBounded) {
  otlp::ExportLogsServiceRequest request;
  otlp::AnyValue* value =
      request.add_resource_logs()->add_scope_logs()->add_log_records()->mutable_body();
  for (int i = 0; i < 30; ++i) value = value->mutable_array_value()->add_values();
  body_ = request.SerializeAsString();
  EXPECT_TRUE(DecodeOtlpProtobuf(body_, Rules(), &push_).ok());
  push_.Clear();
  for (int i = 0; i < 60; ++i) value = value->mutable_array_value()->add_values();
  const std::string deep = request.SerializeAsString();
  EXPECT_EQ(DecodeOtlpProtobuf(deep, Rules(), &push_).code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace tidegate::ingest
