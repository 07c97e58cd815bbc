#include "query/logql/lines/unpack.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tidegate::logql {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class UnpackTest : public testing::Test {
 protected:
  const WantedFields everything_;
  UnpackParser parser_{&everything_};
};

TEST_F(UnpackTest, StringsAreLabelsAndTheEntryIsTheLine) {
  const UnpackedLine got =
      parser_.Parse(R"({"n":1,"app":"foo","_entry":"say \"hi\"","pod":{"uid":"1"},"b.c":"d"})");
  EXPECT_EQ(got.line, "say \"hi\"");
  EXPECT_THAT(*got.fields.fields, ElementsAre(LineField{"app", "foo"}, LineField{"b_c", "d"}));
}

TEST_F(UnpackTest, WithoutAnEntryNothingChanges) {
  const UnpackedLine got = parser_.Parse(R"({"app":"foo"})");
  EXPECT_EQ(got.line, R"({"app":"foo"})");
  EXPECT_THAT(*got.fields.fields, IsEmpty());
  EXPECT_TRUE(got.fields.complete);
  EXPECT_TRUE(parser_.Parse("").fields.complete);
}

TEST_F(UnpackTest, ErrorsChangeNothingElse) {
  const UnpackedLine no_object = parser_.Parse(R"("app":"foo")");
  EXPECT_FALSE(no_object.fields.complete);
  EXPECT_EQ(no_object.fields.error, "expecting json object(6), but it is not");
  const UnpackedLine cut = parser_.Parse(R"({"_entry":"x","app":"foo")");
  EXPECT_FALSE(cut.fields.complete);
  EXPECT_EQ(cut.line, R"({"_entry":"x","app":"foo")");
  EXPECT_THAT(*cut.fields.fields, IsEmpty());
}

TEST_F(UnpackTest, StateOfALineDoesNotReachTheNext) {
  parser_.Parse(R"({"_entry":"x","app":"foo"})");
  EXPECT_EQ(parser_.Parse(R"({"app":"foo"})").line, R"({"app":"foo"})");
}

}  // namespace
}  // namespace tidegate::logql
