# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The concurrency mutants of a profile: one source, built once for each set of constants."""

load("//tools:flags.bzl", "SM_COPTS")
load("//tools:sanitizer.bzl", "sanitized_object")
load("//tools:slotmark.bzl", "slotmark_shared_object")

def stress_mutants(name, builds):
    """Builds, for each build, <name>/lib<build>.so, with ThreadSanitizer _tsan.so, and for the explorer _explore.so.

    Args:
      name: the profile; its source is <name>.c. All shared objects of it are in the target of this name.
      builds: the constants of each build.
    """
    objects = []
    for build, constants in builds.items():
        slotmark_shared_object(
            name = "%s/%s" % (name, build),
            srcs = [name + ".c"],
            # -O2: unoptimised, the steps of an operation lie far apart, and what a user builds is never met.
            copts = SM_COPTS + ["-O2"] + ["-D" + constant for constant in constants],
            deps = ["//conformance:contract"],
        )
        objects.append("%s/%s" % (name, build))
        for tier, sanitizer in [("explore", "explore"), ("tsan", "thread")]:
            sanitized_object(
                name = "%s/lib%s_%s.so" % (name, build, tier),
                sanitizer = sanitizer,
                target = "%s/%s" % (name, build),
            )
            objects.append("%s/lib%s_%s.so" % (name, build, tier))

    # What is wrong with each, for who looks whether it was named.
    native.genrule(
        name = name + "_constants",
        outs = [name + "/constants"],
        cmd = "echo '%s' > $@" % "\n".join([" ".join([build] + constants) for build, constants in builds.items()]),
        visibility = ["//tools:__subpackages__"],
    )
    native.filegroup(
        name = name,
        srcs = objects,
        visibility = ["//tools:__subpackages__"],
    )
