# SPDX-License-Identifier: Apache-2.0
#
# Corrects the proof sizes of measured weights. The bencher declares for a call the estimate of the one
# storage item whose proof is largest, as if all others came with it. In a large state they do not:
# this adds them up. Where accesses grow with a component the bencher's slope stays, which is far above
# what each further access really adds.
#
#     awk -f sum-proofs.awk <runtime's weights> <weights to correct>
#
# The estimates are taken from the comments of the first file.

# Two layers of the trie above each storage item, as the bencher counts.
BEGIN { ABOVE = 2 * 495 }

/^\tfn / {
	name = $2
	sub(/\(.*/, "", name)
}

FNR == NR {
	if (match($0, /\(r:[0-9]+/)) reads = substr($0, RSTART + 3, RLENGTH - 3)
	if (match($0, /added: [0-9]+/) && reads > 0)
		sum += reads * substr($0, RSTART + 7, RLENGTH - 7) + ABOVE
	if (/Estimated:/) {
		grows = /\+/
		match($0, /`[0-9]+/)
		old[name] = substr($0, RSTART + 1, RLENGTH - 1)
		new[name] = grows ? old[name] : sum
		sum = 0
	}
	next
}

{
	if (name in new) sub("Weight::from_parts\\([0-9_]+, " old[name] "\\)", "&\1")
	if (sub(/\1/, "")) sub(", " old[name] "\\)", ", " new[name] ")")
	if (name in new && !($0 ~ /\+/)) sub("(E|e)stimated: `" old[name] "`", "summed up: `" new[name] "`")
	print
}
