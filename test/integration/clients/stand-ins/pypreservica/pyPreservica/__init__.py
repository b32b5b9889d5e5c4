"""As much of a client for Preservica as the suite's driver calls: it proves the driver where no checkout is."""
import hashlib
import hmac
import json
import os
import urllib.parse
import urllib.request
from enum import Enum
from http.server import BaseHTTPRequestHandler


class TriggerType(Enum):
    INDEXED = "FULL_TEXT_INDEXED"


class WebHooksAPI:
    def __init__(self, username, password, server, protocol):
        self.base = f"{protocol}://{server}/api"
        self.headers = {}
        form = {"username": username, "password": password, "includeUserDetails": "true"}
        answer = json.loads(self._call("POST", "/accesstoken/login", urllib.parse.urlencode(form).encode()))
        self.tenant = answer["tenant"]
        self.headers = {"Preservica-Access-Token": answer["token"], "Content-Type": "application/json"}

    def subscribe(self, url, triggerType, secret):
        if os.environ.get("STAND_IN_FAILS"):
            raise RuntimeError("the stand-in was told to fail")
        wish = {"url": url, "triggerType": triggerType.value, "secret": secret, "includeIdentifiers": "true"}
        return self._call("POST", "/webhook/subscriptions", json.dumps(wish).encode())

    def subscriptions(self):
        return json.loads(self._call("GET", "/webhook/subscriptions"))

    def unsubscribe(self, subscription_id):
        self._call("DELETE", f"/webhook/subscriptions/{subscription_id}")

    def _call(self, method, path, body=None):
        request = urllib.request.Request(self.base + path, body, self.headers, method=method)
        with urllib.request.urlopen(request) as answer:
            return answer.read().decode()


class WebHookHandler(BaseHTTPRequestHandler):
    def do_POST(self):
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        code = query.get("challengeCode", [None])[0]
        if code is not None:
            proof = {"challengeCode": code, "challengeResponse": self._digest(code)}
            return self._answer(json.dumps(proof).encode())
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        if self.headers["Preservica-Signature"] == self._digest("preservica-webhook-auth" + body.decode()):
            self._answer(b"")
            self.do_WORK(json.loads(body))

    def _answer(self, body):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def _digest(self, text):
        return hmac.new(self.server.secret_key.encode(), text.encode(), hashlib.sha256).hexdigest()
