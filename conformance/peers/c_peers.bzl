# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The peers in C and C++ that this machine can build."""

load("@concurrency_kit_peer//:version.bzl", CONCURRENCY_KIT = "VERSION")
load("@glib_peer//:version.bzl", GLIB = "VERSION")
load("@kj_peer//:version.bzl", KJ = "VERSION")

C_PEERS = [
    "//conformance/peers/liburcu",
    "//conformance/peers/mutex",
    "//conformance/peers/shared_mutex",
] + [
    peer
    for peer, version in {
        "//conformance/peers/concurrency_kit": CONCURRENCY_KIT,
        "//conformance/peers/glib": GLIB,
        "//conformance/peers/kj": KJ,
    }.items()
    if version
]
