"""Why two answers may differ although Tidegate is right. Every excuse is a reason that is counted;
none is given before the answers have been found to differ.

- A release of Prometheus older than 3.14 did something else: PATTERNS.
- Prometheus does not agree with itself: asked again, it answers something else (it walks over hash
  maps, which shows in ties of topk and in the order of sums).
- Prometheus without delayed name removal, its default, says what Tidegate says.
- The last binary digit decides: Prometheus' own answer changes as well when the results of inexact
  functions are moved by that much. Go and the C library round differently there.
"""

import re

import comparison
import grammar
import peer

# What the two may round differently, by the start of an expression or by an operator in it.
INEXACT = re.compile(
    r"^\(*(exp|ln|log2|log10|a?(sin|cos|tan)h?|deg|rad|deriv|predict_linear"
    r"|(sum|avg|stddev|stdvar)(_over_time)?)\b"
)
INEXACT_OPERATORS = (" ^ ", " atan2 ")
LAST_DIGIT = ("1.0000000000000002", "0.9999999999999999", "1.0000000000000007")
BY_VALUE = "by value"  # Moved differently for every value, which no common factor does.

ASK_AGAIN = 8


def reason(servers, asked, tree, expected, got):
    """A few words, or nothing if there is no excuse."""
    for pattern, fixed, applies, words in PATTERNS:
        if peer.version() < fixed and re.search(pattern, asked.expression):
            if applies(asked, expected, got):
                return words
    if _disagrees_with_itself(servers, asked, expected):
        return "Prometheus answers something else when asked again"
    if _is_about_delayed_names(servers, asked, got):
        return "a removed name came back with delayed name removal"
    if _hangs_on_the_last_digit(servers, asked, tree):
        return "the last binary digit of an inexact function decides"
    return ""


def _points(answer):
    return {(key, t): v for key, values in answer.values.items() for t, v in values}


def _only_where(expected, got, allowed):
    """True if every point that differs has values that `allowed` accepts."""
    a, b = _points(expected), _points(got)
    return a.keys() == b.keys() and all(
        comparison.same_number(a[at], b[at]) or allowed(a[at], b[at]) for at in a
    )


def _bad_k(_, expected, got):
    return not expected.error and re.search("value is NaN|flows int64", got.error)


def _doubled_matcher(asked, *_):
    for selector in re.findall(r"\{([^}]*)\}", asked.expression):
        names = re.findall(r"(\w+)(?:=~|!~|!=|=)", selector)
        if len(names) != len(set(names)):
            return True
    return False


def _both_answered(_, expected, got):
    return not expected.error and not got.error


def _prometheus_answered(_, expected, got):
    return not expected.error


def _prometheus_failed(_, expected, got):
    return re.search("same labelset|multiple matches", expected.error) and not got.error


def _same_labels(_, expected, got):
    return expected.error == "vector cannot contain metrics with the same labelset"


def _overflow(_, expected, got):
    return re.search("(under|over)flows int64", expected.error + got.error)


def _duplicate(_, expected, got):
    return not expected.error and got.error.startswith("multiple matches for labels")


def _overflowed(_, expected, got):
    """To an infinity, or to what becomes of one."""
    return _only_where(expected, got, lambda value, _: value in ("+Inf", "-Inf", "NaN"))


NEVER = (99, 0)  # In no release so far.

