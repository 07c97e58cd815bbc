#include "api/microprofile/text_name.h"

#include <gtest/gtest.h>

namespace tidegate::api {
namespace {

TEST(TextName, CamelCaseBecomesSnakeCase) {
  EXPECT_EQ(TextName("hitCount"), "hit_count");
  EXPECT_EQ(TextName("memory.usedHeap"), "memory_used_heap");
  EXPECT_EQ(TextName("cpu.processCpuLoad"), "cpu_process_cpu_load");
  EXPECT_EQ(TextName("thread.max.count"), "thread_max_count");
  EXPECT_EQ(TextName("org.eclipse.test.MetricAppBean.gaugeMeA"),
            "org_eclipse_test_metric_app_bean_gauge_me_a");
}

TEST(TextName, OtherCharactersBecomeUnderscores) {
  EXPECT_EQ(TextName("pm_counter-with-dashes"), "pm_counter_with_dashes");
  EXPECT_EQ(TextName("pm_counter#hash_x'y_"), "pm_counter_hash_x_y_");
  EXPECT_EQ(TextName("a b\xc3\xa4"), "a_b_");
  EXPECT_EQ(TextName("a:b"), "a_b");
}

TEST(TextName, UnderscoresInARowAreOne) {
  EXPECT_EQ(TextName("a__b"), "a_b");
  EXPECT_EQ(TextName("a.-b"), "a_b");
  EXPECT_EQ(TextName("a_B"), "a_b");
}

TEST(LabelName, IsOneOfPrometheus) {
  EXPECT_EQ(LabelName("tier"), "tier");
  EXPECT_EQ(LabelName("k8s.pod-name"), "k8s_pod_name");
  EXPECT_EQ(LabelName("1st"), "_1st");
}

TEST(ToTextUnit, TimesAreSeconds) {
  EXPECT_EQ(ToTextUnit("milliseconds").suffix, "_seconds");
  EXPECT_EQ(ToTextUnit("milliseconds").factor, 1e-3);
  EXPECT_EQ(ToTextUnit("nanoseconds").factor, 1e-9);
  EXPECT_EQ(ToTextUnit("days").factor, 86400);
}

TEST(ToTextUnit, SizesAreBytes) {
  EXPECT_EQ(ToTextUnit("kibibits").suffix, "_bytes");
  EXPECT_EQ(ToTextUnit("kibibits").factor, 128);
  EXPECT_EQ(ToTextUnit("bits").factor, 0.125);
  EXPECT_EQ(ToTextUnit("gigabytes").factor, 1e9);
  EXPECT_EQ(ToTextUnit("bytes").factor, 1);
}

TEST(ToTextUnit, OthersStay) {
  EXPECT_EQ(ToTextUnit("none").suffix, "");
  EXPECT_EQ(ToTextUnit("percent").suffix, "_percent");
  EXPECT_EQ(ToTextUnit("jellybeans").suffix, "_jellybeans");
  EXPECT_EQ(ToTextUnit("jellybeans").factor, 1);
}

}  // namespace
}  // namespace tidegate::api
