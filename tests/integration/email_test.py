#!/usr/bin/python3
"""Notifications by email and Slack: what real receivers get of alerts that hosts' checks open."""

import os
import signal
import ssl
import tempfile
import time
import unittest

from certificates import Authority
from mail_server import MailServer
from monitors_test import Api, Receiver
from rules_test import until
from server import Server


def report(api, host, status, name="ntp"):
    """A check report of now; two in one second count once."""
    time.sleep(1.1)
    api.post("monitoring/checks/report", {"reports": [{
        "source": {"type": "host", "hostId": host}, "name": name, "status": status,
        "message": f"offset is {status}", "occurredAt": int(time.time())}]})


def configured(folder, **email):
    """The path of a configuration with these settings of the mail server."""
    path = os.path.join(folder, "config.yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write("ruler: {external_url: 'http://tidegate.example.org'}\nemail:\n")
        for name, value in email.items():
            file.write(f"  {name}: {value}\n")
    return path


def sent_counts(server):
    _, body, _ = server.request("GET", "/-/metrics")
    return {line.split('outcome="')[1].split('"')[0]: float(line.split()[-1])
            for line in body.decode().splitlines()
            if line.startswith("tidegate_monitor_notifications_total{")}


class Emails(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        authority = Authority(self.folder.name, "ca")
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(*authority.issue("mail"))

    def test_over_starttls_with_a_login(self):
        with MailServer(self.tls, ("u", "p")) as mail:
            config = configured(self.folder.name, smarthost=mail.address,
                                **{"from": "Tidegate <alerts@example.org>"}, username="u", password="p",
                                tls_config="{ca_file: ca.pem}")
            with Server(flags=[f"--config={config}"]) as server:
                api = Api(server)
                host = api.post("hosts", {"name": "db1", "roleFullnames": ["Blog:db"]})["id"]
                api.post("channels", {"type": "email", "name": "e", "emails": ["me@example.com", "you@example.com"]})
                report(api, host, "CRITICAL")
                until(lambda: mail.mails, 30)
                report(api, host, "OK")
                until(lambda: len(mail.mails) == 2, 30)
                first, second = mail.mails
                self.assertEqual((first.sender, first.receivers), ("alerts@example.org", ["me@example.com", "you@example.com"]))
                self.assertEqual((first.tls, first.user), (True, "u"))
                self.assertEqual(first.message["Subject"], "[CRITICAL] ntp at db1")
                self.assertEqual(first.message["From"], "Tidegate <alerts@example.org>")
                self.assertIn("offset is CRITICAL", first.text)
                self.assertIn("Roles: Blog: db", first.text)
                alert = api.alerts(closed=True)[0]["id"]
                self.assertIn(f"http://tidegate.example.org/api/v0/alerts/{alert}", first.text)
                self.assertEqual(second.message["Subject"], "[OK] ntp at db1")
                self.assertEqual(first.message["References"], second.message["References"])
                self.assertNotEqual(first.message["Message-ID"], second.message["Message-ID"])
                _, shown, _ = server.request("GET", "/api/v1/status/config")
                self.assertNotIn(b"password: p", shown)

    def test_whom_it_does_not_trust_it_tells_nothing(self):
        with MailServer(self.tls) as mail:
            config = configured(self.folder.name, smarthost=mail.address, **{"from": "a@example.org"})
            with Server(flags=[f"--config={config}"]) as server:
                api = Api(server)
                host = api.post("hosts", {"name": "db1"})["id"]
                api.post("channels", {"type": "email", "name": "e", "emails": ["me@example.com"]})
                report(api, host, "CRITICAL")
                until(lambda: sent_counts(server).get("failed", 0) >= 1, 30)
                self.assertEqual(mail.mails, [])
                self.assertFalse([line for line in mail.commands if line.startswith("MAIL")])
                # What waits is sent with the next configuration.
                configured(self.folder.name, smarthost=mail.address, **{"from": "a@example.org"},
                           tls_config="{ca_file: ca.pem}")
                server.process.send_signal(signal.SIGHUP)
                until(lambda: mail.mails, 60)
                self.assertTrue(mail.mails[0].tls)

    def test_a_temporary_refusal_is_tried_again_over_a_kill(self):
        with MailServer() as mail:
            mail.refusals = ["451 later", "421 later"]
            config = configured(self.folder.name, smarthost=mail.address, **{"from": "a@example.org"}, require_tls="false")
            with Server(flags=[f"--config={config}"]) as server:
                api = Api(server)
                host = api.post("hosts", {"name": "db1"})["id"]
                api.post("channels", {"type": "email", "name": "e", "emails": ["me@example.com"]})
                report(api, host, "UNKNOWN")
                until(lambda: len(mail.refusals) < 2, 30)
                server.kill()
                server.start()
                until(lambda: mail.mails, 60)
                time.sleep(3)
                self.assertEqual(len(mail.mails), 1)
                self.assertEqual(mail.mails[0].message["Subject"], "[UNKNOWN] ntp at db1")


class Slack(unittest.TestCase):
    def test_a_text_with_mention_and_attachment(self):
        with Receiver() as slack, Server() as server:
            api = Api(server)
            host = api.post("hosts", {"name": "db<1>"})["id"]
            api.post("channels", {"type": "slack", "name": "s", "url": slack.url,
                                  "mentions": {"critical": "<!channel>"}})
            report(api, host, "CRITICAL")
            until(lambda: slack.posts, 30)
            post = slack.posts[0]
            self.assertEqual(post["text"], "<!channel> [CRITICAL] ntp: offset is CRITICAL (db&lt;1&gt;)")
            attachment = post["attachments"][0]
            self.assertEqual((attachment["color"], attachment["title"]), ("danger", "[CRITICAL] ntp"))
            self.assertEqual(attachment["fields"][0], {"title": "Host", "value": "db&lt;1&gt;", "short": True})
            report(api, host, "OK")
            until(lambda: len(slack.posts) == 2, 30)
            self.assertEqual(slack.posts[1]["attachments"][0]["color"], "good")
            self.assertTrue(slack.posts[1]["text"].startswith("[OK]"))


class ReportsOverKills(unittest.TestCase):
    def test_no_report_is_lost_or_counted_twice(self):
        """A report that was answered is there after kill -9; one that was sent again counts once."""
        with Receiver() as receiver, Server() as server:
            api = Api(server)
            hosts = [api.post("hosts", {"name": f"h{i}"})["id"] for i in range(3)]
            api.post("channels", {"type": "webhook", "name": "w", "url": receiver.url})
            at = int(time.time()) - 100
            for step in range(12):
                status = ("CRITICAL", "WARNING", "OK")[step % 3]
                body = {"reports": [{"source": {"type": "host", "hostId": host}, "name": "c", "status": status,
                                     "message": "m", "occurredAt": at + step} for host in hosts]}
                api.post("monitoring/checks/report", body)
                if step % 4 == 3:
                    server.kill()
                    server.start()
                api.post("monitoring/checks/report", body)
            until(lambda: len(receiver.posts) >= 36, 60)
            time.sleep(2)
            for host in hosts:
                told = [post["alert"]["status"] for post in receiver.posts if post["host"]["id"] == host]
                self.assertEqual(told, ["critical", "warning", "ok"] * 4)
            self.assertEqual(len(api.alerts(closed=True)), 12)


if __name__ == "__main__":
    unittest.main()
