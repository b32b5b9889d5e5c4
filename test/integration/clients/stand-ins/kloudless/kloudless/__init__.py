"""As much of the Kloudless SDK as the suite's driver calls: it proves the driver where no checkout is."""
import json
import os
import urllib.parse
import urllib.request

configuration = {"base_url": ""}


class Page:
    def __init__(self, account, path, params):
        self.account, self.path, self.params = account, path, params
        self.data = account.fetch(path, params)
        self.latest_cursor = None

    def get_paging_iterator(self):
        if os.environ.get("STAND_IN_FAILS"):
            raise RuntimeError("the stand-in was told to fail")
        data = self.data
        while data["objects"]:
            yield from (Event(one) for one in data["objects"])
            data = self.account.fetch(self.path, {**self.params, "cursor": data["cursor"]})
        self.latest_cursor = data["cursor"]


class Event:
    def __init__(self, data):
        self.data = data


class Account:
    def __init__(self, api_key, account_id):
        self.key, self.account = api_key, account_id

    def get(self, path, params=None):
        return Page(self, path, params or {})

    def fetch(self, path, params):
        base = f"{configuration['base_url']}/v1/accounts/{self.account}"
        url = f"{base}/{path}?{urllib.parse.urlencode(params)}"
        request = urllib.request.Request(url, headers={"Authorization": f"APIKey {self.key}"})
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)
