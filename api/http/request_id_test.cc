#include "api/http/request_id.h"

#include <gtest/gtest.h>

namespace tidegate::api {
namespace {

std::string IdOf(std::string_view given) {
  Headers headers;
  headers.Add("x-request-id", given);
  return RequestIdOf(headers);
}

TEST(RequestIdTest, TakesTheClients) {
  EXPECT_EQ(IdOf("7f3a-42"), "7f3a-42");
  EXPECT_EQ(IdOf(std::string(128, 'x')), std::string(128, 'x'));
}

TEST(RequestIdTest, MakesOneInPlaceOfWhatWouldForgeLogs) {
  for (std::string_view given : {"", "a b", "a\x01", "caf\xc3\xa9"}) EXPECT_NE(IdOf(given), given);
  EXPECT_NE(IdOf(std::string(129, 'x')), std::string(129, 'x'));
}

TEST(RequestIdTest, TheOneThatTheServerGaveStays) {
  Headers headers;
  headers.Add("X-Request-Id", "a b");
  const std::string made = RequestIdOf(headers);
  headers.Add(kGivenRequestIdField, made);
  EXPECT_EQ(RequestIdOf(headers), made);
}

TEST(RequestIdTest, NewOnesDiffer) {
  const Headers none;
  EXPECT_NE(RequestIdOf(none), RequestIdOf(none));
  EXPECT_FALSE(RequestIdOf(none).empty());
}

}  // namespace
}  // namespace tidegate::api
