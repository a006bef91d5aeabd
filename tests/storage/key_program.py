"""A program that has the master key and never gives it away, as an operator might write one for a key server."""

import base64
import json
import sys
from pathlib import Path

from seldesk.storage.envelope import seal, unseal
from seldesk.storage.errors import Damaged

asked = json.load(sys.stdin)
content, place = base64.b64decode(asked["content"]), base64.b64decode(asked["place"])
key, purpose = Path(sys.argv[1]).read_bytes(), asked["purpose"].encode()
try:
    sealing = asked["do"] == "seal"
    answer = seal(key, content, purpose, place) if sealing else unseal(key, content, purpose, place)
except Damaged:
    sys.exit(3)
sys.stdout.write(base64.b64encode(answer).decode())
