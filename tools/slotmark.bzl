# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What a BUILD file needs to have an implementation judged.

    load("@slotmark//tools:slotmark.bzl", "slotmark_bench", "slotmark_shared_object", "slotmark_test")

    slotmark_shared_object(
        name = "mine",
        deps = [":my_library"],
    )

    slotmark_test(
        name = "mine_conforms",
        implementation = ":mine",
        profiles = ["slot"],
    )

    slotmark_bench(
        name = "mine_bench",
        baseline = "libmine_1_0.so",
        implementation = ":mine",
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

def _from_here(file):
    """The quoted path of a file, for a program that goes to the folder where `bazel run` was called."""
    return '"$PWD"/' + _quoted(file.short_path)

def _one_object(ctx, attribute):
    """The shared object of an attribute."""
    objects = [file for file in getattr(ctx.files, attribute) if file.basename.endswith(".so")]
    if len(objects) != 1:
        fail("%s: %s %s is not one shared object; make one of a library with slotmark_shared_object" % (
            ctx.label,
            attribute,
            getattr(ctx.attr, attribute).label,
        ))
    return objects[0]

def _launcher(ctx, words, files, before = ""):
    """A script that runs the program with these words, quoted already, and the caller's, after the lines `before`."""
    launcher = ctx.actions.declare_file(ctx.label.name)
    command = " ".join([_quoted(_from_test_folder(ctx.executable.program))] + words)
    ctx.actions.write(launcher, "#!/bin/sh\n%sexec %s \"$@\"\n" % (before, command), is_executable = True)
    runfiles = ctx.runfiles(files = [ctx.executable.program] + files)
    runfiles = runfiles.merge(ctx.attr.program[DefaultInfo].default_runfiles)
    return [DefaultInfo(executable = launcher, runfiles = runfiles)]

def _slotmark_test_impl(ctx):
    implementation = _one_object(ctx, "implementation")
    arguments = ["check", _from_test_folder(implementation)]
    files = [implementation]
    if ctx.attr.tier != "functional":
        arguments += ["--tier=" + ctx.attr.tier, "--budget=%d" % ctx.attr.budget]
    if ctx.attr.profiles:
        names = ",".join(ctx.attr.profiles)
        arguments += ["--profile=" + names, "--require=" + names]
    if ctx.file.expected_failures:
        arguments.append("--expected-failures=" + _from_test_folder(ctx.file.expected_failures))
        files.append(ctx.file.expected_failures)
    return _launcher(ctx, [_quoted(word) for word in arguments], files)

_slotmark_test = rule(
    implementation = _slotmark_test_impl,
    attrs = {
        "budget": attr.int(default = 10),
        "expected_failures": attr.label(allow_single_file = [".json"]),
        "implementation": attr.label(mandatory = True, allow_files = [".so"]),
        "profiles": attr.string_list(),
        "program": attr.label(mandatory = True, executable = True, cfg = "target"),
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
        execution that C11 allows of the litmus scenarios, or with args = ["--random=1000"] so many drawn at random.
        For the last two the implementation is built a second time, with -fsanitize=thread; a file lib*.so must have
        been.
      address_sanitizer: build judge and implementation with -fsanitize=address,undefined: what either finds is a CRASH.
      budget: the seconds that all scenarios have together, in each tier but functional.
      **kwargs: size, tags, shard_count, which shares the cases or scenarios out, and whatever else a test takes.
    """
    kwargs.setdefault("size", "small" if tier == "functional" else "medium")

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
        program = judge,
        tier = tier,
        profiles = profiles,
        expected_failures = expected_failures,
        **kwargs
    )

def _slotmark_bench_impl(ctx):
    implementation = _one_object(ctx, "implementation")
    files = [implementation]
    words = [_quoted(word) for word in ctx.attr.words]
    if ctx.attr.baseline:
        baseline = _one_object(ctx, "baseline")
        files.append(baseline)
        words += ["--baseline=" + _from_here(baseline), "--candidate=" + _from_here(implementation)]
    else:
        words.append(_from_here(implementation))
    if ctx.attr.optimised and ctx.var["COMPILATION_MODE"] != "opt":
        # Built all the same, so that `bazel build //...` builds in every mode.
        launcher = ctx.actions.declare_file(ctx.label.name)
        ctx.actions.write(
            launcher,
            "#!/bin/sh\necho %s >&2\nexit 2\n" % _quoted(
                "slotmark: %s has not been optimised in this build; use -c opt" % ctx.attr.implementation.label,
            ),
            is_executable = True,
        )
        return [DefaultInfo(executable = launcher)]
    before = ""
    if ctx.attr.counts:
        before = "if ! valgrind --version >/dev/null 2>&1; then\n  echo %s\n  exit 0\nfi\n" % _quoted(
            "SKIPPED: there is no valgrind here, so no instruction was counted",
        )
    return _launcher(ctx, words, files, before)

_BENCH_ATTRS = {
    "baseline": attr.label(allow_files = [".so"]),
    "counts": attr.bool(),
    "implementation": attr.label(mandatory = True, allow_files = [".so"]),
    "optimised": attr.bool(default = True),
    "program": attr.label(mandatory = True, executable = True, cfg = "target"),
    "words": attr.string_list(),
}

_slotmark_bench = rule(implementation = _slotmark_bench_impl, attrs = _BENCH_ATTRS, executable = True)

_slotmark_bench_test = rule(implementation = _slotmark_bench_impl, attrs = _BENCH_ATTRS, test = True)

def slotmark_bench(name, implementation, baseline = None, tags = [], visibility = None):
    """Times an implementation.

    Makes <name>, to be run: slotmark bench, beside the floor; <name>_google, the same benches but deliveries by Google
    Benchmark, with its flags; <name>_smoke, a test in which each of these runs once; and with a baseline <name>_gate, a
    test that fails where the implementation is slower, or cannot be told not to be, and <name>_instructions, one that
    fails where a round takes more instructions, and passes where there is no valgrind, which counts them. Other than
    the smoke test, they refuse what is not built with -c opt. The gate is run by name alone, each time, with nothing
    else beside it:

        bazel test -c opt //my:mine_bench_gate

    Args:
      name: the first target.
      implementation: a slotmark_shared_object, or a file lib*.so that was built elsewhere.
      baseline: what it must not be slower than, the same.
      tags: as everywhere, of all targets.
      visibility: as everywhere, of all targets.
    """
    google = Label("//bench:google_benchmark")
    slotmark = Label("//tools/slotmark:slotmark")
    common = {"implementation": implementation, "visibility": visibility}
    by_hand = tags + ["benchmark", "manual"]
    _slotmark_bench(name = name, program = slotmark, words = ["bench"], tags = by_hand, testonly = True, **common)
    _slotmark_bench(name = name + "_google", program = google, tags = by_hand, testonly = True, **common)
    _slotmark_bench_test(
        name = name + "_smoke",
        size = "small",
        optimised = False,
        program = google,
        tags = tags + ["benchmark-smoke"],
        words = ["--benchmark_dry_run"],
        **common
    )
    if baseline:
        _slotmark_bench_test(
            name = name + "_gate",
            size = "large",
            baseline = baseline,
            program = slotmark,
            tags = by_hand + ["exclusive", "external"],
            words = ["gate"],
            **common
        )
        _slotmark_bench_test(
            name = name + "_instructions",
            size = "medium",
            baseline = baseline,
            counts = True,
            program = slotmark,
            tags = by_hand,
            words = ["gate", "--instructions"],
            **common
        )
