# SPDX-License-Identifier: Apache-2.0
#
# Functions of the set-up scripts for Debian packages and messages.

fail() {
	echo "setup: $*" >&2
	exit 1
}
has() { command -v "$1" >/dev/null; }

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif has sudo; then
		sudo "$@"
	else
		fail "cannot run '$*': run as root, or install sudo."
	fi
}

# Prints the Debian packages in the arguments that are not installed.
missing_packages() {
	local package
	for package in "$@"; do
		[ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
			echo "$package"
	done
}

# Installs the Debian packages in the arguments that are not installed.
install_packages() {
	local packages
	mapfile -t packages < <(missing_packages "$@")
	[ ${#packages[@]} = 0 ] && return
	as_root apt-get update -q
	as_root env DEBIAN_FRONTEND=noninteractive \
		apt-get install -qy --no-install-recommends "${packages[@]}" ||
		fail "apt-get could not install ${packages[*]}: see its messages above."
}
