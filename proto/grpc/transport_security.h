// Mutual TLS between our processes.
#ifndef TIDEGATE_PROTO_GRPC_TRANSPORT_SECURITY_H_
#define TIDEGATE_PROTO_GRPC_TRANSPORT_SECURITY_H_

#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "model/tls_files.h"

namespace tidegate::rpc {

struct TransportSecurity {
  // All three or none: our certificate, as a server and as a client, and the authority of all
  // peers, which every side must show a certificate of. Empty = no encryption, no authentication.
  model::TlsFiles files;
  // The name that servers' certificates are for; empty = the host of the address that is called.
  std::string server_name;
};

// Ok when the files can be used, and when there are none. The credentials below do not say.
absl::Status CheckTransportSecurity(const TransportSecurity& security);

// TLS 1.2 and newer; files are looked at every second, and what they hold then is for connections
// from then on. A certificate without its key, as between the two steps of a rotation, is not
// taken over.
std::shared_ptr<grpc::ServerCredentials> ServerCredentialsOf(const TransportSecurity& security);
std::shared_ptr<grpc::ChannelCredentials> ChannelCredentialsOf(const TransportSecurity& security);

}  // namespace tidegate::rpc

#endif  // TIDEGATE_PROTO_GRPC_TRANSPORT_SECURITY_H_
