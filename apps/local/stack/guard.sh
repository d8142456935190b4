#!/bin/sh
# Runs a program and ends it when the supervisor is gone, however it went: kill -9 leaves it no time to say so.
# Descriptor 3 is a pipe whose other end only the supervisor holds. Its end is the sign.
# The watcher comes before the trap, which it must not inherit, and keeps none of the program's output open.
{
  read -r _
  kill -KILL 0
} <&3 >/dev/null 2>&1 &
watcher=$!
"$@" 3<&- &
child=$!
trap 'kill -TERM "$child" 2>/dev/null' TERM
exec 3<&-
# A signal interrupts `wait`, which then says nothing about the program.
while :; do
  wait "$child"
  code=$?
  kill -0 "$child" 2>/dev/null || break
done
kill -KILL "$watcher" 2>/dev/null
exit "$code"
