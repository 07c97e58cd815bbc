"""One macro from a .proto file to a C++ library, with Debian's protoc and gRPC plugin.

Bazel's own proto rules make the messages (strict dependencies, descriptors, protoc as a tracked
tool); the rule below adds the services, for which Bazel has none of its own.
"""

load("@rules_proto//proto:defs.bzl", "proto_library")

def _grpc_cc_sources_impl(ctx):
    info = ctx.attr.proto[ProtoInfo]
    args = ctx.actions.args()
    args.add(ctx.file._plugin, format = "--plugin=protoc-gen-grpc=%s")
    args.add("--grpc_out=" + ctx.bin_dir.path)
    args.add_joined("--descriptor_set_in", info.transitive_descriptor_sets, join_with = ":")
    outs = []
    for source in info.direct_sources:
        base = source.basename[:-len(".proto")]
        outs += [
            ctx.actions.declare_file(base + ".grpc.pb.h"),
            ctx.actions.declare_file(base + ".grpc.pb.cc"),
        ]
        args.add(source.short_path)
    ctx.actions.run(
        executable = ctx.executable._protoc,
        arguments = [args],
        inputs = info.transitive_descriptor_sets,
        tools = [ctx.file._plugin],
        outputs = outs,
        mnemonic = "GrpcCpp",
        progress_message = "Generating gRPC C++ for %{label}",
    )
    return [DefaultInfo(files = depset(outs))]

_grpc_cc_sources = rule(
    implementation = _grpc_cc_sources_impl,
    attrs = {
        "proto": attr.label(providers = [ProtoInfo]),
        "_protoc": attr.label(
            default = "@com_google_protobuf//:protoc",
            allow_files = True,
            executable = True,
            cfg = "host",
        ),
        "_plugin": attr.label(
            default = "@com_google_protobuf//:grpc_cpp_plugin",
            allow_single_file = True,
            cfg = "host",
        ),
    },
)

def _proto_dep(dep):
    """The proto_library behind a dependency: our own libraries' is named `<name>_proto`."""
    return dep if dep.startswith("@") else dep + "_proto"

def tidegate_grpc_library(name, src, deps = [], grpc = True, visibility = None):
    """C++ library `name` with <src>.pb.h and, if grpc, <src>.grpc.pb.h.

    Args:
      name: the cc_library. `<name>_proto` and `<name>_cc_proto` are made beside it.
      src: the one .proto file, imported by others by its path from the workspace root.
      deps: what src imports: other targets of this macro (with their target name, not only the
        package) or @com_google_protobuf//:timestamp_proto and its siblings.
      grpc: whether src has services.
      visibility: of all three.
    """
    proto_library(
        name = name + "_proto",
        srcs = [src],
        deps = [_proto_dep(dep) for dep in deps],
        visibility = visibility,
    )
    native.cc_proto_library(
        name = name + "_cc_proto",
        deps = [":%s_proto" % name],
        visibility = visibility,
    )
    sources = []
    if grpc:
        sources = [":%s_grpc" % name]
        _grpc_cc_sources(name = name + "_grpc", proto = ":%s_proto" % name)
    native.cc_library(
        name = name,
        srcs = sources,
        hdrs = sources,
        deps = [
            ":%s_cc_proto" % name,
            "//third_party:grpc++",
        ] + [dep for dep in deps if not dep.startswith("@")],
        visibility = visibility,
    )
