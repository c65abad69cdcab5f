# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The peers that are libraries of the system's, each where it is installed."""

load(":system_library.bzl", "system_library")

_PEERS = {
    "concurrency_kit_peer": struct(debian_package = "libck-dev", pkg_config = "ck", target = "ck"),
    # g_atomic_pointer_exchange came with 2.74.
    "glib_peer": struct(debian_package = "libglib2.0-dev", pkg_config = "glib-2.0 >= 2.74", target = "glib"),
    "kj_peer": struct(debian_package = "libcapnp-dev", pkg_config = "kj-async", target = "kj-async"),
}

def system_peers(library = system_library):
    """Makes their repositories, by a rule or a macro that takes what system_library does.

    Args:
      library: that rule.
    """
    for name, peer in _PEERS.items():
        library(
            name = name,
            debian_package = peer.debian_package,
            optional = True,
            pkg_config = peer.pkg_config,
            target = peer.target,
        )
