# SPDX-License-Identifier: Apache-2.0 OR MIT
"""KJ, of Cap'n Proto: a peer where it is installed."""

load(":system_library.bzl", "system_library")

def kj():
    """Makes its repository."""
    system_library(
        name = "kj",
        debian_package = "libcapnp-dev",
        optional = True,
        pkg_config = "kj-async",
        target = "kj-async",
    )