# (pattern of a query, fixed in release, whether the difference can come from there, reason)
PATTERNS = [
    (r" atan2 ", (2, 47), _prometheus_answered, "atan2 kept the name"),
    (r"\b(rate|increase|delta)\(", (2, 51), _both_answered, "extrapolation passed the range"),
    (r"__name__=~", (2, 55), _prometheus_failed, "names were dropped at once"),
    (r"__name__=~| or ", (3, 9), _same_labels, "series that never meet were not merged"),
    (r"(topk|bottomk)\b", (3, 0), _overflow, "a k below all integers was an error"),
    (r"(topk|bottomk)\b", (2, 51), _both_answered, "topk chose otherwise among equals"),
    (r"(quantile|topk|bottomk).*(scalar|time)\(", (3, 5), _both_answered, "k did not vary by step"),
    (r":\w*\].*:\w*\]", (3, 0), _both_answered, "windows of nested subqueries had a left edge"),
    (r"predict_linear\(.* @ ", (3, 0), _both_answered, "predict_linear with @ lost points"),
    (r"std(dev|var)", (3, 0), _both_answered, "stdvar of NaN or infinity was another"),
    (r"histogram_fraction\(0,", (3, 9), _both_answered, "the first bucket's fraction was NaN"),
    (r"(topk|bottomk)\b", (3, 6), _bad_k, "k was not checked, or only if there was input"),
    (r"mad_over_time\(", (3, 14), _both_answered, "mad_over_time is NaN if a sample is"),
    (r" (==|!=|<|<=|>|>=) ", (3, 10), _duplicate, "a filter hid duplicates among its operands"),
    (r"timestamp\([^()]* @ ", (3, 8), _both_answered, "timestamp(x offset -1h @ t) was empty"),
    (r"\b(exp|sinh|cosh)\(", NEVER, _overflowed, "Go's exp, sinh, cosh overflow too early"),
    (r"absent", NEVER, _doubled_matcher, "labels of absent() with two matchers of one label"),
]


def _disagrees_with_itself(servers, asked, expected):
    return any(
        comparison.difference(expected, servers.ask_prometheus(asked)) for _ in range(ASK_AGAIN)
    )


def _without_names(answer):
    """Drops the names; false if that makes two series one."""
    values = {
        tuple(label for label in key if label[0] != "__name__"): points
        for key, points in answer.values.items()
    }
    unique = len(values) == len(answer.values)
    answer.values = values
    return unique


def _same_without_names(a, b):
    return _without_names(a) and _without_names(b) and not comparison.difference(a, b)


def _hangs_on_the_last_digit(servers, asked, tree):
    for first in (*range(len(LAST_DIGIT)), BY_VALUE):
        answer = servers.ask_prometheus(asked.with_expression(str(_moved(tree, first))))
        original = servers.ask_prometheus(asked)
        if answer.error or original.error:
            continue
        if _without_names(answer) and _without_names(original):
            if comparison.difference(original, answer):
                return True
    return False


def _is_inexact(node):
    if node.kind not in (grammar.VECTOR, grammar.SCALAR):
        return False
    texts = [part for part in node.parts if isinstance(part, str)]
    return INEXACT.match(str(node)) or any(o in t for t in texts for o in INEXACT_OPERATORS)


def _moved(tree, first):
    """The tree with every inexact result off by a digit, by another one at every level."""
    following = first if first == BY_VALUE else (first + 1) % len(LAST_DIGIT)
    parts = [
        _moved(part, following) if isinstance(part, grammar.Node) else part for part in tree.parts
    ]
    copy = grammar.Node(tree.kind, *parts)
    if not _is_inexact(tree):
        return copy
    if first == BY_VALUE and tree.kind == grammar.VECTOR:
        return grammar.Node(tree.kind, "(", copy, " + 3e-16 * ", copy, " * sin(1e17 * ", copy, "))")
    factor = LAST_DIGIT[0 if first == BY_VALUE else first]
    return grammar.Node(tree.kind, "(", copy, f" * {factor})")


def _is_about_delayed_names(servers, asked, got):
    """A name that a function has removed comes back from a filter between vectors, and from
    last_over_time of a subquery."""
    filters = r" (==|!=|<|<=|>|>=) (?!bool)|last_over_time\(\("
    if not re.search(filters, asked.expression):
        return False
    if not comparison.difference(servers.ask_without_delayed_names(asked), got):
        return True
    return _same_without_names(*servers.ask(asked))
