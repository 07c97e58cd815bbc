"""Random PromQL expressions that are well typed, as trees that can be made smaller.

A Node is a type and parts; a part is text or another Node. Printing joins the parts. Every binary
expression has parentheses, so that any subtree may stand where another one of its type stood.
Only float series: what native histograms do has no series here.
"""

import series_data

VECTOR, SCALAR, MATRIX, MODIFIER = "vector", "scalar", "matrix", "modifier"


class Node:
    def __init__(self, kind, *parts):
        self.kind, self.parts = kind, list(parts)

    def __str__(self):
        return "".join(map(str, self.parts))

    def children(self):
        return [part for part in self.parts if isinstance(part, Node)]

    def size(self):
        return 1 + sum(child.size() for child in self.children())

    def descendants(self):
        for child in self.children():
            yield child
            yield from child.descendants()

    def smaller(self):
        """Trees of the same type with one subtree dropped or pulled up, biggest savings first."""
        found = [node for node in self.descendants() if node.kind == self.kind]
        if self.kind == MODIFIER and str(self):
            found.append(Node(MODIFIER, ""))
        if self.kind == SCALAR and self.size() > 1:
            found.append(Node(SCALAR, "1"))
        found.sort(key=Node.size)
        yield from found
        for i, part in enumerate(self.parts):
            if isinstance(part, Node):
                for replacement in part.smaller():
                    yield Node(self.kind, *self.parts[:i], replacement, *self.parts[i + 1 :])


COUNTERS = [
    "node_cpu_seconds_total",
    "node_network_receive_bytes_total",
    "node_network_transmit_bytes_total",
]
GAUGES = [
    "node_memory_MemTotal_bytes",
    "node_memory_MemFree_bytes",
    "node_load1",
    "node_filesystem_size_bytes",
    "node_filesystem_avail_bytes",
    "node_hwmon_temp_celsius",
    "node_systemd_unit_state",
    "node_boot_time_seconds",
    "node_textfile_mtime_seconds",
    "node_uname_info",
    "up",
]
BUCKETS = "node_request_duration_seconds_bucket"
LABELS = ["instance", "job", "cpu", "mode", "device", "mountpoint", "fstype", "sensor", "le"]
# Matchers that can match something, by a part of the metric's name; the others hardly ever do.
MATCHERS = {
    "": [
        'instance="node0:9100"',
        'instance=~"node[01]:.*"',
        'instance!="node2:9100"',
        'instance!~"node1.*"',
        'job="node"',
        'nothing=""',
    ],
    "cpu": ['mode="idle"', 'mode=~"idle|user"', 'mode!~"s.*"', 'cpu="0"'],
    "network": ['device="eth0"', 'device!="lo"', 'device=~"eth0|lo|"'],
    "filesystem": ['device=~"sd.1"', 'fstype!=""', 'fstype!="tmpfs"', 'mountpoint=~"/.*"'],
    "hwmon": ['sensor=~".+0"', 'sensor!=""'],
}
ODD_MATCHERS = ['nothing="here"', 'fstype=""', 'cpu=~"0|"', 'le!=""']
# Whole even milliseconds, so that the edges of windows stay at odd ones.
RANGES = ["7s", "40s", "1m", "2m", "5m", "10m", "17m", "1h", "1m30s", "90002ms"]
OFFSETS = ["1m", "5m", "-2m", "30s", "7m2ms", "1h", "-1h"]
STEPS = ["", "15s", "1m", "7s", "30s", "2m"]
NUMBERS = ["0", "1", "2", "0.5", "-1", "3.7", "1e3", "1e9", "100", "NaN", "Inf", "-Inf", "0x1F"]
QUANTILES = ["0", "0.1", "0.5", "0.9", "0.99", "1", "-0.1", "1.1", "NaN"]

RATES = ["rate", "increase", "delta", "irate", "idelta", "resets", "changes", "deriv"]
OVER_TIME = [
    f"{name}_over_time"
    for name in "avg min max sum count stddev stdvar last present absent mad".split()
]
TIMES_OVER_TIME = [f"ts_of_{name}_over_time" for name in ("last", "min", "max")]
MATH = """abs ceil floor exp ln log2 log10 sqrt sgn round sin cos tan asin acos atan sinh cosh tanh
    asinh acosh atanh deg rad""".split()
