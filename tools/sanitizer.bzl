# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Targets built a second time, with a sanitizer, inside an ordinary build."""

# The levels at which the explorer looks at what a compiler makes of an implementation; "explore" itself is -O1.
EXPLORED_LEVELS = ["O0", "O2", "O3"]

_EXPLORE = ["-DSM_EXPLORER", "-fsanitize=thread"]

_OPTIONS = {
    # What is undefined ends the process: a case that went on would say nothing.
    "address": ["-fsanitize=address,undefined", "-fno-sanitize-recover=undefined"],
    # -O1: unoptimised, atomics in loops are so slow that threads hardly meet.
    "thread": ["-fsanitize=thread", "-O1"],
    # Code that calls the functions of ThreadSanitizer, which the explorer's build of the judge has. What of the judge
    # is the explorer's own says otherwise: //tools:explorer.
    "explore": _EXPLORE + ["-O1"],
    "explore_O0": _EXPLORE + ["-O0"],
    # -w: what gcc 16 warns of here are calls that -fsanitize=thread put in, of which it takes a load for a write.
    "explore_O2": _EXPLORE + [
        "-O2",
        "-w",
    ],
    "explore_O3": _EXPLORE + [
        "-O3",
        "-w",
    ],
}

# What is linked with it: nothing where the functions are the judge's.
_LINK_OPTIONS = {
    "address": ["-fsanitize=address,undefined"],
    "thread": ["-fsanitize=thread"],
    "explore": ["-rdynamic"],
    "explore_O0": ["-rdynamic"],
    "explore_O2": ["-rdynamic"],
    "explore_O3": ["-rdynamic"],
}

def _sanitizer_transition_impl(settings, attr):
    copts = settings["//command_line_option:copt"]

    # What a sanitizer or the explorer finds is told by its line, in whichever workspace.
    lines = [] if [option for option in copts if option.startswith("-g")] else ["-g"]
    return {
        "//command_line_option:copt": copts + lines + _OPTIONS[attr.sanitizer],
        "//command_line_option:linkopt": settings["//command_line_option:linkopt"] + _LINK_OPTIONS[attr.sanitizer],
        "//command_line_option:strip": "never",
    }

_sanitizer_transition = transition(
    implementation = _sanitizer_transition_impl,
    inputs = [
        "//command_line_option:copt",
        "//command_line_option:linkopt",
    ],
    outputs = [
        "//command_line_option:copt",
        "//command_line_option:linkopt",
        "//command_line_option:strip",
    ],
)

def _sanitized_impl(ctx):
    target = ctx.attr.target[0]
    original = target[DefaultInfo].files_to_run.executable
    file = original if original != None else target[DefaultInfo].files.to_list()[0]
    output = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.symlink(output = output, target_file = file, is_executable = original != None)
    runfiles = ctx.runfiles([file, output]).merge(target[DefaultInfo].default_runfiles)
    return [DefaultInfo(
        files = depset([output]),
        executable = output if original != None else None,
        runfiles = runfiles,
    )]

_ATTRIBUTES = {
    "sanitizer": attr.string(mandatory = True, values = _OPTIONS.keys()),
    "target": attr.label(mandatory = True, cfg = _sanitizer_transition),
    "_allowlist_function_transition": attr.label(
        default = "@bazel_tools//tools/allowlists/function_transition_allowlist",
    ),
}

sanitized_binary = rule(
    implementation = _sanitized_impl,
    attrs = _ATTRIBUTES,
    executable = True,
    doc = "A program, and all that it is built of, with a sanitizer.",
)

sanitized_object = rule(
    implementation = _sanitized_impl,
    attrs = _ATTRIBUTES,
    doc = "A shared object, and all that it is built of, with a sanitizer.",
)
