#include "model/ip_range.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace tidegate::model {
namespace {

IpAddress Address(std::string_view text) { return IpAddress::Parse(text).value(); }
bool Contains(std::string_view range, std::string_view address) {
  return IpRange::Parse(range).value().Contains(Address(address));
}

TEST(IpAddressTest, MappedAddressesAreTheIpv4AddressesTheyStandFor) {
  EXPECT_EQ(Address("10.0.0.1"), Address("::ffff:10.0.0.1"));
  EXPECT_NE(Address("10.0.0.1"), Address("::10.0.0.1"));
}

TEST(IpAddressTest, TakesThePeerOfASocket) {
  EXPECT_EQ(IpAddress::ParseEndpoint("10.1.2.3:4567").value(), Address("10.1.2.3"));
  EXPECT_EQ(IpAddress::ParseEndpoint("[2001:db8::1]:80").value(), Address("2001:db8::1"));
  EXPECT_EQ(IpAddress::ParseEndpoint("[fe80::1%eth0]:80").value(), Address("fe80::1"));
  EXPECT_FALSE(IpAddress::ParseEndpoint("localhost:80").ok());
}

TEST(IpAddressTest, RefusesWhatIsNoAddress) {
  for (std::string_view text : {"", "10.0.0", "10.0.0.256", "10.0.0.1 ", "::g", "[::1]"}) {
    EXPECT_FALSE(IpAddress::Parse(text).ok()) << text;
  }
  EXPECT_FALSE(IpAddress::Parse(std::string_view("10.0.0.1\0", 9)).ok());
}

TEST(IpAddressTest, BytesAndText) {
  EXPECT_EQ(IpAddress::FromIpv4({10, 0, 0, 1}), *IpAddress::Parse("::ffff:10.0.0.1"));
  EXPECT_EQ(IpAddress::FromIpv4({10, 0, 0, 1}).ToString(), "10.0.0.1");
  const IpAddress v6 = *IpAddress::Parse("2001:db8::1");
  EXPECT_EQ(IpAddress::FromIpv6(v6.bytes()), v6);
  EXPECT_EQ(v6.ToString(), "2001:db8::1");
  EXPECT_TRUE(IpAddress::Parse("::ffff:10.0.0.1")->IsIpv4());
  EXPECT_FALSE(v6.IsIpv4());
  EXPECT_FALSE(IpAddress::Parse("::1")->IsIpv4());
}

TEST(IpRangeTest, TellsItsPrefix) {
  EXPECT_EQ(IpRange::Parse("10.0.0.0/8")->prefix_bits(), 104);
  EXPECT_EQ(IpRange::Parse("10.0.0.1")->prefix_bits(), 128);
  EXPECT_EQ(IpRange::Parse("fe80::/10")->prefix_bits(), 10);
}

TEST(IpRangeTest, ContainsItsPrefixAndNothingElse) {
  EXPECT_TRUE(Contains("10.0.0.0/8", "10.255.255.255"));
  EXPECT_FALSE(Contains("10.0.0.0/8", "11.0.0.0"));
  EXPECT_TRUE(Contains("192.168.4.0/22", "192.168.7.255"));
  EXPECT_FALSE(Contains("192.168.4.0/22", "192.168.8.0"));
  EXPECT_TRUE(Contains("2001:db8::/33", "2001:db8:7fff::1"));
  EXPECT_FALSE(Contains("2001:db8::/33", "2001:db8:8000::1"));
}

TEST(IpRangeTest, OneAddressIsARangeOfOne) {
  EXPECT_TRUE(Contains("127.0.0.1", "127.0.0.1"));
  EXPECT_FALSE(Contains("127.0.0.1", "127.0.0.2"));
  EXPECT_TRUE(Contains("127.0.0.1/32", "::ffff:127.0.0.1"));
}

TEST(IpRangeTest, NoPrefixIsEverythingOfItsFamily) {
  EXPECT_TRUE(Contains("0.0.0.0/0", "203.0.113.9"));
  EXPECT_FALSE(Contains("0.0.0.0/0", "2001:db8::1"));
  EXPECT_TRUE(Contains("::/0", "2001:db8::1"));
}

TEST(IpRangeTest, RefusesMistakes) {
  for (std::string_view text : {"10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "::/129",
                                "10.0.0.0/8x", "example.org/8"}) {
    EXPECT_FALSE(IpRange::Parse(text).ok()) << text;
  }
}

}  // namespace
}  // namespace tidegate::model