DATES = "minute hour day_of_week day_of_month day_of_year days_in_month month year".split()
AGGREGATIONS = "sum avg min max count group stddev stdvar".split()
ARITHMETIC = ["+", "-", "*", "/", "%", "^", "atan2"]
COMPARISONS = ["==", "!=", "<", "<=", ">", ">="]
SETS = ["and", "or", "unless"]


# Functions that a release of Prometheus before this one does not know, or knows under another name.
SINCE = {
    "mad_over_time": (2, 49),
    "sort_by_label": (2, 49),
    "double_exponential_smoothing": (3, 0),
    "histogram_fraction": (3, 4),  # of classic buckets
    "ts_of_": (3, 5),
}


class Generator:
    """Draws from `rng` alone: equal seeds give equal queries, for one release of Prometheus."""

    def __init__(self, rng, release):
        self.rng, self.release = rng, release

    def expression(self):
        """Some levels deep, without what the release does not know."""
        while True:
            tree = self._any_expression()
            text = str(tree)
            if all(self.release >= since or name not in text for name, since in SINCE.items()):
                return tree

    def _any_expression(self):
        if self.rng.random() < 0.06:
            return self.scalar(3)
        if self.rng.random() < 0.06:
            return self._ordered()
        return self.vector(self.rng.choice([1, 2, 2, 3, 3, 4]))

    def _pick(self, *weighted):
        """weighted: (weight, method) pairs."""
        return self.rng.choices([m for _, m in weighted], [w for w, _ in weighted])[0]

    # --- instant vectors ---

    def vector(self, depth):
        if depth <= 0:
            return self._selector()
        return self._pick(
            (10, self._selector_at_depth),
            (20, self._over_range),
            (18, self._aggregation),
            (16, self._with_scalar),
            (14, self._matching),
            (12, self._function),
            (3, self._label_function),
            (3, self._histogram),
            (3, self._absent),
            (2, self._of_scalar),
        )(depth)

    def _ordered(self):
        inner = self.vector(2)
        if self.rng.random() < 0.5:
            return Node(VECTOR, self.rng.choice(["sort", "sort_desc"]), "(", inner, ")")
        labels = ", ".join(f'"{label}"' for label in self._labels())
        name = self.rng.choice(["sort_by_label", "sort_by_label_desc"])
        return Node(VECTOR, name, "(", inner, f", {labels})" if labels else ")")

    def _selector_at_depth(self, _):
        return self._selector()

    def _selector(self, names=None):
        names = names or self.rng.choice([COUNTERS, GAUGES])
        return Node(VECTOR, self._bare_selector(names), self._modifiers())

    def _bare_selector(self, names):
        text = self.rng.choice(names)
        fitting = [m for part, some in MATCHERS.items() if part in text for m in some]
        matchers = self.rng.sample(fitting, self.rng.choice([0, 0, 0, 1, 1, 2]))
        if self.rng.random() < 0.03:
            matchers.append(self.rng.choice(ODD_MATCHERS))
        if self.rng.random() < 0.06:
            names = ['__name__=~"node_(load1|filesystem_.*)"', f'__name__="{text}"']
            text, matchers = "", matchers + [self.rng.choice(names)]
        inner = Node(MODIFIER, "{" + ", ".join(matchers) + "}" if matchers else "")
        return Node("bare", text, inner if text else str(inner))

    def _modifiers(self):
        parts = []
        if self.rng.random() < 0.15:
            parts.append(f" offset {self.rng.choice(OFFSETS)}")
        if self.rng.random() < 0.1:
            at = (series_data.END_MS - 2 * self.rng.randrange(3_600_000) - 1) / 1000
            parts.append(self.rng.choice([" @ start()", " @ end()", f" @ {at:.3f}"]))
        self.rng.shuffle(parts)
        return Node(MODIFIER, "".join(parts))

    def matrix(self, depth, names=None):
        window = self.rng.choice(RANGES)
        if depth <= 0 or self.rng.random() < 0.75:
            names = names or self.rng.choice([COUNTERS, GAUGES])
            return Node(MATRIX, self._bare_selector(names), f"[{window}]", self._modifiers())
        step = self.rng.choice(STEPS)
        inner = self.vector(depth - 1)
        return Node(MATRIX, "(", inner, f")[{window}:{step}]", self._modifiers())

    def _over_range(self, depth):
        roll = self.rng.random()
        if roll < 0.45:
            return Node(VECTOR, self.rng.choice(RATES), "(", self.matrix(depth - 1), ")")
        if roll < 0.8:
            return Node(VECTOR, self.rng.choice(OVER_TIME), "(", self.matrix(depth - 1), ")")
        if roll < 0.86:
            return Node(VECTOR, self.rng.choice(TIMES_OVER_TIME), "(", self.matrix(depth - 1), ")")
        if roll < 0.93:
            phi = self._parameter(QUANTILES)
            return Node(VECTOR, "quantile_over_time(", phi, ", ", self.matrix(depth - 1), ")")
        if roll < 0.97:
            ahead = self._parameter(["60", "3600", "-10", "0"])
            return Node(VECTOR, "predict_linear(", self.matrix(depth - 1), ", ", ahead, ")")
        smoothing = ", ".join(self.rng.choices(["0.1", "0.5", "0.9"], k=2))
        inner = self.matrix(depth - 1)
        return Node(VECTOR, "double_exponential_smoothing(", inner, f", {smoothing})")

    def _parameter(self, literals):
        if self.rng.random() < 0.9:
            return Node(SCALAR, self.rng.choice(literals))
        return self.scalar(1)

    def _aggregation(self, depth):
        clause = self._grouping()
        roll = self.rng.random()
        if roll < 0.75:
            name, parameter = self.rng.choice(AGGREGATIONS), []
        elif roll < 0.86:
            name = self.rng.choice(["topk", "bottomk"])
            parameter = [self._parameter(["1", "2", "3", "5", "0", "-1"]), ", "]
        elif roll < 0.96:
            name, parameter = "quantile", [self._parameter(QUANTILES), ", "]
        else:
            # Whole numbers: the text of a value becomes a label.
            inner = Node(VECTOR, "round(", self.vector(depth - 1), ", 1000)")
            return Node(VECTOR, "count_values", clause, '("value", ', inner, ")")
        return Node(VECTOR, name, clause, "(", *parameter, self.vector(depth - 1), ")")

    def _labels(self):
        return self.rng.sample(LABELS, self.rng.choice([0, 1, 1, 2, 2, 3]))

    def _grouping(self):
        if self.rng.random() < 0.25:
            return Node(MODIFIER, "")
        word = self.rng.choice(["by", "by", "without"])
        return Node(MODIFIER, f" {word} ({', '.join(self._labels())}) ")

    def _operator(self):
        """An operator between a vector and something."""
        if self.rng.random() < 0.6:
            return self.rng.choice(ARITHMETIC)
        return self.rng.choice(COMPARISONS) + self.rng.choice(["", " bool"])

    def _with_scalar(self, depth):
        if self.rng.random() < 0.1:
            return Node(VECTOR, "(-", self.vector(depth - 1), ")")
        sides = [self.vector(depth - 1), self.scalar(1)]
        self.rng.shuffle(sides)
        return Node(VECTOR, "(", sides[0], f" {self._operator()} ", sides[1], ")")

    def _matching(self, depth):
        """Two vectors. Often one side is made from the other, so that something matches."""
        left = self.vector(depth - 1)
        labels = ", ".join(self._labels())
        clause, right = "", self.vector(depth - 1)
        if self.rng.random() < 0.3:
            right = left if self.rng.random() < 0.3 else Node(VECTOR, "(", left, " * 2)")
        roll = self.rng.random()
        if self.rng.random() < 0.3:
            clause = Node(MODIFIER, f"{self.rng.choice(['on', 'ignoring'])} ({labels}) ")
            return Node(VECTOR, "(", left, f" {self.rng.choice(SETS)} ", clause, right, ")")
        if roll < 0.35:
            clause = f"on (instance) {self.rng.choice(['group_left', 'group_left (job)'])} "
            name = self.rng.choice(["sum", "max", "avg", "count"])
            right = Node(VECTOR, name, " by (instance, job) (", right, ")")
            if self.rng.random() < 0.3:
                left, right, clause = right, left, clause.replace("left", "right")
        elif roll < 0.55:
            group = f"by ({labels}) "
            left = Node(VECTOR, "sum ", group, "(", left, ")")
            right = Node(VECTOR, "max ", group, "(", right, ")")
        elif roll < 0.8:
            clause = f"{self.rng.choice(['on', 'ignoring'])} ({labels}) "
        return Node(VECTOR, "(", left, f" {self._operator()} ", Node(MODIFIER, clause), right, ")")

    def _function(self, depth):
        inner = self.vector(depth - 1)
        roll = self.rng.random()
        if roll < 0.6:
            return Node(VECTOR, self.rng.choice(MATH), "(", inner, ")")
        if roll < 0.72:
            low, high = self._parameter(NUMBERS), self._parameter(NUMBERS)
            name = self.rng.choice(["clamp", "clamp_min", "clamp_max"])
            parameters = [", ", low] + ([", ", high] if name == "clamp" else [])
            return Node(VECTOR, name, "(", inner, *parameters, ")")
        if roll < 0.8:
            to = self._parameter(["1", "0.1", "10", "0", "-5", "NaN"])
            return Node(VECTOR, "round(", inner, ", ", to, ")")
        if roll < 0.9:
            return Node(VECTOR, self.rng.choice(DATES), "(", inner, ")")
        return Node(VECTOR, "timestamp(", inner, ")")

    def _label_function(self, depth):
        inner = self.vector(depth - 1)
        source, target = self.rng.choice(LABELS), self.rng.choice(["new", "instance", "__name__"])
        if self.rng.random() < 0.5:
            pattern = self.rng.choice(["(.*):.*", "(.).*", "", "node(?P<n>.*)", "nothing"])
            value = self.rng.choice(["$1", "x${1}y", "", "fixed", "$n", "$2"])
            end = f', "{target}", "{value}", "{source}", "{pattern}")'
            return Node(VECTOR, "label_replace(", inner, end)
        sources = "".join(f', "{label}"' for label in self._labels())
        return Node(VECTOR, "label_join(", inner, f', "{target}", "-"{sources})')

    def _histogram(self, depth):
        window = self.rng.choice(["1m", "5m", "10m"])
        selector = Node("bare", BUCKETS, Node(MODIFIER, ""))
        inner = Node(VECTOR, "rate(", Node(MATRIX, selector, f"[{window}]", self._modifiers()), ")")
        if self.rng.random() < 0.5:
            inner = Node(VECTOR, "sum by (le, job) (", inner, ")")
        if self.rng.random() < 0.2:
            low = self.rng.choice(["0", "0.01", "0.05", "0.5"])
            high = self._parameter(["0.2", "1", "0.5"])
            return Node(VECTOR, f"histogram_fraction({low}, ", high, ", ", inner, ")")
        return Node(VECTOR, "histogram_quantile(", self._parameter(QUANTILES), ", ", inner, ")")

    def _absent(self, depth):
        return Node(VECTOR, "absent(", self.vector(depth - 1), ")")

    def _of_scalar(self, depth):
        return Node(VECTOR, "vector(", self.scalar(depth - 1), ")")

    # --- scalars ---

    def scalar(self, depth):
        if depth <= 0:
            return Node(SCALAR, self.rng.choice(NUMBERS))
        return self._pick(
            (60, lambda _: Node(SCALAR, self.rng.choice(NUMBERS))),
            (8, lambda _: Node(SCALAR, self.rng.choice(["time()", "pi()"]))),
            (10, self._scalar_of_vector),
            (14, self._scalar_operation),
        )(depth)

    def _scalar_of_vector(self, depth):
        inner = self.vector(depth - 1)
        if self.rng.random() < 0.7:
            inner = Node(VECTOR, "sum(", inner, ")")
        return Node(SCALAR, "scalar(", inner, ")")

    def _scalar_operation(self, depth):
        operators = ARITHMETIC + [f"{word} bool" for word in COMPARISONS]
        operator = self.rng.choice(operators)
        return Node(
            SCALAR, "(", self.scalar(depth - 1), f" {operator} ", self.scalar(depth - 1), ")"
        )
