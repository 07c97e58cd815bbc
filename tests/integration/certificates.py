"""Certificates for tests, made by the openssl command."""

import os
import subprocess
import tempfile


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


class Authority:
    """A certificate authority in a folder; what it signs lies there too."""

    def __init__(self, directory, name):
        self.directory, self.name = directory, name
        self.cert, self.key = self._path(name, "pem"), self._path(name, "key")
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-days", "2", "-subj", f"/CN={name}", "-keyout", self.key, "-out", self.cert)

    def _path(self, name, kind):
        return os.path.join(self.directory, f"{name}.{kind}")

    def issue(self, name, days=1, hosts="DNS:localhost,IP:127.0.0.1"):
        """(certificate, key) of a new pair; expired when days is negative."""
        cert, key, request, extensions = (
            self._path(f"{self.name}-{name}", kind) for kind in ("pem", "key", "csr", "ext")
        )
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-subj", f"/CN={name}", "-keyout", key, "-out", request)
        with open(extensions, "w", encoding="utf-8") as file:
            file.write(f"subjectAltName={hosts}\nextendedKeyUsage=serverAuth,clientAuth\n")
        openssl("x509", "-req", "-in", request, "-CA", self.cert, "-CAkey", self.key,
                "-CAcreateserial", "-days", str(days), "-extfile", extensions, "-out", cert)
        return cert, key


def replace(target, source):
    """As a rotation does it: another file under the same name."""
    with tempfile.NamedTemporaryFile("wb", dir=os.path.dirname(target), delete=False) as copy:
        with open(source, "rb") as file:
            copy.write(file.read())
    os.replace(copy.name, target)
