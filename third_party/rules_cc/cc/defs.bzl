"""Stand-in for rules_cc: Bazel 4's own BUILD files load these names from it.

Debian's bazel-rules-cc 0.0.4 is written for a newer Bazel than Debian's 4.2.3 and does not load
there, so the native rules are passed on under the names that are asked for.
"""

cc_binary = native.cc_binary
cc_import = native.cc_import
cc_library = native.cc_library
cc_proto_library = native.cc_proto_library
cc_test = native.cc_test
cc_toolchain = native.cc_toolchain
cc_toolchain_suite = native.cc_toolchain_suite
fdo_prefetch_hints = native.fdo_prefetch_hints
fdo_profile = native.fdo_profile
