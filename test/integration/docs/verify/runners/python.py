import sys


def headers_of(values):
    names = ["content-type", "content-digest", "webhook-id", "webhook-timestamp", "signature-input", "signature"]
    return dict(zip(names, values))


CALLS = {
    "standard": lambda a, b: standard(*a[:4], b[4], int(a[5])),
    "standard-public": lambda a, b: standard_public(*a[:4], b[4], int(a[5])),
    "over-body": lambda a, b: over_body(*a[:4], b[4]),
    "preservica": lambda a, b: preservica(*a[:2], b[2]),
    "stripe": lambda a, b: stripe(*a[:2], b[2], int(a[3])),
    "v0": lambda a, b: v0(*a[:3], b[3], int(a[4])),
    "twitch": lambda a, b: twitch(*a[:4], b[4], int(a[5])),
    "http-signature": lambda a, b: http_signature(*a[:2], headers_of(a[2:8]), b[8], int(a[9])),
    "mcs-proof": lambda a, b: mcs_proof(*a),
    "challenge-response": lambda a, b: challenge_response(*a),
}
for line in sys.stdin.read().splitlines():
    scheme, *fields = line.split("\t")
    raw = [base64.b64decode(field[1:]) for field in fields]
    result = CALLS[scheme]([one.decode() for one in raw], raw)
    print(result if isinstance(result, str) else str(result).lower())
