#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Fails on comments that open with a question word, and on words that the wording rules of
# CONTRIBUTING.md exclude. Checks the tracked files in the paths of the arguments, or in CLEAN.

set -euo pipefail
cd "$(dirname "$0")/.."

readonly CLEAN=('*.md' benchmarking e2e examples node pallets primitives prover runtime
	scripts)
readonly OPENINGS='^\s*(//[/!]?|/?\*\*?|#|""") ?(What|Who|Whoever|How|Whether|Where|Why) '
readonly WORDS='tells?|told|telling|beside|anew|so (many|much)|whoever|whomever|nobody|everybody'
readonly PHRASES='ha(s|ve|d) back|c(ame|omes?) to nothing|br(oke|eaks?) off'
# Names of tests have underscores between the words.
readonly DIALECT="(^|[^a-z])($WORDS|$PHRASES)([^a-z]|\$)"

# Prints the tracked files of the paths $2 and more whose extension matches $1. Skips this script.
files() {
	git ls-files -- "${@:2}" | grep -E "\.($1)$" |
		grep -vE '^(CHANGELOG\.md|scripts/check-words\.sh)$' || true
}

# Prints the matches in the files of the standard input, and their number with the label $1. The other
# arguments are those of grep.
check() {
	local lines
	lines=$(xargs -rd '\n' grep -HnE "${@:2}" || true)
	echo "check-words: $1: $(grep -c . <<<"$lines" || true)"
	[ -z "$lines" ] || { echo "$lines"; return 1; }
}

[ $# -gt 0 ] || set -- "${CLEAN[@]}"
failed=0
files 'rs|ts|py|sh' "$@" | check "comments that open with a question word" "$OPENINGS" || failed=1
files 'rs|ts|py|sh|md' "$@" | check "excluded words" -i "$DIALECT" || failed=1
exit "$failed"
