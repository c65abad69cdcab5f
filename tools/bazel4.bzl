# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Stand-ins for what Bazel 4 would bring from the network, so that Debian's builds offline.

Its rules for C are native ones; rules_cc only hands them on. Its rules for Java and its coverage tools are asked for in
the analysis of every build, and are not used by one without Java and coverage.
"""

_CC_DEFS = """\
cc_binary = native.cc_binary
cc_import = native.cc_import
cc_library = native.cc_library
cc_test = native.cc_test
cc_toolchain = native.cc_toolchain
cc_toolchain_suite = native.cc_toolchain_suite
"""

def _rules_cc_impl(repository_ctx):
    repository_ctx.file("BUILD.bazel", "", False)
    repository_ctx.file("cc/BUILD.bazel", "", False)
    repository_ctx.file("cc/defs.bzl", _CC_DEFS, False)

rules_cc_stand_in = repository_rule(implementation = _rules_cc_impl, doc = "rules_cc of native rules.")

_JAVA_DEFS = """\
java_binary = native.java_binary
java_import = native.java_import
java_library = native.java_library
java_package_configuration = native.java_package_configuration
java_runtime = native.java_runtime
java_test = native.java_test
java_toolchain = native.java_toolchain
"""

def _rules_java_impl(repository_ctx):
    repository_ctx.file("BUILD.bazel", "", False)
    repository_ctx.file("java/BUILD.bazel", "", False)
    repository_ctx.file("java/defs.bzl", _JAVA_DEFS, False)

rules_java_stand_in = repository_rule(implementation = _rules_java_impl, doc = "rules_java of native rules.")

def _coverage_tools_impl(repository_ctx):
    repository_ctx.file(
        "BUILD.bazel",
        "filegroup(name = \"coverage_report_generator\", visibility = [\"//visibility:public\"])\n",
        False,
    )

coverage_tools_stand_in = repository_rule(implementation = _coverage_tools_impl, doc = "No coverage tools.")
