# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The peers that are Rust crates: Cargo builds them, since their pins and checksums are Cargo's.

The repository exports lib<name>.so for each peer, and in peers.bzl the list RUST_PEERS of their names. Where Cargo is
missing, too old, or cannot reach its registry, the list is empty and one line says so: a workspace without Rust builds
as before. A peer whose crates are at hand and that does not compile is an error.
"""

# Each peer's sources, below conformance/peers/<name>. Its package is called slotmark_<name>.
_PEERS = {
    "atomic_slot": [
        "Cargo.lock",
        "Cargo.toml",
        "src/lib.rs",
    ],
    "future_form_ffi": [
        "Cargo.lock",
        "Cargo.toml",
        "src/effect.rs",
        "src/future.rs",
        "src/lib.rs",
        "src/slot.rs",
    ],
    "futures": [
        "Cargo.lock",
        "Cargo.toml",
        "src/cell.rs",
        "src/lib.rs",
    ],
    "sharded_slab": [
        "Cargo.lock",
        "Cargo.toml",
        "src/lib.rs",
    ],
    "tokio": [
        "Cargo.lock",
        "Cargo.toml",
        "src/lib.rs",
    ],
    "uniffi_core": [
        "Cargo.lock",
        "Cargo.toml",
        "src/call.rs",
        "src/foreign.rs",
        "src/lib.rs",
        "src/lowered.rs",
    ],
}

# The contract in Rust, and what adapters have in common. They take it in from the folder above.
_SHARED = [
    "border.rs",
    "channel.rs",
    "script.rs",
    "slotmark.rs",
    "value.rs",
    "waker.rs",
]

_CARGO_MINOR_MIN = 90

_AGAIN = "then run `bazel fetch --force @rust_peers` (Bazel 4: `bazel sync --only=rust_peers`)"

def _link(repository_ctx, label, path):
    """Links a source into the repository, which is built anew when the source changes."""
    source = repository_ctx.path(label)
    if hasattr(repository_ctx, "watch"):
        repository_ctx.watch(source)
    repository_ctx.symlink(source, path)

def _cargo(repository_ctx):
    """Returns a Cargo that is new enough as struct(path, host), and otherwise None and why not."""
    path = repository_ctx.which("cargo")
    if path == None:
        return None, "cargo is not on the PATH; install Rust 1.%d or newer" % _CARGO_MINOR_MIN
    lines = repository_ctx.execute([path, "--version", "--verbose"]).stdout.split("\n")
    words = lines[0].split(" ")
    numbers = words[1].split(".") if len(words) > 1 else []
    if len(numbers) < 3 or not (numbers[0].isdigit() and numbers[1].isdigit()):
        return None, "`%s --version` gives no version; repair it" % path
    if (int(numbers[0]), int(numbers[1])) < (1, _CARGO_MINOR_MIN):
        return None, "cargo is %s.%s; install Rust 1.%d or newer" % (numbers[0], numbers[1], _CARGO_MINOR_MIN)
    for line in lines:
        if line.startswith("host: "):
            return struct(path = path, host = line[len("host: "):]), None
    return None, "`%s --version --verbose` names no host; repair it" % path

def _run(repository_ctx, cargo, command, name):
    """Runs a command of Cargo on one peer."""
    manifest = "sources/%s/Cargo.toml" % name
    return repository_ctx.execute(
        [cargo.path] + command + ["--locked", "--quiet", "--target", cargo.host, "--manifest-path", manifest],
        environment = {"CARGO_TARGET_DIR": str(repository_ctx.path("target"))},
        timeout = 1200,
    )

def _fetch(repository_ctx, cargo):
    """Brings the crates of all peers. Returns None, or why it could not."""
    for name in _PEERS:
        result = _run(repository_ctx, cargo, ["fetch"], name)
        if result.return_code != 0:
            line = result.stderr.strip().split("\n")[0]
            return "`cargo fetch` for %s says \"%s\"; make the crate registry reachable" % (name, line)
    return None

def _build(repository_ctx, cargo, name):
    """Builds one peer from crates that are at hand."""
    result = _run(repository_ctx, cargo, ["build", "--release", "--offline"], name)
    if result.return_code != 0:
        fail("The Rust peer %s does not build:\n%s" % (name, result.stderr))
    library = repository_ctx.path("target/%s/release/libslotmark_%s.so" % (cargo.host, name))
    result = repository_ctx.execute(["mv", str(library), "lib%s.so" % name])
    if result.return_code != 0:
        fail("The Rust peer %s built no library: %s" % (name, result.stderr))

def _rust_peers_impl(repository_ctx):
    for source in _SHARED:
        _link(repository_ctx, Label("//conformance/peers:" + source), "sources/" + source)
    for name, sources in _PEERS.items():
        for source in sources:
            _link(repository_ctx, Label("//conformance/peers/%s:%s" % (name, source)), "sources/%s/%s" % (name, source))

    cargo, missing = _cargo(repository_ctx)
    if cargo != None:
        missing = _fetch(repository_ctx, cargo)
    peers = []
    if missing == None:
        peers = _PEERS.keys()
        for name in peers:
            _build(repository_ctx, cargo, name)
        repository_ctx.delete("target")
    else:
        # buildifier: disable=print
        print("rust_peers: left out %s: %s, %s" % (", ".join(_PEERS.keys()), missing, _AGAIN))

    files = ["peers.bzl"] + ["lib%s.so" % name for name in peers]
    repository_ctx.file("BUILD.bazel", "exports_files(%r, visibility = [\"//visibility:public\"])\n" % files, False)
    repository_ctx.file("peers.bzl", "RUST_PEERS = %r\n" % peers, False)

rust_peers = repository_rule(
    implementation = _rust_peers_impl,
    doc = "Makes the repository of the Rust peers.",
    environ = ["PATH", "CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN"],
)
