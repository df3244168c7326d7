#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Prints the number of doc lines and of words in the README. Fails on comments that open with a question
# word, and on words that the wording rules of CONTRIBUTING.md exclude.
#
#     scripts/check-words.sh [COMMIT]
#
# It reads the tracked files as they are, or those of the commit, whose matches it only counts.

set -euo pipefail
cd "$(dirname "$0")/.."

readonly COMMIT=${1:-}
readonly CODE=('*.rs' '*.ts' '*.py' '*.sh' ':!scripts/check-words.sh')
readonly DOC_LINES='^[[:space:]]*(//[/!]|/\*\*) '
readonly OPENINGS='^[[:space:]]*(//[/!]?|/?\*\*?|#|""") ?(What|Who|Whoever|How|Whether|Where|Why) '
readonly WORDS='tells?|told|telling|beside|anew|so (many|much)|whoever|whomever|nobody|everybody'
readonly PHRASES='ha(s|ve|d) back|c(ame|omes?) to nothing|br(oke|eaks?) off'
# Names of tests have underscores between the words.
readonly DIALECT="(^|[^a-z])($WORDS|$PHRASES)([^a-z]|\$)"

# Prints the lines that match, and their number with the label $1. Fails if there are any.
# The other arguments are those of `git grep`.
check() {
	local lines
	lines=$(git grep -n "${@:2}" || true)
	echo "check-words: $1: $(grep -c . <<<"$lines" || true)"
	[ -z "$lines" ] || { [ -n "$COMMIT" ] || echo "$lines"; return 1; }
}

[ -z "$COMMIT" ] || git rev-parse --verify --quiet "$COMMIT^{commit}" >/dev/null ||
	{ echo "check-words: no commit $COMMIT" >&2; exit 2; }
failed=0
revision=(${COMMIT:+"$COMMIT"})
echo "check-words: doc lines: $(git grep -hE "$DOC_LINES" "${revision[@]}" -- '*.rs' '*.ts' | wc -l)"
check "comments that open with a question word" -E "$OPENINGS" "${revision[@]}" -- "${CODE[@]}" || failed=1
check "lines with excluded words" -iE "$DIALECT" "${revision[@]}" -- "${CODE[@]}" '*.md' ':!CHANGELOG.md' ||
	failed=1
echo "check-words: words in the README: $(git grep -h '' "${revision[@]}" -- README.md | wc -w)"
exit "$failed"
