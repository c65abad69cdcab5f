# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The peers for Bazel modules. A file of its own: Bazel 4 has no module_extension."""

load(":go_peers.bzl", "go_peers")
load(":rust_peers.bzl", "rust_peers")
load(":system_peers.bzl", "system_peers")

def _peers_extension_impl(_module_ctx):
    go_peers(name = "go_peers")
    rust_peers(name = "rust_peers")
    system_peers()

peers_extension = module_extension(implementation = _peers_extension_impl)
