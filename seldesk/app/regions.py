"""Whether customers' databases, files and copies lie where they were told at sign-up."""

from collections.abc import Iterable
from dataclasses import replace

from seldesk.layers import SettingsError
from seldesk.methods.control.clusters import ClusterRow
from seldesk.offer import Offer, Region
from seldesk.settings import Settings


def centre_of(settings: Settings, store: int) -> str:
    """The city of a store, by its place in the settings; "" where nobody has said so."""
    codes = settings.store_centres
    centres = {one.code: one for region in Offer.load().regions.values() for one in region.data_centres}
    return centres[codes[store]].city if store < len(codes) and codes[store] in centres else ""


def on_offer(settings: Settings) -> Offer:
    """Where it is said where the stores are, only that region's customers are kept here. SettingsError."""
    offer = Offer.load()
    return replace(offer, here=_of_stores(settings, offer).code) if settings.store_centres else offer


def examined(settings: Settings, offer: Offer, clusters: Iterable[ClusterRow]) -> str:
    """SettingsError for whoever would be told one place and be kept at another."""
    if settings.development and not settings.store_centres:
        return "one machine, which is in every region"
    region = _of_stores(settings, offer)
    for one in clusters:
        if not one.data_centre:
            raise SettingsError(
                f"The cluster {one.name} takes customers of every region: "
                f"say where it is, `seldesk cluster change {one.name} --data-centre {region.data_centres[0].code}`."
            )
        if (there := offer.region_with(one.data_centre)) is None or there.code != region.code:
            raise SettingsError(
                f"The cluster {one.name} is in {one.data_centre}, and the stores are in {region.name}: "
                "a region needs an installation of its own."
            )
    cities = " and ".join(one.city for one in region.data_centres)
    return f"databases, files and copies are in {region.name}: {cities}"


def _of_stores(settings: Settings, offer: Offer) -> Region:
    """The one that all of them are in, each in a data centre of its own."""
    codes = settings.store_centres
    if not codes:
        raise SettingsError("Nobody has said in which data centre each of `stores` is: store_centres.")
    if unknown := [code for code in codes if code not in offer.data_centres]:
        raise SettingsError(f"store_centres names {', '.join(unknown)}, which is not in data_centres.toml.")
    regions = {region.code: region for code in codes if (region := offer.region_with(code)) is not None}
    if len(regions) > 1 or len(set(codes)) < len(codes):
        raise SettingsError("The stores must be in two data centres of one region: store_centres.")
    return next(iter(regions.values()))
