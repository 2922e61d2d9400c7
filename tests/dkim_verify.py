"""Whether the message on standard input carries a signature that holds, by dkimpy: exit status 0 where it does.

    dkim_verify.py RECORD     the record that the DNS would give for whatever selector is asked for
"""

import sys

import dkim

record = sys.argv[1].encode()
# RFC 8301 asks for this length; dkimpy takes less by itself.
held = dkim.verify(sys.stdin.buffer.read(), minkey=2048, dnsfunc=lambda name, timeout=5: record)
sys.exit(0 if held else 1)
