#include "proto/grpc/transport_security.h"

#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/security/tls_credentials_options.h>

namespace tidegate::rpc {
namespace {

namespace tls = grpc::experimental;

constexpr unsigned int kRefreshSeconds = 1;

std::shared_ptr<tls::CertificateProviderInterface> Watch(const model::TlsFiles& files) {
  return std::make_shared<tls::FileWatcherCertificateProvider>(files.key_file, files.cert_file,
                                                               files.ca_file, kRefreshSeconds);
}

}  // namespace

absl::Status CheckTransportSecurity(const TransportSecurity& security) {
  if (!security.files.enabled()) return absl::OkStatus();
  if (security.files.ca_file.empty()) {
    return absl::InvalidArgumentError("TLS between services needs the authority of the peers");
  }
  return model::ReadTlsMaterial(security.files).status();
}

std::shared_ptr<grpc::ServerCredentials> ServerCredentialsOf(const TransportSecurity& security) {
  if (!security.files.enabled()) return grpc::InsecureServerCredentials();
  tls::TlsServerCredentialsOptions options(Watch(security.files));
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  return tls::TlsServerCredentials(options);
}

std::shared_ptr<grpc::ChannelCredentials> ChannelCredentialsOf(const TransportSecurity& security) {
  if (!security.files.enabled()) return grpc::InsecureChannelCredentials();
  tls::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(Watch(security.files));
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_certificate_verifier(std::make_shared<tls::HostNameCertificateVerifier>());
  return tls::TlsCredentials(options);
}

}  // namespace tidegate::rpc
