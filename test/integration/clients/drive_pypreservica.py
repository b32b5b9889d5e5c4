"""Subscribes with the WebHooksAPI of a pyPreservica checkout, receives with its WebHookHandler, and unsubscribes."""
import json
import sys
import threading
from http.server import HTTPServer

checkout, server, username, password, secret = sys.argv[1:]
sys.path.insert(0, checkout)

import pyPreservica  # noqa: E402


def say(**facts):
    print(json.dumps(facts), flush=True)


class Handler(pyPreservica.WebHookHandler):
    def do_WORK(self, document):
        say(work=document)

    def log_message(self, *_):
        pass


receiver = HTTPServer(("127.0.0.1", 0), Handler)
receiver.secret_key = secret
threading.Thread(target=receiver.serve_forever, daemon=True).start()

api = pyPreservica.WebHooksAPI(username=username, password=password, server=server, protocol="http")
url = f"http://127.0.0.1:{receiver.server_port}/hook"
made = api.subscribe(url, pyPreservica.TriggerType.INDEXED, secret)
say(tenant=api.tenant, made=json.loads(made), listed=api.subscriptions())

sys.stdin.readline()
for subscription in api.subscriptions():
    api.unsubscribe(subscription["id"])
say(left=api.subscriptions())
