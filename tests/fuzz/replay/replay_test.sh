#!/bin/bash
# replay_test.sh TARGET: the replay finds a crash near a seed, and is the same on every run.
set -euo pipefail

fail() {
  echo "$1" >&2
  exit 1
}

printf 'harmless' >"$TEST_TMPDIR/harmless"
printf 'crasix' >"$TEST_TMPDIR/near"

first=$("$1" "$TEST_TMPDIR/harmless") || fail "the replay of a harmless seed failed"
[[ $first == *"1 seeds and 4000 mutations"*checksum* ]] || fail "unexpected: $first"
[[ $("$1" "$TEST_TMPDIR/harmless") == "$first" ]] || fail "two runs differ"
other=$("$1" "$TEST_TMPDIR/harmless" "$TEST_TMPDIR/harmless")
[[ ${other##* } != "${first##* }" ]] || fail "the checksum does not depend on the inputs"
if "$1" "$TEST_TMPDIR/near" 2>/dev/null; then fail "a crash one mutation away was not found"; fi
if "$1" "$TEST_TMPDIR/absent" 2>/dev/null; then fail "a seed that cannot be read was ignored"; fi
if "$1" 2>/dev/null; then fail "no seeds at all were accepted"; fi
