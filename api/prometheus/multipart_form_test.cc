#include "api/prometheus/multipart_form.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace tidegate::api {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

constexpr std::string_view kType = "multipart/form-data; boundary=XX";

Parameters Decoded(std::string_view body, std::string_view type = kType) {
  Parameters out;
  const absl::Status status = DecodeMultipartForm(type, body, &out);
  EXPECT_TRUE(status.ok()) << status;
  return out;
}

std::string Refusal(std::string_view body, std::string_view type = kType) {
  Parameters out;
  const absl::Status status = DecodeMultipartForm(type, body, &out);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  return std::string(status.message());
}

TEST(MultipartForm, FieldsInTheirOrder) {
  EXPECT_THAT(
      Decoded("--XX\r\nContent-Disposition: form-data; name=\"query\"\r\n\r\nup{a=\"b\"}"
              "\r\n--XX\r\nContent-Disposition: form-data; name=time\r\n\r\n4\r\n--XX--\r\n")
          .pairs(),
      ElementsAre(Pair("query", "up{a=\"b\"}"), Pair("time", "4")));
}

TEST(MultipartForm, ValuesKeepTheirLines) {
  EXPECT_THAT(Decoded("--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1 +\r\n\r\n2\r\n"
                      "--XX--")
                  .pairs(),
              ElementsAre(Pair("a", "1 +\r\n\r\n2")));
}

TEST(MultipartForm, QuotedBoundariesAndNames) {
  EXPECT_THAT(
      Decoded("--a b\r\ncontent-disposition: form-data; name=\"a\\\"b\"\r\n\r\n1\r\n--a b--",
              "multipart/form-data; charset=x; boundary=\"a b\"")
          .pairs(),
      ElementsAre(Pair("a\"b", "1")));
}

TEST(MultipartForm, BareLineFeedsAndAPreamble) {
  EXPECT_THAT(
      Decoded("a preamble\n--XX\nContent-Disposition: form-data; name=a\n\n1\n--XX--").pairs(),
      ElementsAre(Pair("a", "1")));
}

TEST(MultipartForm, FilesAndNamelessPartsArePassedOver) {
  EXPECT_THAT(
      Decoded("--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x\"\r\n\r\n1\r\n"
              "--XX\r\nContent-Type: text/plain\r\n\r\n2\r\n--XX--")
          .pairs(),
      IsEmpty());
}

TEST(MultipartForm, AnEmptyFormHasNoFields) { EXPECT_THAT(Decoded("--XX--").pairs(), IsEmpty()); }

TEST(MultipartForm, EmptyValues) {
  EXPECT_THAT(Decoded("--XX\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n--XX--").pairs(),
              ElementsAre(Pair("a", "")));
}

TEST(MultipartForm, SaysWhatIsWrong) {
  EXPECT_THAT(Refusal("--XX--", "multipart/form-data"), HasSubstr("no boundary"));
  EXPECT_THAT(Refusal("--XX--", "multipart/form-data; boundary=" + std::string(71, 'x')),
              HasSubstr("too long"));
  EXPECT_THAT(Refusal("a=1"), HasSubstr("begin"));
  EXPECT_THAT(Refusal("--XX\r\nContent-Disposition: form-data; name=a\r\n\r\n1"),
              HasSubstr("does not end"));
  EXPECT_THAT(Refusal("--XX\r\nnonsense\r\n\r\n1\r\n--XX--"), HasSubstr("colon"));
  EXPECT_THAT(Refusal("--XXtail\r\n\r\n1\r\n--XX--"), HasSubstr("behind a boundary"));
  EXPECT_THAT(Refusal("--XX\r\nContent-Disposition: form-data; name=a\r\n--XX--"),
              HasSubstr("no end of its fields"));
  EXPECT_THAT(Refusal("--XX\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n1\r\n--XX--"),
              HasSubstr("quoted-printable"));
}

TEST(MultipartForm, PartsAreBounded) {
  std::string body;
  for (int i = 0; i < 1001; ++i)
    body += "--XX\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n";
  EXPECT_THAT(Refusal(body + "--XX--"), HasSubstr("too many parts"));
}

}  // namespace
}  // namespace tidegate::api
