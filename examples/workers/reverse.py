#!/usr/bin/env python3
"""A worker: reads a line and answers it from its end to its beginning."""
import sys

for line in sys.stdin.buffer:
    text = line.rstrip(b"\n").decode(errors="surrogateescape")
    answer = text[::-1].encode(errors="surrogateescape")
    # An answer that stays in a buffer is none: flush each.
    sys.stdout.buffer.write(answer + b"\n")
    sys.stdout.buffer.flush()
