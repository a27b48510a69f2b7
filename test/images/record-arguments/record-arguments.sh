#!/bin/sh
# Writes the arguments it was started with into its log, one a line, and a value into each file that follows an argument NAME_path.
for argument; do printf 'argument: %s\n' "$argument"; done
while [ $# -gt 1 ]; do
  case $1:$2 in *_path:/*) mkdir -p "$(dirname "$2")" && printf recorded > "$2" ;; esac
  shift
done
