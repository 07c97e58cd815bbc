"""A small real SMTP server for tests: STARTTLS, logins, refusals. It keeps what it takes."""

import base64
import email
import email.policy
import socketserver
import ssl
import threading


class Mail:
    """One message as it came."""

    def __init__(self, sender, receivers, data, tls, user):
        self.sender, self.receivers, self.tls, self.user = sender, receivers, tls, user
        self.message = email.message_from_bytes(data, policy=email.policy.default)

    @property
    def text(self):
        return self.message.get_content()


class MailServer:
    """Takes messages on a free port of the loopback.

    tls: an SSLContext for STARTTLS. login: (user, password) without which nothing is taken, and
    only over TLS. refusals: replies to MAIL, one a message, before it takes them."""

    def __init__(self, tls=None, login=None):
        self.tls, self.login, self.refusals, self.mails, self.commands = tls, login, [], [], []
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        self.address = f"127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def _handler(self):
        owner = self

        class Session(socketserver.BaseRequestHandler):
            def handle(self):
                self.file = self.request.makefile("rwb")
                self.is_tls, self.user, self.sender, self.receivers = False, None, None, []
                self.say("220 test ESMTP")
                while line := self.file.readline():
                    line = line.decode().rstrip("\r\n")
                    owner.commands.append(line)
                    verb, _, rest = line.partition(" ")
                    answer = getattr(self, "on_" + verb.lower(), None)
                    if answer is None:
                        self.say("502 unknown")
                    elif answer(rest) == "end":
                        return

            def say(self, line):
                self.file.write(line.encode() + b"\r\n")
                self.file.flush()

            def on_ehlo(self, _):
                offers = []
                if owner.tls and not self.is_tls:
                    offers.append("STARTTLS")
                if owner.login and (self.is_tls or not owner.tls):
                    offers.append("AUTH PLAIN LOGIN")
                lines = ["test", *offers]
                for line in lines[:-1]:
                    self.say(f"250-{line}")
                self.say(f"250 {lines[-1]}")

            def on_starttls(self, _):
                self.say("220 go on")
                try:
                    self.request = owner.tls.wrap_socket(self.request, server_side=True)
                except (ssl.SSLError, OSError):
                    return "end"
                self.file, self.is_tls = self.request.makefile("rwb"), True
                return None

            def on_auth(self, rest):
                kind, _, initial = rest.partition(" ")
                if kind == "PLAIN":
                    if not initial:
                        self.say("334 ")
                        initial = self.file.readline().decode().strip()
                    _, user, password = base64.b64decode(initial).decode().split("\0")
                else:
                    user = initial or self.ask("VXNlcm5hbWU6")
                    user = base64.b64decode(user).decode()
                    password = base64.b64decode(self.ask("UGFzc3dvcmQ6")).decode()
                if (user, password) == owner.login:
                    self.user = user
                    self.say("235 welcome")
                else:
                    self.say("535 no")

            def ask(self, prompt):
                self.say(f"334 {prompt}")
                return self.file.readline().decode().strip()

            def on_mail(self, rest):
                if owner.login and self.user is None:
                    self.say("530 log in first")
                elif owner.refusals:
                    self.say(owner.refusals.pop(0))
                else:
                    self.sender, self.receivers = rest.partition("<")[2].partition(">")[0], []
                    self.say("250 ok")

            def on_rcpt(self, rest):
                self.receivers.append(rest.partition("<")[2].partition(">")[0])
                self.say("250 ok")

            def on_data(self, _):
                self.say("354 go on")
                data = b""
                while (line := self.file.readline()) not in (b".\r\n", b""):
                    data += line[1:] if line.startswith(b".") else line
                owner.mails.append(Mail(self.sender, self.receivers, data, self.is_tls, self.user))
                self.say("250 taken")

            def on_rset(self, _):
                self.say("250 ok")

            def on_quit(self, _):
                self.say("221 bye")
                return "end"

        return Session
