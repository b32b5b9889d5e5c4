#!/bin/sh
# Called as: on-entry.sh -- TYPE NAME, with the payload on the standard input.
shift
printf '%s by %s\n' "$1" "$2"
