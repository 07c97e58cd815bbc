#include "model/tls_files.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <fstream>
#include <iterator>
#include <memory>

#include "absl/status/status.h"
#include "fmt/format.h"

namespace tidegate::model {
namespace {

template <auto FreeFn>
struct Freed {
  template <typename T>
  void operator()(T* owned) const {
    FreeFn(owned);
  }
};
using Bio = std::unique_ptr<BIO, Freed<BIO_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using PrivateKey = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;

absl::Status ReadPem(const std::string& path, std::string* pem) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError(fmt::format("cannot read {}", path));
  pem->assign(std::istreambuf_iterator<char>(file), {});
  if (file.bad() || pem->empty()) return absl::NotFoundError(fmt::format("{} is empty", path));
  return absl::OkStatus();
}

Bio OpenPem(const std::string& pem) {
  return Bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

// A key with a passphrase must not make OpenSSL ask on the terminal.
int NoPassphrase(char*, int, int, void*) { return -1; }

Certificate FirstCertificate(const std::string& pem) {
  return Certificate(PEM_read_bio_X509(OpenPem(pem).get(), nullptr, &NoPassphrase, nullptr));
}

absl::Status CheckPair(const TlsFiles& files, const TlsMaterial& material) {
  const Certificate certificate = FirstCertificate(material.cert_pem);
  if (certificate == nullptr) {
    return absl::InvalidArgumentError(
        fmt::format("{} holds no certificate in PEM", files.cert_file));
  }
  const PrivateKey key(
      PEM_read_bio_PrivateKey(OpenPem(material.key_pem).get(), nullptr, &NoPassphrase, nullptr));
  if (key == nullptr) {
    return absl::InvalidArgumentError(
        fmt::format("{} holds no private key in PEM without a passphrase", files.key_file));
  }
  if (X509_check_private_key(certificate.get(), key.get()) == 1) return absl::OkStatus();
  return absl::InvalidArgumentError(
      fmt::format("the key in {} is not that of {}", files.key_file, files.cert_file));
}

absl::Status ReadAll(const TlsFiles& files, TlsMaterial* material) {
  if (files.cert_file.empty() || files.key_file.empty()) {
    return absl::InvalidArgumentError("TLS needs both a certificate and its key");
  }
  absl::Status status = ReadPem(files.cert_file, &material->cert_pem);
  if (status.ok()) status = ReadPem(files.key_file, &material->key_pem);
  if (status.ok() && !files.ca_file.empty()) status = ReadPem(files.ca_file, &material->ca_pem);
  if (status.ok()) status = CheckPair(files, *material);
  if (!status.ok() || files.ca_file.empty()) return status;
  if (FirstCertificate(material->ca_pem) != nullptr) return absl::OkStatus();
  return absl::InvalidArgumentError(fmt::format("{} holds no certificate in PEM", files.ca_file));
}

}  // namespace

absl::StatusOr<TlsMaterial> ReadTlsMaterial(const TlsFiles& files) {
  TlsMaterial material;
  absl::Status status = ReadAll(files, &material);
  ERR_clear_error();  // What OpenSSL left in this thread's queue would confuse the next caller.
  if (!status.ok()) return status;
  return material;
}

}  // namespace tidegate::model
