"""Reads the events of an account with a checkout of the Kloudless SDK."""
import json
import sys

checkout, base_url, api_key, account_id = sys.argv[1:]
sys.path.insert(0, checkout)

import kloudless  # noqa: E402

kloudless.configuration["base_url"] = base_url
account = kloudless.Account(api_key=api_key, account_id=account_id)


def read(**params):
    page = account.get("events", params=params)
    events = [event.data for event in page.get_paging_iterator()]
    print(json.dumps({"events": events, "cursor": str(page.latest_cursor)}), flush=True)
    return page.latest_cursor


cursor = read(page_size=3)
sys.stdin.readline()
read(page_size=3, cursor=cursor)
latest = account.get("events/latest").data["cursor"]
print(json.dumps({"latest": str(latest)}), flush=True)
