"""The rules our own code is built with: Bazel's C++ rules plus our warning and speed flags.

They take the arguments of cc_library, cc_test and cc_binary. Third-party and generated code uses
the plain rules: its warnings are not ours.
"""

WARNINGS = [
    "-Wall",
    "-Wextra",
    "-Wshadow",
    "-Wnon-virtual-dtor",
    "-Woverloaded-virtual",
    "-Werror",
    # False positives of gcc 12 in its own headers once -O3 inlines them (GCC PR 105329, 105562):
    # silent, or shown without stopping the build.
    "-Wno-restrict",
    "-Wno-error=array-bounds",
    "-Wno-error=maybe-uninitialized",
    "-Wno-error=stringop-overflow",
    "-Wno-error=stringop-overread",
    # clang knows fewer names than gcc.
    "-Wno-unknown-warning-option",
]

# x86-64-v2 (SSE4.2, POPCNT) is on every server since 2009; wider vectors are chosen at run time.
_SPEED = select({
    "//third_party:opt": ["-O3"],
    "//conditions:default": [],
}) + select({
    "//third_party:opt_x86_64": [
        "-march=x86-64-v2",
        "-mtune=generic",
    ],
    "//conditions:default": [],
})

_SANITIZER_DEFAULTS = select({
    "//third_party:asan": ["//third_party:sanitizer_defaults"],
    "//third_party:tsan": ["//third_party:sanitizer_defaults"],
    "//third_party:ubsan": ["//third_party:sanitizer_defaults"],
    "//conditions:default": [],
})

def tidegate_cc_library(name, copts = [], **kwargs):
    """cc_library with our flags."""
    native.cc_library(name = name, copts = WARNINGS + _SPEED + copts, **kwargs)

def tidegate_cc_binary(name, copts = [], deps = [], **kwargs):
    """cc_binary with our flags."""
    native.cc_binary(
        name = name,
        copts = WARNINGS + _SPEED + copts,
        deps = deps + _SANITIZER_DEFAULTS,
        **kwargs
    )

def tidegate_cc_test(name, copts = [], deps = [], size = "small", **kwargs):
    """cc_test with our flags. Bring //third_party:gtest_main, or a main of your own."""
    native.cc_test(
        name = name,
        size = size,
        copts = WARNINGS + _SPEED + copts,
        deps = deps + _SANITIZER_DEFAULTS,
        **kwargs
    )

def tidegate_fuzz_target(name, srcs, corpus, deps = [], tags = [], **kwargs):
    """A libFuzzer target, and a test that replays its corpus with any compiler.

    Args:
      name: the libFuzzer binary; needs `--config=fuzz` and is therefore manual.
        `<name>_replay` is the test: every seed, then a fixed number of mutations of the seeds, the
        same ones on every run.
      srcs: defines `extern "C" int LLVMFuzzerTestOneInput(const uint8_t*, size_t)`.
      corpus: seed files, usually glob(["corpus/<name>/**"]). Must not be empty.
      deps: what srcs needs.
      tags: for both targets.
      **kwargs: for the replaying test, for example size.
    """
    if not corpus:
        fail("%s: a fuzz target without seeds tests nothing" % name)
    tidegate_cc_binary(
        name = name,
        testonly = True,
        srcs = srcs,
        linkopts = ["-fsanitize=fuzzer"],
        tags = tags + ["manual"],
        deps = deps,
    )
    tidegate_cc_test(
        name = name + "_replay",
        srcs = srcs,
        args = ["$(rootpath %s)" % seed for seed in corpus],
        data = corpus,
        tags = tags,
        deps = deps + ["//tests/fuzz/replay:replay_main"],
        **kwargs
    )
