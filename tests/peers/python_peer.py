"""Python's websockets against our programs.

Usage: python_peer.py echo URL | rpc URL | serve. Prints "ok", or raises.
"""
import asyncio
import json
import sys

import websockets


async def echo(url):
    async with websockets.connect(url + "/any/path") as socket:
        for message in ["", "hello", "größer € 😀", "x" * 200_000,
                        b"", bytes(range(256)) * 300]:
            await socket.send(message)
            assert await socket.recv() == message
        await socket.send(["frag", "men", "ts"])
        assert await socket.recv() == "fragments"
        await asyncio.wait_for(await socket.ping(b"there?"), 5)
        await socket.close(4001, "enough")
        assert socket.close_code == 4001


async def rpc(url):
    async with websockets.connect(url + "/rpc") as socket:
        await socket.send('{"jsonrpc":"2.0","id":"a","method":"ask_back"}')
        asked = json.loads(await socket.recv())
        assert asked["method"] == "your_name"
        answer = {"jsonrpc": "2.0", "id": asked["id"], "result": "python"}
        await socket.send(json.dumps(answer))
        answer = json.loads(await socket.recv())
        assert answer["result"] == "hello, python", answer
    try:
        await websockets.connect(url + "/rpc", origin="http://evil.example")
    except websockets.exceptions.InvalidStatusCode as refusal:
        assert refusal.status_code == 403
    else:
        raise AssertionError("a foreign page was let in")


async def serve():
    """A server whose method "add" adds, until its input ends."""
    async def answer(socket, *_):
        async for text in socket:
            call = json.loads(text)
            await socket.ping()
            await socket.send(json.dumps({"jsonrpc": "2.0", "id": call["id"],
                                          "result": sum(call["params"])}))

    async with websockets.serve(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        print(f"ws://127.0.0.1:{port}/", flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if sys.argv[1] == "serve":
    asyncio.run(serve())
else:
    asyncio.run(asyncio.wait_for(globals()[sys.argv[1]](sys.argv[2]), 20))
    print("ok")
