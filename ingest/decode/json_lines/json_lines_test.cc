#include "ingest/decode/json_lines/json_lines.h"

#include <cmath>
#include <string>

#include "absl/strings/escaping.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ingest/decode/decompress.h"
#include "model/histogram.h"
#include "model/labels.h"

namespace tidegate::ingest {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class JsonLinesTest : public testing::Test {
 protected:
  absl::Status Decode(const std::string& body, size_t max_label_bytes = 0) {
    bytes_ = body + std::string(kReadableBehind, '\0');
    push_.Clear();
    return DecodeJsonLines(std::string_view(bytes_).substr(0, body.size()), max_label_bytes,
                           &push_);
  }
  std::string Mistake(const std::string& body) { return std::string(Decode(body).message()); }

  std::string bytes_;
  DecodedPush push_;
};

TEST_F(JsonLinesTest, LinesAreSeries) {
  ASSERT_TRUE(Decode(R"({"metric":{"job":"a","__name__":"up"},"values":[1,null,"Infinity",)"
                     R"("-Infinity","StaleNaN"],"timestamps":[1,2,3,4,5]})"
                     "\n\n"
                     R"({"timestamps":[-7],"values":[2.5e-3],"metric":{"__name__":"x"}})")
                  .ok());
  ASSERT_EQ(push_.batch.series.size(), 2u);
  EXPECT_EQ(push_.batch.series[0].label_bytes,
            model::Labels({{"__name__", "up"}, {"job", "a"}}).bytes());
  EXPECT_THAT(push_.batch.timestamps, ElementsAre(1, 2, 3, 4, 5, -7));
  EXPECT_EQ(push_.batch.values[0], 1);
  EXPECT_TRUE(std::isnan(push_.batch.values[1]) && !model::IsStaleNan(push_.batch.values[1]));
  EXPECT_TRUE(std::isinf(push_.batch.values[2]));
  EXPECT_LT(push_.batch.values[3], 0);
  EXPECT_TRUE(model::IsStaleNan(push_.batch.values[4]));
  EXPECT_EQ(push_.batch.series[1].samples_begin, 5u);
}

TEST_F(JsonLinesTest, HistogramsAreExact) {
  model::IntHistogram histogram;
  histogram.schema = 3;
  histogram.count = 4;
  histogram.zero_count = 4;
  std::string bytes;
  model::EncodeHistogram(histogram, &bytes);
  ASSERT_TRUE(Decode(R"({"metric":{"__name__":"h"},"histograms":[")" + absl::Base64Escape(bytes) +
                     R"("],"timestamps":[9]})")
                  .ok());
  ASSERT_EQ(push_.batch.histograms.size(), 1u);
  EXPECT_TRUE(model::SameBits(push_.batch.histograms[0].histogram, histogram));
}

TEST_F(JsonLinesTest, MistakesNameTheLine) {
  const std::string good = R"({"metric":{"__name__":"up"},"values":[1],"timestamps":[1]})";
  EXPECT_THAT(Mistake(good + "\n{"), HasSubstr("line 2: no JSON"));
  EXPECT_THAT(Mistake("[]"), HasSubstr("line 1: no JSON object"));
  EXPECT_THAT(Mistake(R"({"metric":{},"values":[1],"timestamps":[1,2]})"), HasSubstr("more time"));
  EXPECT_THAT(Mistake(R"({"metric":{},"values":[1,2],"timestamps":[1]})"), HasSubstr("more val"));
  EXPECT_THAT(Mistake(R"({"metric":{},"values":["x"],"timestamps":[1]})"), HasSubstr("numbers"));
  EXPECT_THAT(Mistake(R"({"metric":{},"values":[1],"timestamps":[1.5]})"), HasSubstr("integers"));
  EXPECT_THAT(Mistake(R"({"metric":{"a":1},"values":[1],"timestamps":[1]})"), HasSubstr("strings"));
  EXPECT_THAT(Mistake(R"({"metric":{},"timestamps":[1]})"), HasSubstr("needed"));
  EXPECT_THAT(Mistake(R"({"metrics":{}})"), HasSubstr("unknown member metrics"));
  EXPECT_THAT(Mistake(R"({"metric":{},"histograms":["AA=="],"timestamps":[1]})"),
              HasSubstr("are none"));
  EXPECT_TRUE(absl::IsOutOfRange(Decode(good, 3)));
}

}  // namespace
}  // namespace tidegate::ingest
