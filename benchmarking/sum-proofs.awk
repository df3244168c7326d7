# SPDX-License-Identifier: Apache-2.0
#
# Corrects the proof sizes of measured weights. The bencher declares the estimate of the storage
# item with the largest proof only (frame-benchmarking-cli 64.0.0, src/pallet/writer.rs, line 326).
# In a large state, the proof has the nodes of all items. This script sums the estimates of all
# items. Items that are read once for each unit of a component increase the slope of that component.
# An item that is written without a read is counted too, because the new root needs the proof of its
# position.
#
#     awk -f sum-proofs.awk <runtime's weights> <weights to correct>
#
# The estimates come from the comments of the first file.

# Two layers of the trie above each storage item, as the bencher counts.
BEGIN { ABOVE = 2 * 495 }

# The first number in $0 after the text that `before` matches, which is `skip` characters long.
function number_after(before, skip) {
	return match($0, before "[0-9]+") ? substr($0, RSTART + skip, RLENGTH - skip) : ""
}

/^\tfn / {
	name = $2
	sub(/\(.*/, "", name)
}

FNR == NR {
	if (/\(r:/) accesses = number_after("\\(r:", 3)
	if (/\(r:0/) accesses = number_after("w:", 2)
	if (/added: / && accesses > 0) {
		of_item[++items] = accesses
		added[items] = number_after("added: ", 7)
	}
	if (/The range of component/) most = number_after(", ", 2)
	if (/Estimated:/) {
		old[name] = number_after("`", 1)
		old_slope[name] = number_after(" \\* \\(", 4)
		for (i = 1; i <= items; i++) {
			new[name] += ABOVE
			if (old_slope[name] != "" && of_item[i] > 1)
				slope[name] += of_item[i] / most * added[i]
			else
				new[name] += of_item[i] * added[i]
		}
		if (name in slope) growth[name] = " + n * (" slope[name] " ±0)"
	}
	if (/^\t}/) items = 0
	next
}

name in new {
	sub("(E|e)stimated: `" old[name] "[^`]*`", "summed up: `" new[name] growth[name] "`")
	if ($0 ~ "Weight::from_parts\\([0-9_]+, " old[name] "\\)")
		sub(", " old[name] "\\)", ", " new[name] ")")
	if (name in slope && $0 ~ "Weight::from_parts\\(0, " old_slope[name] "\\).saturating_mul")
		sub(", " old_slope[name] "\\)", ", " slope[name] ")")
}

{ print }
