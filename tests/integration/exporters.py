"""Targets that lie: each path of one small server answers wrongly in its own way."""

import gzip
import http.server
import ssl
import threading
import time

TEXT = "text/plain; version=0.0.4; charset=utf-8"
OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"


class Exporter:
    """Pages by path: (content type, body), changed at will. Paths of LIES misbehave instead."""

    LIES = ("slow", "length", "silent", "status", "redirect")

    def __init__(self, pages=None, tls=None):
        self.pages = dict(pages or {})
        self.requests = []
        self.stopping = threading.Event()
        exporter = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                exporter.requests.append((self.path, dict(self.headers)))
                name = self.path.lstrip("/").split("?")[0]
                if name in exporter.LIES and name not in exporter.pages:
                    getattr(exporter, "lie_" + name)(self)
                elif name in exporter.pages:
                    self.answer(*exporter.pages[name])
                else:
                    self.send_error(404)

            def answer(self, content_type, body):
                body = body.encode() if isinstance(body, str) else body
                self.send_response(200)
                if content_type:
                    self.send_header("Content-Type", content_type)
                if "gzip" in self.headers.get("Accept-Encoding", "") and len(body) > 1000:
                    body = gzip.compress(body)
                    self.send_header("Content-Encoding", "gzip")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass  # Clients of liars hang up.

        self.server = Server(("127.0.0.1", 0), Handler)
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def lie_slow(self, handler):
        """A byte now and then, for longer than anybody waits."""
        handler.send_response(200)
        handler.send_header("Content-Type", TEXT)
        handler.end_headers()
        for _ in range(300):
            if self.stopping.wait(0.1):
                return
            handler.wfile.write(b"\n")

    def lie_silent(self, handler):
        self.stopping.wait(30)
        handler.close_connection = True

    def lie_length(self, handler):
        """Promises more than it sends."""
        handler.send_response(200)
        handler.send_header("Content-Type", TEXT)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"a 1\n")
        handler.close_connection = True

    def lie_status(self, handler):
        handler.send_error(503)

    def lie_redirect(self, handler):
        handler.send_response(302)
        handler.send_header("Location", "/redirect")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    def close(self):
        self.stopping.set()
        self.server.shutdown()
        self.server.server_close()


def eventually(check, seconds=30):
    """Calls until it raises nothing; the last error counts when the time is over."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return check()
        except (AssertionError, KeyError, IndexError, OSError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
