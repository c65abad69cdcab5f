# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The peers that are in Go: `go build` makes a shared object of them, with a Go runtime inside.

The repository exports lib<name>.so for each peer, and in peers.bzl the list GO_PEERS of their names. Where Go or a C
compiler is missing, or Go is too old, the list is empty and one line says so. The peers need nothing but Go's standard
library: nothing is fetched, and the version judged is the installed Go's. A peer that does not compile is an error.
"""

# Each peer's sources, below conformance/peers/<name>.
_PEERS = {
    "go_cgo_handle": [
        "go.mod",
        "handle.go",
        "table.c",
    ],
}

# What the sources include and the linker reads, in the folders where they are in the workspace.
_SHARED = [
    "//conformance:slotmark.h",
    "//conformance:slotmark_define.h",
    "//tools:exports.lds",
]

_GO_MINOR_MIN = 19

_AGAIN = "then run `bazel fetch --force @go_peers` (Bazel 4: `bazel sync --only=go_peers`)"

def _link(repository_ctx, label):
    """Links a source into the repository, which is built anew when the source changes."""
    source = repository_ctx.path(label)
    if hasattr(repository_ctx, "watch"):
        repository_ctx.watch(source)
    repository_ctx.symlink(source, "%s/%s" % (label.package, label.name))

def _go(repository_ctx):
    """Returns a Go that is new enough, or None and why there is none."""
    path = repository_ctx.which("go")
    if path == None:
        return None, "go is not on the PATH; install Go 1.%d or newer" % _GO_MINOR_MIN
    version = _run(repository_ctx, path, ["env", "GOVERSION"], ".").stdout.strip()
    numbers = version[len("go"):].split(".")
    if not version.startswith("go") or len(numbers) < 2 or not (numbers[0].isdigit() and numbers[1].isdigit()):
        return None, "`%s env GOVERSION` gives no version; repair it" % path
    if (int(numbers[0]), int(numbers[1])) < (1, _GO_MINOR_MIN):
        return None, "go is %s; install Go 1.%d or newer" % (version, _GO_MINOR_MIN)
    if _run(repository_ctx, path, ["env", "CGO_ENABLED"], ".").stdout.strip() != "1":
        return None, "cgo is disabled, or finds no C compiler; install one"
    return path, None

def _run(repository_ctx, go, arguments, folder):
    """Runs a command of Go that fetches nothing and leaves nothing outside of the repository."""
    return repository_ctx.execute(
        [go] + arguments,
        environment = {
            "GOCACHE": str(repository_ctx.path("cache")),
            "GOENV": "off",
            "GOFLAGS": "",
            "GOPATH": str(repository_ctx.path("cache")),
            "GOPROXY": "off",
            "GOTOOLCHAIN": "local",
            "GOWORK": "off",
        },
        working_directory = folder,
        timeout = 1200,
    )

def _build(repository_ctx, go, name):
    root = str(repository_ctx.path("."))
    result = _run(repository_ctx, go, [
        "build",
        "-buildmode=c-shared",
        "-trimpath",
        "-ldflags=-extldflags=-Wl,--version-script=%s/tools/exports.lds" % root,
        "-o",
        "%s/lib%s.so" % (root, name),
        ".",
    ], "conformance/peers/" + name)
    if result.return_code != 0:
        fail("The Go peer %s does not build:\n%s" % (name, result.stderr))

def _go_peers_impl(repository_ctx):
    for label in _SHARED:
        _link(repository_ctx, Label(label))
    for name, sources in _PEERS.items():
        for source in sources:
            _link(repository_ctx, Label("//conformance/peers/%s:%s" % (name, source)))

    go, missing = _go(repository_ctx)
    peers = []
    if missing == None:
        peers = _PEERS.keys()
        for name in peers:
            _build(repository_ctx, go, name)
    else:
        # buildifier: disable=print
        print("go_peers: left out %s: %s, %s" % (" and ".join(_PEERS.keys()), missing, _AGAIN))
    repository_ctx.delete("cache")

    files = ["peers.bzl"] + ["lib%s.so" % name for name in peers]
    repository_ctx.file("BUILD.bazel", "exports_files(%r, visibility = [\"//visibility:public\"])\n" % files, False)
    repository_ctx.file("peers.bzl", "GO_PEERS = %r\n" % peers, False)

go_peers = repository_rule(
    implementation = _go_peers_impl,
    doc = "Makes the repository of the Go peers.",
    environ = ["PATH", "CC", "CGO_ENABLED"],
)
