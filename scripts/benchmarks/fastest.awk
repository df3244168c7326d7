# SPDX-License-Identifier: Apache-2.0
#
# Of weights that were measured in several rounds, takes for each benchmark those of the round in which
# it was fastest: what a host does beside only adds to a time. Rounds are compared with every component
# at half of its largest, where the time is that of all samples and not of how they seem to grow.
#
#     awk -f fastest.awk <weights of the first round> <weights of the second>...

function number(text) {
	gsub("_", "", text)
	return text + 0
}

FNR == 1 {
	round++
	part = 1
}

# A part is what ends with a function, and so the same in each round but for what was measured.
{ text[round, part] = text[round, part] $0 "\n" }

/The range of component/ {
	split($0, words, "`")
	sub(".*, ", "", words[4])
	most[words[2]] = number(words[4])
}

/^\tfn .*\{$/ {
	name = $2
	sub("[(].*", "", name)
	if (round > 1 && names[part] != name) {
		print "another benchmark: " name > "/dev/stderr"
		exit failed = 1
	}
	names[part] = name
	if ((round, name) in time) name = ""
}

name && match($0, "from_parts[(][0-9_]+") {
	measured = number(substr($0, RSTART + 11, RLENGTH - 11))
	if (match($0, "saturating_mul[(][a-z]+"))
		measured *= most[substr($0, RSTART + 15, RLENGTH - 15)] / 2
	time[round, name] += measured
}

/^\t}$/ {
	part++
	name = ""
	split("", most)
}

END {
	if (failed) exit 1
	for (i = 1; i <= part; i++) {
		fastest = 1
		for (j = 2; i < part && j <= round; j++)
			if (time[j, names[i]] < time[fastest, names[i]]) fastest = j
		printf "%s", text[fastest, i]
	}
}
