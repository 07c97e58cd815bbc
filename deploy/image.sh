#!/bin/bash
# image.sh BINARY LAYOUT TAG: an OCI image layout with the server and the libraries it loads.
# There is no distribution inside, no shell, and no root: the server runs as uid 65532. The same
# binary and libraries give the same image, byte for byte. Read it with
#   skopeo copy oci:LAYOUT:TAG docker-archive:tidegate.tar
set -euo pipefail

readonly BINARY=$1 LAYOUT=$2 TAG=$3
readonly NONROOT=65532
readonly EPOCH=1970-01-01T00:00:00Z

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Prints the binary's shared libraries and their loader.
libraries() {
  ldd "$BINARY" | awk '/=> \//{print $3} /^[[:space:]]*\/lib64/{print $1}' | sort -u
}

make_root() {
  local root=$1 library
  install -d -m755 "$root" # mktemp's 0700 would lock everybody but root out of /
  install -D -m755 "$BINARY" "$root/app/tidegate"
  strip "$root/app/tidegate"
  libraries | while read -r library; do
    install -D -m755 "$(readlink -f "$library")" "$root/$library"
  done
  # The roots of trust for scrapes and webhooks over TLS.
  install -D -m644 /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
  # Time zones, for templates in log queries; names from /etc/hosts come before those of DNS.
  install -d -m755 "$root/usr/share"
  cp -r /usr/share/zoneinfo "$root/usr/share/zoneinfo"
  rm -rf "$root"/usr/share/zoneinfo/{right,posix,*.tab,tzdata.zi,leap*}
  echo "hosts: files dns" >"$root/etc/nsswitch.conf"
  echo "nonroot:x:$NONROOT:$NONROOT::/data:/none" >"$root/etc/passwd"
  install -d -m1777 "$root/tmp"
  install -d -m755 "$root/data"
}

pack() {
  tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --exclude=./data \
    -C "$work/root" -cf "$work/root.tar" .
  tar --mtime=@0 --owner=$NONROOT --group=$NONROOT --numeric-owner \
    -C "$work/root" -rf "$work/root.tar" ./data
}

make_layout() {
  local image="$work/layout:$TAG"
  umoci init --layout "$work/layout"
  umoci new --image "$image"
  umoci raw add-layer --image "$image" --history.created $EPOCH "$work/root.tar"
  umoci config --image "$image" --created $EPOCH --history.created $EPOCH \
    --config.user $NONROOT:$NONROOT --config.workingdir /data --config.volume /data \
    --config.exposedports 9009/tcp --config.exposedports 9095/tcp \
    --config.entrypoint /app/tidegate \
    --config.cmd --target=all --config.cmd --http_address=0.0.0.0:9009 \
    --config.cmd --grpc_address=0.0.0.0:9095 --config.cmd --storage_dir=/data
  umoci gc --layout "$work/layout"
}

install -d "$work/root"
make_root "$work/root"
pack
make_layout
rm -rf "$LAYOUT"
mkdir -p "$(dirname "$LAYOUT")"
mv "$work/layout" "$LAYOUT"
echo "$LAYOUT:$TAG, layer $(du -h "$work/root.tar" | cut -f1)"
