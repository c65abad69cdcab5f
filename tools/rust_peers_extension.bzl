# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The Rust peers for Bazel modules. A file of its own: Bazel 4 has no module_extension, and reads only
rust_peers.bzl."""

load(":rust_peers.bzl", "rust_peers")

def _rust_peers_extension_impl(_module_ctx):
    rust_peers(name = "rust_peers")

rust_peers_extension = module_extension(implementation = _rust_peers_extension_impl)
