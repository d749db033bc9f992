"""``python -m sandbox pictures``: takes the documentation's pictures of a Tagdock at work."""

import argparse
import tempfile
from collections.abc import Mapping
from contextlib import closing
from functools import partial
from pathlib import Path

from sandbox.browser import find_chromium
from sandbox.demo.client import Client
from sandbox.demo.world import ROOT, World
from sandbox.pictures import aftermath
from sandbox.pictures.album import AFTER, BUSY, CONNECTED, FORBIDDEN, INSTALLED, Shot
from sandbox.pictures.camera import Camera, camera
from sandbox.pictures.shop import PicturedShop

FOLDER = ROOT / "docs" / "images"


def main(arguments: list[str]) -> int:
    """Take every picture, or those whose names are given; returns 0, or 1 without a browser."""
    parser = argparse.ArgumentParser(prog="python -m sandbox pictures")
    parser.add_argument("names", nargs="*", help="which; all of them without a name")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the pictures go")
    chosen = parser.parse_args(arguments)
    if find_chromium() is None:
        print("There is no Chromium to take pictures with: install it from your system's packages.")
        return 1
    chosen.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, World(Path(scratch) / "world") as world:
        _take_all(world, chosen.folder, set(chosen.names))
    return 0


def _take_all(world: World, folder: Path, names: set[str]) -> None:
    """Play the shop's day, and take pictures at each of its stages."""
    client = Client(app_url=world.app_url, shopify_url=world.shopify_url, wms_url=world.wms_url)
    with closing(client), camera(world) as looking:
        shop = PicturedShop(world, client)
        stages = (
            (shop.install, INSTALLED),
            (shop.connect, CONNECTED),
            (shop.play, BUSY),
            (partial(aftermath.play, shop), AFTER),
            (partial(aftermath.forbid, shop), FORBIDDEN),
        )
        for stage, album in stages:
            stage()
            wanted = {name: take for name, take in album.items() if not names or name in names}
            _take(looking, shop, wanted, folder)


def _take(looking: Camera, shop: PicturedShop, album: Mapping[str, Shot], folder: Path) -> None:
    for name, shot in album.items():
        looking.ready()
        shot.bring(looking, shop)
        size = looking.take(folder / f"{name}.png")
        print(f"{name}: {size // 1024} KB", flush=True)
