#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Checks that what the documents name exists: links, files, tests, make targets, embedded code and
# errors. Also checks the length of the README.

set -euo pipefail
cd "$(dirname "$0")/.."

readonly MAX_README_WORDS=900
failures=0
mapfile -t documents < <(git ls-files '*.md')

fail() {
	echo "check-docs: $*" >&2
	failures=$((failures + 1))
}

# Prints the texts in backticks of the standard input, one per line.
quoted() { grep -oE '`[^`]+`' | tr -d '`' || true; }

# Returns success if a Rust file in $2 and more has a function whose name starts with $1.
has_test() { grep -qE "fn $1" "${@:2}" 2>/dev/null; }

# Prints the test $2, such as `staking::rule_8_a_price_is_named`, of the pallet in the folder $1.
print_test() {
	sed -sn "/^fn ${2##*::}()/,/^}/p" "$1"/src/tests/{,attacks/}"${2%%::*}.rs" 2>/dev/null || true
}

# Prints the anchors of the headings of the document $1, as GitHub makes them.
anchors() { sed -nE 's/^#+ //p' "$1" | tr 'A-Z ' 'a-z-' | tr -cd 'a-z0-9_\n-'; }

check_links() {
	local document=$1 link target
	while read -r link; do
		target=$document
		[ -z "${link%%#*}" ] || target=$(dirname "$document")/${link%%#*}
		[ -e "$target" ] || fail "$document links to $link"
		[[ $link != *.md#* && $link != \#* ]] || grep -qxF -- "${link##*#}" <(anchors "$target") ||
			fail "$document links to the section $link"
	done < <(grep -oE '\]\([^)]+\)' "$document" | sed 's/^](//; s/)$//' | grep -vE '^https?:' || true)
}

# Checks `path/to/file.rs`, and `file::test` of a pallet.
check_names() {
	local document=$1 name
	while read -r name; do
		case $name in
		*/*.rs | */*.ts | */*.sh) [ -e "$name" ] || fail "$document names the file $name" ;;
		*::*)
			has_test "${name##*::}\\b" pallets/*/src/tests/{,attacks/}"${name%%::*}.rs" ||
				fail "$document names the test $name"
			;;
		esac
	done < <(quoted | grep -E '^[a-z0-9_/.:-]+$')
}

# Checks the columns `code` and `tests` of the tables of rules in $1, for files in $2. Tests of a rule
# start with its number, after $3.
check_rules() {
	local document=$1 source=$2 prefix=$3 rule code tests name
	while IFS='|' read -r _ rule _ code tests _; do
		rule=$(tr -d ' R' <<<"$rule")
		for name in $(quoted <<<"$code" | grep -v '\.rs$' || true); do
			[ -e "$source/$name.rs" ] || fail "$document: no $source/$name.rs"
		done
		for name in $(quoted <<<"$tests" | grep -v '\.' || true); do
			[ -e "$source/tests/$name.rs" ] || fail "$document: no $source/tests/$name.rs"
			[ -z "$prefix" ] || has_test "$prefix${rule}_" "$source/tests/$name.rs" ||
				fail "$document: no test of rule $rule in $name.rs"
		done
	done < <(grep -E '^\| R?[0-9]+ \|([^|]*\|){3}$' "$document")
}

check_make() {
	local document=$1 words
	while read -r words; do
		grep -q "^${words%% *}:" Makefile || fail "$document names make $words"
		[[ $words != *SUITE=* ]] || [ -e "scripts/test-long/${words##*SUITE=}.sh" ] ||
			fail "$document names the suite ${words##*SUITE=}"
	done < <(grep -oE '(`|^ *)make [a-z][a-z-]*( SUITE=[a-z]+)?' "$document" | sed 's/.*make //' | sort -u || true)
}

# Checks that each code block after `<!-- from FILE -->` is a part of FILE.
check_embedded() {
	python3 - "$1" <<-'PYTHON' || fail "$1: embedded code differs from its file"
		import pathlib, re, sys
		text = pathlib.Path(sys.argv[1]).read_text()
		blocks = re.findall(r"<!-- from (\S+) -->\n```rust\n(.*?)```", text, re.S)
		sys.exit(any(code not in pathlib.Path(file).read_text() for file, code in blocks))
	PYTHON
}

# Checks that docs/rules.md has a row for each error of the pallet $2 in the folder $1, with a test
# that expects the error.
check_errors() {
	local folder=$1 pallet=$2 error tests test
	for error in $(sed -n '/pub enum Error<T>/,/^\t}/p' "$folder/src/lib.rs" | sed -nE 's/^\t\t(\w+),$/\1/p'); do
		tests=$(sed -nE "s/^\| \`$pallet\.$error\` \|.*\| \`(.*)\` \|$/\1/p" docs/rules.md)
		[ -n "$tests" ] || fail "docs/rules.md lacks $pallet.$error"
		for test in $tests; do
			grep -qE "Error(::<Test>)?::$error\b" <(print_test "$folder" "$test") ||
				fail "docs/rules.md: $test does not expect $error"
		done
	done
}

for document in "${documents[@]}"; do
	check_links "$document"
	check_embedded "$document"
	# The changelog also names what is gone.
	[ "$document" != CHANGELOG.md ] || continue
	check_make "$document"
	case $document in
	docs/*) check_names "$document" <"$document" ;;
	# Documents of other folders name files from there.
	*/*) ;;
	*) check_names "$document" <"$document" ;;
	esac
done
check_rules docs/rules.md pallets/rollup/src r
check_rules pallets/prover-pool/RULES.md pallets/prover-pool/src ''
check_errors pallets/prover-pool proverPool
check_errors pallets/rollup rollup
check_errors pallets/groth16-verifier groth16Verifier
words=$(wc -w <README.md)
[ "$words" -le "$MAX_README_WORDS" ] || fail "README.md has $words words, more than $MAX_README_WORDS"
exit $((failures > 0))
