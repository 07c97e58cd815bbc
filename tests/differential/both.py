"""Prometheus and Tidegate side by side, with the same samples in them."""

import contextlib

import peer  # first: it makes tests/integration importable
import comparison
import server

BATCH = 50  # series in a push


class Both:
    """Starts both, pushes, and stops both at the end."""

    def __init__(self, all_series):
        # Prometheus works on series in the order in which it first saw them. Where sums are rounded
        # that shows, so that order is the one of the labels.
        self._all_series = sorted(all_series, key=lambda one: sorted(one[0].items()))

    def __enter__(self):
        with contextlib.ExitStack() as self._stack:
            prometheus = self._stack.enter_context(peer.Prometheus())
            tidegate = self._stack.enter_context(server.Server(flags=["--log_level=error"]))
            self._push(prometheus, "/api/v1/write")
            self._push(tidegate, "/api/v1/push")
            self._prometheus, self._tidegate = self._client(prometheus), self._client(tidegate)
            self._without_delayed_names = None
            self._stack = self._stack.pop_all()
        return self

    def __exit__(self, *_):
        self._stack.close()

    def _push(self, target, path):
        for at in range(0, len(self._all_series), BATCH):
            peer.push(target.http_port, path, self._all_series[at : at + BATCH])

    def _client(self, target):
        client = comparison.Client(target.http_port)
        return self._stack.enter_context(contextlib.closing(client))

    def ask(self, question):
        """Prometheus' answer and Tidegate's."""
        return self._prometheus.ask(question), self._tidegate.ask(question)

    def ask_prometheus(self, question):
        return self._prometheus.ask(question)

    def ask_without_delayed_names(self, question):
        """Another Prometheus with the same samples, started when it is first needed."""
        if self._without_delayed_names is None:
            prometheus = self._stack.enter_context(peer.Prometheus(delayed_names=False))
            self._push(prometheus, "/api/v1/write")
            self._without_delayed_names = self._client(prometheus)
        return self._without_delayed_names.ask(question)
