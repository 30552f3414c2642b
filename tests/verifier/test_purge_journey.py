"""The whole leg over real HTTP: our webhook client, the receiver under uvicorn, the confirmation back."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from agegate.clock import utc_now
from agegate.remote.outbound import Outbound
from agegate.remote.webhooks import Delivered, Webhooks
from agegate.verifier.asgi import App
from tests.verifier.agegate_double import Issuer
from tests.verifier.purge_orders import SECRET, Shelf, message, receiver


@contextmanager
def served(app: App) -> Iterator[str]:
    config = uvicorn.Config(app, port=0, log_config=None, ws="none", timeout_graceful_shutdown=2)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        threading.Event().wait(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/purges"
    finally:
        server.should_exit = True
        thread.join()


def test_an_order_goes_out_is_obeyed_and_is_confirmed(issuer: Issuer) -> None:
    shelf = Shelf()
    webhooks = Webhooks(Outbound(allow_loopback=True))
    with served(receiver(issuer, shelf)) as url:
        outcome = asyncio.run(webhooks.deliver(url, SECRET, "leg_1", utc_now(), message(issuer)))
    assert outcome == Delivered()
    assert [order.subject for order in shelf.orders] == ["account-1"]
    assert issuer.confirmations[0].body["counts"] == {"invoices": 3, "notes": 0}
