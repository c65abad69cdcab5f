# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What a BUILD file needs to have an implementation judged.

    load("@slotmark//tools:slotmark.bzl", "slotmark_shared_object", "slotmark_test")

    slotmark_shared_object(
        name = "mine",
        deps = [":my_library"],
    )

    slotmark_test(
        name = "mine_conforms",
        implementation = ":mine",
        profiles = ["slot"],
    )
"""

load("@rules_cc//cc:defs.bzl", "cc_binary")
load(":sanitizer.bzl", "sanitized_object")

def _library(name):
    """The file of a shared object: folder/lib<name>.so."""
    folder, slash, last = name.rpartition("/")
    return "%s%slib%s.so" % (folder, slash, last)

def slotmark_shared_object(
        name,
        srcs = [],
        hdrs = [],
        deps = [],
        copts = [],
        linkopts = [],
        visibility = None,
        tags = [],
        testonly = None):
    """Links an implementation into lib<name>.so, which exports slotmark_implementation and nothing else.

    Hidden symbols keep a subject from being judged as somebody else: a function of the same name in another object of
    the process would come first in lookup.

    Args:
      name: the target; its file is lib<name>.so, in the folder that the name may begin with.
      srcs: sources, in C or C++.
      hdrs: headers that only these sources include.
      deps: libraries to link in; one of them, or srcs, defines slotmark_implementation.
      copts: further compiler flags.
      linkopts: further linker flags.
      visibility: as everywhere.
      tags: as everywhere.
      testonly: as everywhere.
    """
    exports = Label("//tools:exports.lds")
    cc_binary(
        name = _library(name),
        srcs = srcs + hdrs,
        additional_linker_inputs = [exports],
        copts = copts + ["-fvisibility=hidden"],
        linkopts = linkopts + [
            "-Wl,--version-script=$(location %s)" % exports,
            # Takes the entry out of a library that nothing else refers to.
            "-Wl,-u,slotmark_implementation",
        ],
        linkshared = True,
        linkstatic = True,
        tags = tags,
        testonly = testonly,
        visibility = visibility,
        deps = deps,
    )
    native.filegroup(
        name = name,
        srcs = [":" + _library(name)],
        tags = tags,
        testonly = testonly,
        visibility = visibility,
    )

def _from_test_folder(file):
    """The path of a file from where Bazel starts a test: the runfiles of the main repository."""
    path = file.short_path
    return path if path.startswith("../") else "./" + path

def _quoted(text):
    return "'" + text.replace("'", "'\\''") + "'"

def _slotmark_test_impl(ctx):
    objects = [file for file in ctx.files.implementation if file.basename.endswith(".so")]
    if len(objects) != 1:
        fail("%s: implementation %s is not one shared object; make one of a library with slotmark_shared_object" % (
            ctx.label,
            ctx.attr.implementation.label,
        ))
    program = ctx.executable.judge
    arguments = ["check", _from_test_folder(objects[0])]
    files = [program, objects[0]]
    if ctx.attr.tier != "functional":
        arguments += ["--tier=" + ctx.attr.tier, "--budget=%d" % ctx.attr.budget]
    if ctx.attr.profiles:
        names = ",".join(ctx.attr.profiles)
        arguments += ["--profile=" + names, "--require=" + names]
    if ctx.file.expected_failures:
        arguments.append("--expected-failures=" + _from_test_folder(ctx.file.expected_failures))
        files.append(ctx.file.expected_failures)
    launcher = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.write(
        launcher,
        "#!/bin/sh\nexec %s \"$@\"\n" % " ".join(
            [_quoted(word) for word in [_from_test_folder(program)] + arguments],
        ),
        is_executable = True,
    )
    runfiles = ctx.runfiles(files = files).merge(ctx.attr.judge[DefaultInfo].default_runfiles)
    return [DefaultInfo(executable = launcher, runfiles = runfiles)]

_slotmark_test = rule(
    implementation = _slotmark_test_impl,
    attrs = {
        "budget": attr.int(default = 10),
        "expected_failures": attr.label(allow_single_file = [".json"]),
        "implementation": attr.label(mandatory = True, allow_files = [".so"]),
        "judge": attr.label(mandatory = True, executable = True, cfg = "target"),
        "profiles": attr.string_list(),
        "tier": attr.string(default = "functional", values = ["functional", "stress", "tsan", "explore"]),
    },
    test = True,
)

def slotmark_test(
        name,
        implementation,
        profiles = [],
        expected_failures = None,
        tier = "functional",
        budget = 10,
        address_sanitizer = False,
        **kwargs):
    """Judges an implementation. `bazel test --test_arg=--verbose` prints the verdict of each requirement.

    Args:
      name: the test.
      implementation: a slotmark_shared_object, or a file lib*.so that was built elsewhere.
      profiles: the profiles to judge; one that is named and missing fails. Empty: all that are offered.
      expected_failures: a JSON list of failures that are known, each with a reason and a last day; see
        conformance/harness/expected.h. An entry that is stale fails.
      tier: "functional"; "stress", races at memory speed; "tsan", the same under ThreadSanitizer; or "explore", each
        execution that C11 allows of the litmus scenarios. For the last two the implementation is built a second time,
        with -fsanitize=thread; a file lib*.so must have been.
      address_sanitizer: build judge and implementation with -fsanitize=address,undefined: what either finds is a CRASH.
      budget: the seconds that all scenarios of a stress or tsan run have together.
      **kwargs: size, tags, shard_count and whatever else a test takes.
    """
    kwargs.setdefault("size", "small")

    # Races among the cases need two processors that are theirs.
    kwargs["tags"] = ["cpu:2"] + kwargs.get("tags", [])
    judge = Label("//tools/slotmark:judge")
    short = {"explore": "explore", "tsan": "tsan"}.get(tier, "asan" if address_sanitizer else "")
    if short:
        judge = Label("//tools/slotmark:judge_" + short)
        sanitized_object(
            name = "lib%s_%s.so" % (name, short),
            sanitizer = {"asan": "address", "explore": "explore", "tsan": "thread"}[short],
            target = implementation,
            testonly = True,
            visibility = ["//visibility:private"],
        )
        implementation = ":lib%s_%s.so" % (name, short)
    _slotmark_test(
        name = name,
        budget = budget,
        implementation = implementation,
        judge = judge,
        tier = tier,
        profiles = profiles,
        expected_failures = expected_failures,
        **kwargs
    )
