# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The repositories that Slotmark needs in a workspace without modules. One that is defined before stays as it is."""

load("//tools:bazel4.bzl", "coverage_tools_stand_in", "rules_cc_stand_in", "rules_java_stand_in")
load("//tools:go_peers.bzl", "go_peers")
load("//tools:rust_peers.bzl", "rust_peers")
load("//tools:system_library.bzl", "system_library")
load("//tools:system_peers.bzl", "system_peers")

def _maybe(rule, name, **kwargs):
    if not native.existing_rule(name):
        rule(name = name, **kwargs)

def _library(name, **kwargs):
    _maybe(system_library, name = name, **kwargs)

def slotmark_dependencies():
    """Defines what is not defined yet. A library is taken from the system, by pkg-config.

    To replace one, define a repository of its name before, with the same target.
    """

    # Bazel 6 and later have rule sets of their own, or the workspace has.
    if not hasattr(native, "module_name"):
        _maybe(rules_cc_stand_in, name = "rules_cc")
        _maybe(rules_java_stand_in, name = "rules_java")
        _maybe(coverage_tools_stand_in, name = "remote_coverage_tools")

    _library(name = "cjson", target = "cjson", pkg_config = "libcjson", debian_package = "libcjson-dev")
    _library(
        name = "google_benchmark",
        target = "benchmark",
        pkg_config = "benchmark",
        debian_package = "libbenchmark-dev",
    )
    _library(name = "liburcu", target = "liburcu-bp", pkg_config = "liburcu-bp", debian_package = "liburcu-dev")
    _library(name = "elfutils", target = "dw", pkg_config = "libdw", debian_package = "libdw-dev")
    _library(name = "libxml2", target = "libxml2", pkg_config = "libxml-2.0", debian_package = "libxml2-dev")
    _library(name = "sqlite3", target = "sqlite3", pkg_config = "sqlite3", debian_package = "libsqlite3-dev")
    _maybe(go_peers, name = "go_peers")
    _maybe(rust_peers, name = "rust_peers")
    system_peers(_library)
