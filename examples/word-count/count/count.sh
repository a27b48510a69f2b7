#!/bin/sh
set -eu
while [ $# -gt 0 ]; do
  case $1 in
    --text) text=$2 ;;
    --words) words=$2 ;;
    --table) table=$2 ;;
  esac
  shift 2
done
mkdir -p "$(dirname "$words")" "$(dirname "$table")"
printf '%s' "$text" | tr ' ' '\n' | awk 'NF { n[$1]++ } END { for (word in n) print n[word], word }' | sort -rn > "$table"
printf '%s' "$text" | wc -w | tr -d ' \n' > "$words"
