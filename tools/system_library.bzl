# SPDX-License-Identifier: Apache-2.0 OR MIT
"""A repository with one target: a library of the system's, found by pkg-config.

version.bzl has its VERSION."""

_BUILD = """\
load("@rules_cc//cc:defs.bzl", "cc_library")

cc_library(
    name = "{target}",
    hdrs = glob(["include/**/*.h"], allow_empty = True),
    defines = {defines},
    includes = {includes},
    linkopts = {linkopts},
    visibility = ["//visibility:public"],
)
"""

def _ask(repository_ctx, pkg_config, what):
    """Returns the words that pkg-config answers, or None where it does not know the library."""
    result = repository_ctx.execute([pkg_config, what, repository_ctx.attr.pkg_config])
    if result.return_code != 0:
        return None
    return [word for word in result.stdout.strip().split(" ") if word]

def _system_library_impl(repository_ctx):
    pkg_config = repository_ctx.which("pkg-config")
    version = None if pkg_config == None else _ask(repository_ctx, pkg_config, "--modversion")
    repository_ctx.file("version.bzl", "VERSION = %r\n" % ("" if version == None else version[0]), False)
    if version == None:
        missing = "the library %s is missing; apt-get install pkg-config %s" % (
            repository_ctx.attr.pkg_config,
            repository_ctx.attr.debian_package,
        )
        if not repository_ctx.attr.optional:
            fail("slotmark: " + missing)

        # buildifier: disable=print
        print("%s: left out: %s" % (repository_ctx.name, missing))
        repository_ctx.file("BUILD.bazel", "", False)
        return
    defines = []
    folders = []
    for word in _ask(repository_ctx, pkg_config, "--cflags"):
        if word.startswith("-D"):
            defines.append(word[2:])
        elif word.startswith("-I"):
            # A folder outside of the workspace cannot be named in `includes`: it is linked in.
            folder = "include/%d" % len(folders)
            repository_ctx.symlink(word[2:], folder)
            folders.append(folder)
    repository_ctx.file("BUILD.bazel", _BUILD.format(
        target = repository_ctx.attr.target,
        defines = repr(defines),
        includes = repr(folders),
        linkopts = repr(_ask(repository_ctx, pkg_config, "--libs")),
    ), False)

system_library = repository_rule(
    implementation = _system_library_impl,
    attrs = {
        "debian_package": attr.string(mandatory = True, doc = "What to install where it is missing."),
        "optional": attr.bool(doc = "Where it is missing, the repository has no target, and an empty VERSION."),
        "pkg_config": attr.string(mandatory = True, doc = "Its name in pkg-config."),
        "target": attr.string(mandatory = True, doc = "Its target, named as the public registry's module has it."),
    },
    doc = "Makes the repository of a library of the system's.",
    environ = ["PATH", "PKG_CONFIG_PATH"],
    local = True,
)
