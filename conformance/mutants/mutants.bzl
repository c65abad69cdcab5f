# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The mutants of a profile: a shared object of each source beside, which replaces functions of a base."""

load("@rules_cc//cc:defs.bzl", "cc_library")
load("//tools:flags.bzl", "SM_COPTS")
load("//tools:slotmark.bzl", "slotmark_shared_object")

_VISIBILITY = [
    "//conformance:__subpackages__",
    "//tools:__subpackages__",
]

def mutants(name, deps = []):
    """Builds lib<mutant>.so of each <mutant>.c in the package.

    Args:
      name: all shared objects are in the target of this name.
      deps: what base.h and its parts include, beside the contract.
    """
    cc_library(
        name = "base",
        hdrs = native.glob(["*.h"]),
        linkopts = ["-pthread"],
        deps = ["//conformance:contract"] + deps,
    )
    sources = native.glob(["*.c"])
    for source in sources:
        slotmark_shared_object(
            name = source[:-len(".c")],
            srcs = [source],
            # The functions of the base that a mutant replaces are used by nobody.
            copts = SM_COPTS + [
                "-D_GNU_SOURCE",
                "-Wno-unused-function",
            ],
            visibility = _VISIBILITY,
            deps = [":base"],
        )
    native.filegroup(
        name = name,
        srcs = [source[:-len(".c")] for source in sources],
        visibility = _VISIBILITY,
    )
