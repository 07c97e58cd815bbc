#include "model/tls_files.h"

#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <fstream>
#include <string>

namespace tidegate::model {
namespace {

std::string Taken(BIO* pem) {
  char* data = nullptr;
  const auto size = static_cast<size_t>(BIO_get_mem_data(pem, &data));
  std::string text(data, size);
  BIO_free(pem);
  return text;
}

// A self-signed certificate and its key, as PEM.
struct Pair {
  std::string cert, key;
};

Pair MakePair() {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  X509_sign(certificate, key, EVP_sha256());
  Pair pair;
  BIO* pem = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(pem, certificate);
  pair.cert = Taken(pem);
  pem = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey(pem, key, nullptr, nullptr, 0, nullptr, nullptr);
  pair.key = Taken(pem);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return pair;
}

std::string Write(const std::string& name, const std::string& text) {
  const std::string path = testing::TempDir() + "/" + name;
  std::ofstream(path) << text;
  return path;
}

class TlsFilesTest : public testing::Test {
 protected:
  TlsFilesTest()
      : pair_(MakePair()), files_{Write("cert.pem", pair_.cert), Write("key.pem", pair_.key), ""} {}
  std::string Error() const { return std::string(ReadTlsMaterial(files_).status().message()); }

  const Pair pair_;
  TlsFiles files_;
};

TEST_F(TlsFilesTest, ReadsWhatFitsTogether) {
  EXPECT_TRUE(files_.enabled());
  EXPECT_FALSE(TlsFiles().enabled());
  const auto without_ca = ReadTlsMaterial(files_);
  ASSERT_TRUE(without_ca.ok()) << without_ca.status();
  EXPECT_EQ(without_ca->cert_pem, pair_.cert);
  EXPECT_EQ(without_ca->key_pem, pair_.key);
  EXPECT_EQ(without_ca->ca_pem, "");
  files_.ca_file = files_.cert_file;
  EXPECT_EQ(ReadTlsMaterial(files_)->ca_pem, pair_.cert);
}

TEST_F(TlsFilesTest, NamesTheFileAndTheMistake) {
  files_.key_file = Write("other.pem", MakePair().key);
  EXPECT_EQ(Error(), "the key in " + files_.key_file + " is not that of " + files_.cert_file);
  files_.key_file = files_.cert_file;
  EXPECT_EQ(Error(), files_.key_file + " holds no private key in PEM without a passphrase");
  files_.cert_file = Write("text.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n");
  EXPECT_EQ(Error(), files_.cert_file + " holds no certificate in PEM");
  files_.cert_file = "/does/not/exist";
  EXPECT_EQ(Error(), "cannot read /does/not/exist");
  EXPECT_TRUE(absl::IsNotFound(ReadTlsMaterial(files_).status()));
  files_.cert_file = "";
  EXPECT_EQ(Error(), "TLS needs both a certificate and its key");
}

TEST_F(TlsFilesTest, AnAuthorityMustBeACertificate) {
  files_.ca_file = files_.key_file;
  EXPECT_EQ(Error(), files_.ca_file + " holds no certificate in PEM");
}

}  // namespace
}  // namespace tidegate::model
